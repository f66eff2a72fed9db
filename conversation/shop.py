"""The shop as a conversation needs it: orders, their states, and the tasks that change them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class OrderState(StrEnum):
    """Where an order stands, as the shop records it."""

    PAYMENT_FAILED = "payment_failed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DELIVERED_DAMAGED = "delivered_damaged"
    RETURNING = "returning"
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


BEFORE_CARRIER = (OrderState.PROCESSING, OrderState.PAYMENT_FAILED)
ARRIVED = (OrderState.DELIVERED, OrderState.DELIVERED_DAMAGED)
WITHOUT_INVOICE = (OrderState.PAYMENT_FAILED, OrderState.CANCELLED)


class DataRequest(StrEnum):
    """What a customer may ask for about their own data."""

    COPY = "copy"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Order:
    """An order. Money is in cents of `currency`; dates are the shop's local dates.

    `total_cents` is what the customer paid, delivery included. `missed_on`: the carrier came in
    vain on that day, last. `return_until`: the last day for a return, where it is another than for
    every order. `replaces`: the order that this one, at no cost, was sent in the place of.
    """

    number: str
    customer_id: str
    items: tuple[str, ...]
    total_cents: int
    currency: str
    state: OrderState
    placed_on: date
    address: str
    due_on: date | None = None
    delivered_on: date | None = None
    carrier: str | None = None
    tracking: str | None = None
    refund_cents: int = 0
    refund_due_on: date | None = None
    missed_on: date | None = None
    return_until: date | None = None
    replaces: str | None = None

    @property
    def left_cents(self) -> int:
        """What was paid and not paid back yet, where it was paid at all."""
        return max(0, self.total_cents - self.refund_cents)

    @property
    def whole(self) -> bool:
        """True while it has a price of which nothing was paid back."""
        return self.left_cents == self.total_cents > 0

    @property
    def title(self) -> str:
        """The order in a few words: its first item and how many more."""
        more = len(self.items) - 1
        return self.items[0] if not more else f"{self.items[0]} and {more} more"

    def days_late(self, today: date) -> int:
        """Days past the promised day while the parcel is still on its way; 0 when in time."""
        waiting = self.state in (OrderState.PROCESSING, OrderState.SHIPPED)
        if not waiting or self.due_on is None:
            return 0
        return max(0, (today - self.due_on).days)

    @property
    def open(self) -> bool:
        """True while the customer still waits for something of this order."""
        return self.state not in (
            OrderState.DELIVERED,
            OrderState.REFUNDED,
            OrderState.CANCELLED,
        )


class Refused(Exception):
    """The shop cannot do this task; the text is a plain sentence for the customer."""


class ShopUnavailable(Exception):
    """The shop gave no usable answer; the text is for the log. A person has to look.

    Whether a task was done is then unknown. The same key again is safe.
    """


@dataclass(frozen=True, slots=True)
class Receipt:
    """A task that was done. `fact` is a plain sentence about what now holds.

    `order_number` is the order it was about, the new one after `reorder`, None for a task that is
    about the account.
    """

    task: str
    order_number: str | None
    fact: str


class Shop(Protocol):
    """The shop's data and tasks. Every task happens once per customer, task and `key` (the
    customer's message id), also where the same call comes twice at once: the same key again
    returns the first receipt and changes nothing.

    Raises: Refused where the order is unknown, not this customer's, or in the wrong state;
    ShopUnavailable where the shop cannot be asked.
    """

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of the customer, newest first; none for a customer who is unknown."""
        ...

    async def objection(self, task: str, order: Order) -> str | None:
        """Why the shop would refuse the task, named as in a receipt, for this order today: the
        sentence of the refusal. None where nothing is known to speak against it."""
        ...

    async def cancel(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Cancel an order that has not been handed to the carrier."""
        ...

    async def change_address(
        self, customer_id: str, number: str, address: str, *, key: str
    ) -> Receipt:
        """Send an order that has not been handed to the carrier to another address."""
        ...

    async def start_return(
        self, customer_id: str, number: str, reason: str, *, key: str
    ) -> Receipt:
        """Open a return for a delivered order."""
        ...

    async def refund(self, customer_id: str, number: str, reason: str, *, key: str) -> Receipt:
        """Pay back all that was paid for an order that came lately or is late, without a return.

        Never twice, never more than was paid. What the shop lets no machine decide (a large
        amount, a delivery long ago, an order of which a part was paid back) is Refused with who
        decides it. `reason`: the customer's words.
        """
        ...

    async def resend_invoice(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the invoice of a paid order to the e-mail address of the account."""
        ...

    async def send_return_label(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the label of a return that is open to the e-mail address of the account."""
        ...

    async def reorder(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Order the same items again, to the same address, paid in the same way.

        Refused where an item is not to be had, or where it would cost more than the first time.
        """
        ...

    async def set_newsletter(self, customer_id: str, subscribed: bool, *, key: str) -> Receipt:
        """Begin or stop to send the newsletter; as it is already is no error."""
        ...

    async def request_data(self, customer_id: str, kind: DataRequest, *, key: str) -> Receipt:
        """Take up the wish for a copy or the deletion of the customer's data, with a day by which
        it is answered. While one of the kind is open, another is not opened."""
        ...

    async def pay_back(
        self, customer_id: str, number: str, cents: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Pay back so much of what was paid, without a return, as a person decided.

        Together with what was paid back before it is never more than was paid. Here and below
        `by` is the person's name, `reason` is theirs, and a refusal is a sentence for them.
        """
        ...

    async def send_again(
        self, customer_id: str, number: str, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Send the items of an order that left the warehouse once more, at no cost, as a person
        decided: once for every order, as a new order that `replaces` it."""
        ...

    async def extend_return(
        self, customer_id: str, number: str, days: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Let an order that arrived be returned for so many days more, from the last day on or
        from today where that is past, as a person decided."""
        ...
