"""Answers from the customer's own orders: find the order that is meant, say what holds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import title_of
from actions.hand_backs import beside
from actions.message import Clause, Event, Incoming, followed_by, incoming, slot
from actions.order_questions import QUESTIONS, Answer, Question, intent_of
from actions.orders import AT_ONCE, named_apart, order_buttons, orders_named, own_orders
from actions.people import OFFER, PERSON_BUTTON, ask_to_sign_in, orders_unseen, refuse
from actions.repeats import once_more, said_lately, still
from actions.services import services
from conversation.shop import Order, ShopUnavailable

_WHICH = "which one do you mean?"
_ALL = re.compile(r"\W*(i mean\s)?(both|all|each|every one|the two|the three)\b", re.IGNORECASE)
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


def all_meant(tracker: Tracker, message: Incoming) -> Event | None:
    """For "both" after "which one do you mean": what takes the question up for all of them."""
    said = [event.get("text") or "" for event in tracker.events if event.get("event") == "bot"]
    question = question_before(tracker, within=1)
    asked = bool(said) and said[-1].endswith(_WHICH)
    if question is None or not asked or not _ALL.match(message.text) or tracker.active_loop_name:
        return None
    clause = Clause(intent_of(question), message.text)
    return slot("second_request", {**clause.to_slot(), "stage": "only"})


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
        await ask_to_sign_in(dispatcher, tracker)
        return []
    try:
        everything = await own_orders(message)
    except ShopUnavailable:
        await orders_unseen(dispatcher, tracker)
        return []
    orders = [order for order in everything if order.number != other_than]
    today = services().clock().date()
    about = [order for order in orders if order.number == message.order_number]
    if message.order_number is not None and not about:
        return _unknown(dispatcher, tracker, message.order_number, orders)
    fitting = [order for order in orders if question.fits(order, today)]
    about = about or list(_chosen(question, message, orders, fitting))
    if not about and not fitting:
        text = still(question.none_fits, await said_lately(tracker, message))
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
        return []
    answers = [(order, question.answer(order, today, message)) for order in about or fitting]
    in_form = bool(tracker.active_loop_name)
    tells = not any("?" in answer.text for _, answer in answers)
    if tells and (about or (in_form and len(fitting) <= AT_ONCE)):
        told = [answers[0], *((order, replace(more, sorry=False)) for order, more in answers[1:])]
        return [e for one in told for e in await _about(dispatcher, tracker, message, *one)]
    if in_form:
        return _later(dispatcher, Clause(intent_of(question), message.text, _only(about)))
    if len(about) == 1:
        return await _about(dispatcher, tracker, message, *answers[0])
    text = f"You have {len(fitting)} such orders: {_WHICH}"
    text = once_more(text, await said_lately(tracker, message))
    dispatcher.utter_message(text=text, buttons=order_buttons(fitting))
    return []


def _chosen(
    question: Question, message: Incoming, orders: Sequence[Order], fitting: Sequence[Order]
) -> Sequence[Order]:
    """The order that is meant, or the few that are; none where it has to be asked."""
    today = services().clock().date()
    likeliest = [order for order in fitting if question.likeliest(order, today)]
    if several := named_apart(message, orders):
        return several
    if len(fitting) <= AT_ONCE and (_ALL.match(message.text) or message.intent == "other_one"):
        return fitting
    named = orders_named(message, fitting), orders_named(message, orders)
    for choice in (*named, fitting, likeliest):
        if len(choice) == 1 or (choice and question.newest):
            return choice[:1]
    return ()


def _only(orders: Sequence[Order]) -> str | None:
    return orders[0].number if len(orders) == 1 else None


def _unknown(
    dispatcher: CollectingDispatcher, tracker: Tracker, number: str, orders: Sequence[Order]
) -> list[Event]:
    text = f"There is no order {number} in your account."
    if tracker.active_loop_name:
        dispatcher.utter_message(text=text)
        return []
    dispatcher.utter_message(
        text=f"{text} Which of yours is it?" if orders else text,
        buttons=order_buttons(orders) or [PERSON_BUTTON],
    )
    return [slot("order_number", None)]


def _later(dispatcher: CollectingDispatcher, clause: Clause) -> list[Event]:
    """In a form, whose own question comes next, nothing else is asked: that is for afterwards."""
    text = f"I come to this right afterwards: {title_of(clause).lower()}."
    dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
    return [slot("second_request", {**clause.to_slot(), "stage": "waiting"})]


async def _about(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Incoming,
    order: Order,
    answer: Answer,
) -> list[Event]:
    """Answer; what was said before is not said again, a person is offered instead."""
    in_form = bool(tracker.active_loop_name)
    events = [] if in_form else [slot("order_number", order.number)]  # the form has its own
    said = await said_lately(tracker, message)
    if any(answer.text[1:] in text for text in said):
        offered = any(OFFER in text for text in said[-_LATELY:])
        dispatcher.utter_message(
            text=_nothing_newer(order, said), buttons=[PERSON_BUTTON] if offered else []
        )
        return [*events, slot("offer_person", not offered and not in_form)]
    against = await services().shop.objection(answer.yes_does, order) if answer.yes_does else None
    if against:
        await refuse(dispatcher, tracker, answer.otherwise or against)
        return events
    sorry = answer.sorry and not any("Sorry" in text for text in said)
    text = f"Sorry, {answer.text[0].lower()}{answer.text[1:]}" if sorry else answer.text
    buttons = [*answer.buttons, *([PERSON_BUTTON] if answer.person else [])]
    dispatcher.utter_message(text=await beside(text, message), buttons=buttons)
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
