"""Order facts in plain words: at most two short sentences, nothing but what the shop records."""

from collections.abc import Callable
from datetime import date

from conversation.amounts import day, money
from conversation.shop import Order, OrderState


def days(count: int) -> str:
    """A number of days in words."""
    return "1 day" if count == 1 else f"{count} days"


def named(order: Order) -> str:
    """The order as it is called in a sentence."""
    return f"Order {order.number} ({order.title})"


def small(order: Order) -> str:
    """The order as it is called in the middle of a sentence."""
    words = named(order)
    return words[0].lower() + words[1:]


def standing(order: Order, today: date) -> str:
    """Where the order stands, as of `today`, the shop's local date."""
    late = order.days_late(today)
    if late and order.due_on:
        return (
            f"{named(order)} is {days(late)} late: it was due on {day(order.due_on)}.{_with(order)}"
        )
    return _STANDING[order.state](order)


def _with(order: Order) -> str:
    if order.state is OrderState.PROCESSING:
        return " It has not left our warehouse."
    if not order.carrier:
        return ""
    came = f"came in vain on {day(order.missed_on)} and " if order.missed_on else ""
    return f" {order.carrier} {came}has it, tracking number {order.tracking}."


def _due(order: Order) -> str:
    return f" and is due on {day(order.due_on)}" if order.due_on else ""


def _refund(order: Order) -> str:
    due = f" It should reach you by {day(order.refund_due_on)}." if order.refund_due_on else ""
    return (
        f"The refund of {money(order.refund_cents, order.currency)} for order {order.number} "
        f"({order.title}) is on its way.{due}"
    )


_STANDING: dict[OrderState, Callable[[Order], str]] = {
    OrderState.PAYMENT_FAILED: lambda o: (
        f"{named(o)} is on hold because the payment of {money(o.total_cents, o.currency)} failed."
    ),
    OrderState.PROCESSING: lambda o: f"{named(o)} is being packed{_due(o)}.",
    OrderState.SHIPPED: lambda o: f"{named(o)} is on its way{_due(o)}.{_with(o)}",
    OrderState.DELIVERED: lambda o: (
        f"{named(o)} was delivered{f' on {day(o.delivered_on)}' if o.delivered_on else ''}."
    ),
    OrderState.DELIVERED_DAMAGED: lambda o: f"{named(o)} was delivered and is noted as damaged.",
    OrderState.RETURNING: lambda o: f"The return of order {o.number} ({o.title}) is open.",
    OrderState.REFUND_PENDING: _refund,
    OrderState.REFUNDED: lambda o: (
        f"{money(o.refund_cents, o.currency)} for order {o.number} were refunded."
    ),
    OrderState.CANCELLED: lambda o: f"{named(o)} is cancelled.",
}
