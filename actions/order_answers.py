"""Answers from the customer's own orders: find the order that is meant, say what holds."""

from collections.abc import Sequence
from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, followed_by, incoming, slot
from actions.order_questions import QUESTIONS, Question
from actions.orders import order_buttons, orders_named, own_orders
from actions.people import OFFER, PERSON_BUTTON
from actions.repeats import said_lately, still
from actions.services import services
from conversation.shop import Order

_LATELY = 6  # messages of the bot, about three turns
_BY_ACTION = {question.action: question for question in QUESTIONS}


class OrderAnswer:
    """Answers one question about the order named, the only one that fits, or asks which."""

    question: ClassVar[Question]

    def name(self) -> str:
        """The name that Rasa knows."""
        return self.question.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Answer about the order that is meant."""
        message = incoming(tracker)
        if other := self.question.instead(message):
            return [followed_by(other)]
        return await answered(self.question, dispatcher, tracker, message)


def question_before(tracker: Tracker, within: int) -> Question | None:
    """The question about an order that was answered last, at most `within` turns ago."""
    turns = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            turns += 1
        elif turns > within:
            return None
        elif turns and event.get("event") == "action" and event.get("name") in _BY_ACTION:
            return _BY_ACTION[event["name"]]
    return None


async def answered(
    question: Question,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Incoming,
    *,
    other_than: str | None = None,
) -> list[Event]:
    """Answer `question`. Args: other_than: the number of an order that was not meant."""
    if message.customer_id is None:
        dispatcher.utter_message(
            text="I can only see orders of customers who are signed in. Sign in on this page, "
            "or a colleague can look it up with you.",
            buttons=[PERSON_BUTTON],
        )
        return []
    everything = await own_orders(message)
    orders = [order for order in everything if order.number != other_than]
    if message.order_number is not None:
        return await _named(question, dispatcher, tracker, message, orders)
    today = services().clock().date()
    fitting = [order for order in orders if question.fits(order, today)]
    likeliest = [order for order in fitting if question.likeliest(order, today)]
    chosen = _chosen(question, message, orders, fitting, likeliest)
    if chosen is not None:
        return await _about(question, dispatcher, tracker, message, chosen)
    if not fitting:
        text = still(question.none_fits, await said_lately(tracker, message))
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
        return []
    dispatcher.utter_message(
        text=f"You have {len(fitting)} such orders: which one do you mean?",
        buttons=order_buttons(fitting),
    )
    return []


def _chosen(
    question: Question,
    message: Incoming,
    orders: Sequence[Order],
    fitting: Sequence[Order],
    likeliest: Sequence[Order],
) -> Order | None:
    named = orders_named(message, fitting), orders_named(message, orders)
    for choice in (*named, fitting, likeliest):
        if len(choice) == 1 or (choice and question.newest):
            return choice[0]
    return None


async def _named(
    question: Question,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Incoming,
    orders: Sequence[Order],
) -> list[Event]:
    for order in orders:
        if order.number == message.order_number:
            return await _about(question, dispatcher, tracker, message, order)
    unknown = f"There is no order {message.order_number} in your account."
    dispatcher.utter_message(
        text=f"{unknown} Which of yours is it?" if orders else unknown,
        buttons=order_buttons(orders) or [PERSON_BUTTON],
    )
    return [slot("order_number", None)]


async def _about(
    question: Question,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Incoming,
    order: Order,
) -> list[Event]:
    """Answer; what was said before is not said again, a person is offered instead."""
    answer = question.answer(order, services().clock().date(), message)
    events = [slot("order_number", order.number)]
    said = await said_lately(tracker, message)
    if any(answer.text[1:] in text for text in said):
        offered = any(OFFER in text for text in said[-_LATELY:])
        dispatcher.utter_message(
            text=_nothing_newer(order, said), buttons=[PERSON_BUTTON] if offered else []
        )
        return [*events, slot("offer_person", not offered and not tracker.active_loop_name)]
    sorry = answer.sorry and not any("Sorry" in text for text in said)
    text = f"Sorry, {answer.text[0].lower()}{answer.text[1:]}" if sorry else answer.text
    buttons = [*answer.buttons, *([PERSON_BUTTON] if answer.person else [])]
    dispatcher.utter_message(text=text, buttons=buttons)
    return [*events, *(slot(name, value) for name, value in answer.slots.items())]


def _nothing_newer(order: Order, said: Sequence[str]) -> str:
    text = f"I know nothing newer about order {order.number}."
    if text in said:
        return f"About order {order.number} there is still nothing newer; a colleague can ask."
    return text


def _made(question: Question) -> type[Action]:
    fields = {"question": question, "__doc__": OrderAnswer.__doc__, "__module__": __name__}
    return type(f"OrderAnswer{question.action}", (OrderAnswer, Action), fields)


ANSWER_ACTIONS: tuple[type[Action], ...] = tuple(map(_made, QUESTIONS))
