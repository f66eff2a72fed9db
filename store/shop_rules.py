"""What the demo shop lets be done with an order, and the plain sentence where it does not."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from conversation.amounts import day, money
from conversation.shop import ARRIVED, BEFORE_CARRIER, WITHOUT_INVOICE, Order, OrderState, Refused

WINDOW = timedelta(days=30)  # for returns and for refunds without a return
_DELIVERY_CENTS, _FREE_FROM_CENTS = 490, 6000


def objection(task: str, order: Order, today: date, limit_cents: int) -> str | None:
    """Why `task`, named as in a receipt, would be refused for this order; None where nothing is
    against it. Args: limit_cents: the largest refund that needs no person."""
    checks: dict[str, Callable[[], None]] = {
        "cancel": lambda: must_be_cancellable(order),
        "change_address": lambda: must_be_redirectable(order),
        "start_return": lambda: must_be_returnable(order, today),
        "refund": lambda: must_be_refundable(order, today, limit_cents),
        "reorder": lambda: must_be_paid(order),
        "resend_invoice": lambda: must_have_invoice(order),
        "send_return_label": lambda: must_be_returning(order),
    }
    try:
        checks[task]()
    except Refused as refusal:
        return str(refusal)
    return None


def must_be_cancellable(order: Order) -> None:
    """Raises: Refused once the carrier has the order."""
    _must_be_unsent(order, f"Order {order.number} can no longer be cancelled")


def must_be_redirectable(order: Order) -> None:
    """Raises: Refused once the carrier has the order."""
    _must_be_unsent(order, f"The address of order {order.number} can no longer change")


def _must_be_unsent(order: Order, what: str) -> None:
    if order.state not in BEFORE_CARRIER:
        raise Refused(f"{what}: {_stands(order)}.")


def must_be_returnable(order: Order, today: date) -> None:
    """Raises: Refused unless the order has arrived within the last 30 days."""
    if order.state not in ARRIVED:
        raise Refused(f"Order {order.number} cannot be returned now: {_stands(order)}.")
    if today > return_ends(order):
        raise Refused(
            f"Order {order.number} came more than {WINDOW.days} days ago, which is too late for a "
            "return."
        )


def must_be_refundable(order: Order, today: date, limit_cents: int) -> None:
    """Raises: Refused unless it came within the last 30 days or is late, and the amount is small.

    Args: limit_cents: the largest amount that needs no person.
    """
    late = order.state is OrderState.SHIPPED and order.days_late(today) > 0
    if order.state not in ARRIVED and not late:
        raise Refused(_NO_REFUND[order.state](order))
    must_have_cost(order)
    if not order.whole:
        raise Refused(
            f"{money(order.refund_cents, order.currency)} for order {order.number} come back to "
            "you already. The rest is decided by a colleague."
        )
    if not late and _long_ago(order, today):
        raise Refused(
            f"Order {order.number} came more than {WINDOW.days} days ago. Such a refund is "
            "decided by a colleague."
        )
    if order.total_cents > limit_cents:
        raise Refused(
            f"Order {order.number} was {money(order.total_cents, order.currency)}. Refunds above "
            f"{money(limit_cents, order.currency)} are decided by a colleague."
        )


def must_have_cost(order: Order) -> None:
    """Raises: Refused where it was sent for nothing, in the place of another."""
    if not order.total_cents:
        raise Refused(
            f"Order {order.number} cost nothing: it was sent in the place of order "
            f"{order.replaces}, which is the one to look at."
        )


def must_have_left(order: Order, cents: int) -> None:
    """Raises: Refused unless so much of what was paid has not been paid back yet."""
    if order.state in WITHOUT_INVOICE or not order.left_cents:
        must_have_cost(order)
        raise Refused(f"Nothing of order {order.number} is left to pay back: {_stands(order)}.")
    if cents > order.left_cents:
        raise Refused(
            f"Of order {order.number} {money(order.left_cents, order.currency)} are left to pay "
            f"back, so {money(cents, order.currency)} is too much."
        )


def must_be_worth_sending_again(order: Order, sent_again: str | None) -> None:
    """Raises: Refused unless it left the warehouse, is not paid back, and went out just once."""
    if sent_again:
        raise Refused(f"Order {order.number} was sent again already, as order {sent_again}.")
    if order.state not in (*ARRIVED, OrderState.SHIPPED):
        raise Refused(f"Order {order.number} cannot be sent again: {_stands(order)}.")
    if order.total_cents and not order.left_cents:
        raise Refused(f"Order {order.number} was paid back, so it is not sent again as well.")


def must_be_had(order: Order, missing: Sequence[str]) -> None:
    """Raises: Refused where an item is not to be had, so that the order cannot be sent again."""
    if missing:
        raise Refused(
            f"{missing[0]} is sold out, so order {order.number} cannot be sent again. Pay it back "
            "instead."
        )


def must_have_arrived(order: Order) -> None:
    """Raises: Refused unless the days for its return run."""
    if order.state not in ARRIVED:
        raise Refused(
            f"The days for a return of order {order.number} cannot be extended: {_stands(order)}."
        )


def return_ends(order: Order) -> date:
    """The last day on which an order that has arrived may be returned."""
    return order.return_until or (order.delivered_on or order.placed_on) + WINDOW


def must_have_invoice(order: Order) -> None:
    """Raises: Refused where nothing was paid, so that there is no invoice."""
    if order.state in WITHOUT_INVOICE:
        raise Refused(f"There is no invoice for order {order.number}: {_stands(order)}.")
    must_have_cost(order)


def must_be_returning(order: Order) -> None:
    """Raises: Refused unless a return is open."""
    if order.state in ARRIVED:
        raise Refused(
            f"No return is open for order {order.number} yet. Start the return first, then the "
            "label can be sent."
        )
    if order.state is not OrderState.RETURNING:
        raise Refused(f"Order {order.number} has no return that needs a label: {_stands(order)}.")


def must_be_paid(order: Order) -> None:
    """Raises: Refused where the payment failed, which the same order again would repeat."""
    must_have_cost(order)
    if order.state is OrderState.PAYMENT_FAILED:
        raise Refused(
            f"The payment of order {order.number} failed, so it cannot be placed again in the same "
            "way. Order it in the shop, or ask for a person."
        )


def must_be_in_stock(order: Order, missing: Sequence[str]) -> None:
    """Raises: Refused where an item of the order is not to be had."""
    if missing:
        raise Refused(
            f"{missing[0]} is sold out, so order {order.number} cannot be placed again as it was. "
            "Choose something else in the shop, or ask for a person."
        )


def must_cost_no_more(order: Order, cents: int) -> None:
    """Raises: Refused where the customer would pay more than the first time."""
    if cents > order.total_cents:
        raise Refused(
            f"Prices have changed: the same as order {order.number} is now "
            f"{money(cents, order.currency)}. Order it in the shop if that suits you."
        )


def with_delivery(goods_cents: int) -> int:
    """What goods cost with standard delivery."""
    return goods_cents + (_DELIVERY_CENTS if goods_cents < _FREE_FROM_CENTS else 0)


def _long_ago(order: Order, today: date) -> bool:
    return today - (order.delivered_on or order.placed_on) > WINDOW


def _stands(order: Order) -> str:
    return _STANDS[order.state]


_STANDS = {
    OrderState.PAYMENT_FAILED: "its payment failed",
    OrderState.PROCESSING: "it has not left our warehouse",
    OrderState.SHIPPED: "it is with the carrier",
    OrderState.DELIVERED: "it was delivered",
    OrderState.DELIVERED_DAMAGED: "it was delivered and noted as damaged",
    OrderState.RETURNING: "its return is open",
    OrderState.REFUND_PENDING: "its refund is on the way",
    OrderState.REFUNDED: "it was refunded",
    OrderState.CANCELLED: "it is cancelled",
}

_NO_REFUND = {
    OrderState.PAYMENT_FAILED: lambda o: (
        f"Nothing was paid for order {o.number}, because its payment failed. So there is nothing "
        "to pay back."
    ),
    OrderState.PROCESSING: lambda o: (
        f"Order {o.number} has not left our warehouse. Cancel it instead, and what you paid comes "
        "back."
    ),
    OrderState.SHIPPED: lambda o: (
        f"Order {o.number} is on its way and not late. Come back if it is late or arrives damaged."
    ),
    OrderState.RETURNING: lambda o: (
        f"The return of order {o.number} is open. Send it back, and the money follows once it has "
        "arrived with us."
    ),
    OrderState.REFUND_PENDING: lambda o: (
        f"The refund of {money(o.refund_cents, o.currency)} for order {o.number} is on its way "
        f"already{f' and due by {day(o.refund_due_on)}' if o.refund_due_on else ''}."
    ),
    OrderState.REFUNDED: lambda o: (
        f"{money(o.refund_cents, o.currency)} for order {o.number} were refunded already. Ask for "
        "a person if they did not arrive."
    ),
    OrderState.CANCELLED: lambda o: (
        f"Order {o.number} is cancelled. Ask for a person if your payment has not come back."
    ),
}
