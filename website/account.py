"""What the demo shop holds on a demo customer, in words: what a task in the chat has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conversation.amounts import day, money
from conversation.customer import Customer
from conversation.shop import Order, OrderState
from store.data_requests import DataWish
from store.letters import DATA_WISHES, Sent
from store.store import SqlWork


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order. `note` is what comes next or what has happened, empty where nothing does."""

    number: str
    title: str
    amount: str
    state: str
    note: str
    address: str
    open: bool


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that was sent: when and to whom, and its paragraphs."""

    subject: str
    sent: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish about data, and by when it is answered."""

    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's account as the page shows it."""

    orders: Sequence[OrderLine]
    letters: Sequence[LetterLine]
    wishes: Sequence[WishLine]
    email: str
    newsletter: bool


async def read_account(work: SqlWork, customer: Customer, today: date) -> Account:
    """All that the shop holds on the customer, newest first."""
    return Account(
        orders=[_order(order, today) for order in await work.shop.orders_of(customer.id)],
        letters=[_letter(sent) for sent in await work.letters.of(customer.id)],
        wishes=[_wish(wish) for wish in await work.data_requests.of(customer.id)],
        email=customer.email,
        newsletter=await work.shop.newsletter(customer.id),
    )


def _order(order: Order, today: date) -> OrderLine:
    return OrderLine(
        number=order.number,
        title=", ".join(order.items),
        amount=money(order.total_cents, order.currency),
        state=_STATES[order.state],
        note=_note(order, today),
        address=order.address,
        open=order.open,
    )


def _note(order: Order, today: date) -> str:
    if order.refund_cents and order.refund_due_on:
        back = money(order.refund_cents, order.currency)
        return f"{back} back by {day(order.refund_due_on)}"
    late = order.days_late(today)
    if late:
        return f"{late} {'day' if late == 1 else 'days'} late"
    if order.state in (OrderState.PROCESSING, OrderState.SHIPPED) and order.due_on:
        return f"Due {day(order.due_on)}"
    if order.state is OrderState.DELIVERED and order.delivered_on:
        return f"On {day(order.delivered_on)}"
    return ""


def _letter(sent: Sent) -> LetterLine:
    return LetterLine(
        sent.letter.subject,
        f"{_moment(sent.at)}, to {sent.to}",
        tuple(sent.letter.body.split("\n\n")),
    )


def _wish(wish: DataWish) -> WishLine:
    words = DATA_WISHES[wish.kind]
    until = "answered" if wish.answered_at else f"answer due {day(wish.due_on)}"
    return WishLine(words[0].upper() + words[1:], f"Asked on {day(wish.asked_at)}, {until}")


def _moment(at: datetime) -> str:
    return f"{day(at)}, {at:%H:%M} UTC"


_STATES = {
    OrderState.PAYMENT_FAILED: "Payment failed",
    OrderState.PROCESSING: "Being packed",
    OrderState.SHIPPED: "On its way",
    OrderState.DELIVERED: "Delivered",
    OrderState.DELIVERED_DAMAGED: "Arrived damaged",
    OrderState.RETURNING: "Return open",
    OrderState.REFUND_PENDING: "Refund on its way",
    OrderState.REFUNDED: "Refunded",
    OrderState.CANCELLED: "Cancelled",
}
