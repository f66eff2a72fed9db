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


@dataclass(frozen=True, slots=True)
class Order:
    """An order. Money is in cents of `currency`; dates are the shop's local dates."""

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


@dataclass(frozen=True, slots=True)
class Receipt:
    """A task that was done. `fact` is a plain sentence about what now holds."""

    task: str
    order_number: str
    fact: str


class Shop(Protocol):
    """The shop's data and tasks. Every task happens once per `key` (the customer's message id):
    the same key again returns the first receipt.

    Raises: Refused where the order is unknown, not this customer's, or in the wrong state.
    """

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of the customer, newest first."""
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
