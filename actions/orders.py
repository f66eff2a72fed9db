"""Answers from the customer's own orders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, incoming, slot
from actions.people import OFFER, PERSON_BUTTON
from actions.services import services
from actions.wording import small, standing
from conversation.shop import ARRIVED, Order, OrderState

_MAX_BUTTONS = 4
_LATELY = 6  # messages of the bot, about three turns
_WORD = re.compile(r"[^\W\d_]{4,}")


async def own_orders(message: Incoming) -> tuple[Order, ...]:
    """The customer's orders, newest first; none for an anonymous visitor."""
    if message.customer_id is None:
        return ()
    return await services().shop.orders_of(message.customer_id)


def orders_named(text: str, orders: Sequence[Order]) -> list[Order]:
    """The orders one of whose items the text names, as in "the head torch one"."""
    said = {_singular(word) for word in _WORD.findall(text.lower())}
    return [
        order
        for order in orders
        if said & {_singular(w) for item in order.items for w in _WORD.findall(item.lower())}
    ]


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") else word


def order_buttons(orders: Sequence[Order]) -> list[dict[str, str]]:
    """One button an order; pressing it says the order's number."""
    return [
        {"title": f"{o.number} · {o.title}", "payload": f"Order {o.number}"}
        for o in orders[:_MAX_BUTTONS]
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about an order. `person`: a person is one tap away; `sorry` is said once."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    person: bool = False
    sorry: bool = False


class _OrderAnswer:
    """Finds the order that is meant, and answers about it."""

    none_fits = "I see no order in your account that this fits."

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Answer about the order named, the only one that fits, or ask which."""
        message = incoming(tracker)
        if message.customer_id is None:
            dispatcher.utter_message(
                text="I can only see orders of customers who are signed in. Sign in on this page, "
                "or a colleague can look it up with you.",
                buttons=[PERSON_BUTTON],
            )
            return []
        orders = await own_orders(message)
        if message.order_number is not None:
            return await self._named(dispatcher, tracker, message, orders)
        named_in_words = orders_named(message.text, orders)
        if len(named_in_words) == 1:
            return await self._about(dispatcher, tracker, message, named_in_words[0])
        fitting = [order for order in orders if self.fits(order)]
        if not fitting:
            dispatcher.utter_message(text=self.none_fits, buttons=[PERSON_BUTTON])
            return []
        if len(fitting) > 1:
            dispatcher.utter_message(
                text=f"You have {len(fitting)} such orders: which one do you mean?",
                buttons=order_buttons(fitting),
            )
            return []
        return await self._about(dispatcher, tracker, message, fitting[0])

    def fits(self, order: Order) -> bool:
        """True where the question may be about this order."""
        return order.open

    def answer(self, order: Order) -> Answer:
        """What to say about this order."""
        today = services().clock().date()
        return Answer(standing(order, today), person=order.days_late(today) > 0)

    async def _about(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        order: Order,
    ) -> list[Event]:
        """Answer; what was said before is not said again, a person is offered instead."""
        answer = self.answer(order)
        chosen = [slot("order_number", order.number)]
        said = await _said_lately(tracker, message)
        if any(answer.text in text for text in said):
            offered = any(OFFER in text for text in said[-_LATELY:])
            dispatcher.utter_message(
                text=f"I know nothing newer about order {order.number}.",
                buttons=[PERSON_BUTTON] if offered else [],
            )
            return [*chosen, slot("offer_person", not offered)]
        sorry = "Sorry. " if answer.sorry and not any("Sorry" in text for text in said) else ""
        buttons = [*answer.buttons, *([PERSON_BUTTON] if answer.person else [])]
        dispatcher.utter_message(text=sorry + answer.text, buttons=buttons)
        return chosen

    async def _named(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        orders: Sequence[Order],
    ) -> list[Event]:
        for order in orders:
            if order.number == message.order_number:
                return await self._about(dispatcher, tracker, message, order)
        dispatcher.utter_message(
            text=f"There is no order {message.order_number} in your account. Which of yours is it?"
            if orders
            else f"There is no order {message.order_number} in your account.",
            buttons=order_buttons(orders) or [PERSON_BUTTON],
        )
        return [slot("order_number", None)]


class ActionOrderStatus(_OrderAnswer, Action):
    """Says where an order stands."""

    none_fits = "No order of yours is open at the moment. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_order_status"


class ActionLateParcel(_OrderAnswer, Action):
    """Says what is known about a parcel that has not come."""

    none_fits = "No parcel of yours is on its way or late. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_late_parcel"

    def fits(self, order: Order) -> bool:
        """True for orders that have not arrived."""
        return order.state in (OrderState.SHIPPED, OrderState.PROCESSING)

    def answer(self, order: Order) -> Answer:
        """A delay is named as what it is, with who can act on it."""
        today = services().clock().date()
        late = order.days_late(today) > 0
        return Answer(standing(order, today), person=late, sorry=late)


class ActionRefundStatus(_OrderAnswer, Action):
    """Says where a refund is."""

    none_fits = "No refund is recorded for your orders. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_refund_status"

    def fits(self, order: Order) -> bool:
        """True for orders with a refund or a return."""
        return order.state in (
            OrderState.REFUND_PENDING,
            OrderState.RETURNING,
            OrderState.REFUNDED,
        )


class ActionPaymentHelp(_OrderAnswer, Action):
    """Says which payment failed and what holds."""

    none_fits = "No payment of yours has failed. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_payment_help"

    def fits(self, order: Order) -> bool:
        """True for orders with a failed payment."""
        return order.state is OrderState.PAYMENT_FAILED

    def answer(self, order: Order) -> Answer:
        """The order's standing, with a person who can take the payment up."""
        return Answer(standing(order, services().clock().date()), person=True)


class ActionDamagedItem(_OrderAnswer, Action):
    """Offers to take back an order that arrived damaged."""

    none_fits = "No order of yours was delivered lately. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_damaged_item"

    def fits(self, order: Order) -> bool:
        """True for orders that have arrived."""
        return order.state in ARRIVED

    def answer(self, order: Order) -> Answer:
        """What can follow; nothing changes before the customer agrees."""
        if not self.fits(order):
            return Answer(standing(order, services().clock().date()), person=True)
        return Answer(
            f"Shall I open a return for {small(order)}, because it arrived damaged?",
            buttons=({"title": "Return it", "payload": "Yes"},),
            person=True,
            sorry=True,
        )


async def _said_lately(tracker: Tracker, message: Incoming) -> list[str]:
    """What the bot has said since the customer last began anew, oldest first."""
    async with services().store.read() as work:
        conversation = await work.conversations.get(message.conversation_id)
    since = conversation.began_anew_at.timestamp()
    said = (event for event in tracker.events if event.get("event") == "bot")
    return [e.get("text") or "" for e in said if (e.get("timestamp") or 0.0) >= since]
