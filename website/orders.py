"""A customer's orders in one line: what is worth trying out with them."""

from collections.abc import Sequence
from datetime import date

from conversation.shop import Order, OrderState


def in_a_line(orders: Sequence[Order], today: date) -> str:
    """The most telling facts about the orders, at most two, newest order first."""
    told = [words for order in orders if (words := _telling(order, today))]
    if told:
        return ", ".join((told[0], *(words[0].lower() + words[1:] for words in told[1:2])))
    if not orders:
        return "No orders yet"
    count = len(orders)
    return f"{count} {'order' if count == 1 else 'orders'}, nothing open"


def _telling(order: Order, today: date) -> str | None:
    late = order.days_late(today)
    if late:
        return f"An order {late} {'day' if late == 1 else 'days'} late"
    return _WORDS.get(order.state)


_WORDS = {
    OrderState.PAYMENT_FAILED: "A payment that failed",
    OrderState.PROCESSING: "An order not sent yet",
    OrderState.SHIPPED: "A parcel on its way",
    OrderState.DELIVERED_DAMAGED: "An item that arrived damaged",
    OrderState.RETURNING: "A return under way",
    OrderState.REFUND_PENDING: "A refund to come",
}
