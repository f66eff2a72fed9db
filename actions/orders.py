"""Answers from the customer's own orders."""

from collections.abc import Callable, Sequence

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, incoming, slot
from actions.people import PERSON_BUTTON
from actions.services import services
from actions.wording import named, standing
from conversation.shop import Order, OrderState, Refused

Fits = Callable[[Order], bool]

_MAX_BUTTONS = 4


async def own_orders(message: Incoming) -> tuple[Order, ...]:
    """The customer's orders, newest first; none for an anonymous visitor."""
    if message.customer_id is None:
        return ()
    return await services().shop.orders_of(message.customer_id)


def order_buttons(orders: Sequence[Order]) -> list[dict[str, str]]:
    """One button an order; pressing it says the order's number."""
    return [
        {"title": f"{o.number} · {o.title}", "payload": f"Order {o.number}"}
        for o in orders[:_MAX_BUTTONS]
    ]


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
        await self.answer(dispatcher, tracker, message, fitting[0])
        return [slot("order_number", fitting[0].number)]

    def fits(self, order: Order) -> bool:
        """True where the question may be about this order."""
        return order.open

    async def answer(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        order: Order,
    ) -> None:
        """Answer about this order."""
        today = services().clock().date()
        buttons = [PERSON_BUTTON] if order.days_late(today) else []
        dispatcher.utter_message(text=standing(order, today), buttons=buttons)

    async def _named(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        orders: Sequence[Order],
    ) -> list[Event]:
        for order in orders:
            if order.number == message.order_number:
                await self.answer(dispatcher, tracker, message, order)
                return [slot("order_number", order.number)]
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

    async def answer(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        order: Order,
    ) -> None:
        """A delay is named as what it is, with who can act on it."""
        today = services().clock().date()
        late = order.days_late(today)
        told = standing(order, today)
        text = f"Sorry. {told}" if late and not _said_sorry(tracker) else told
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON] if late else [])


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

    async def answer(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        order: Order,
    ) -> None:
        """The order's standing, with a person who can take the payment up."""
        dispatcher.utter_message(
            text=standing(order, services().clock().date()), buttons=[PERSON_BUTTON]
        )


class ActionDamagedItem(_OrderAnswer, Action):
    """Notes that an order arrived damaged."""

    none_fits = "No order of yours was delivered lately. Which order number do you mean?"

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_damaged_item"

    def fits(self, order: Order) -> bool:
        """True for orders that have arrived."""
        return order.state in (OrderState.DELIVERED, OrderState.DELIVERED_DAMAGED)

    async def answer(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        order: Order,
    ) -> None:
        """Note the damage once, then say what can follow."""
        try:
            receipt = await services().shop.report_damage(
                order.customer_id, order.number, key=message.message_id
            )
        except Refused as refusal:
            dispatcher.utter_message(text=str(refusal), buttons=[PERSON_BUTTON])
            return
        dispatcher.utter_message(
            text=f"Sorry that {named(order)[0].lower()}{named(order)[1:]} arrived damaged. "
            f"{receipt.fact} Do you want to return it?",
            buttons=[
                {"title": "Return it", "payload": f"I want to return order {order.number}"},
                PERSON_BUTTON,
            ],
        )


def _said_sorry(tracker: Tracker) -> bool:
    """Sorry is said once; said again it would be a phrase."""
    said = (event for event in tracker.events if event.get("event") == "bot")
    return any((event.get("text") or "").startswith("Sorry") for event in said)
