"""The letters that the demo shop sends by e-mail: their texts, and what was sent as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.amounts import day, money
from conversation.customer import Customer, shortened
from conversation.shop import DataRequest, Order, Refused
from store.tables import LetterRow


class LetterKind(StrEnum):
    """What a letter is about."""

    INVOICE = "invoice"
    RETURN_LABEL = "return_label"
    CONFIRMATION = "confirmation"
    DATA_REQUEST = "data_request"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter. Paragraphs of `body` are parted by empty lines."""

    kind: LetterKind
    subject: str
    body: str
    order_number: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was sent, to whom and when."""

    letter: Letter
    to: str
    at: datetime


def invoice(order: Order) -> Letter:
    """What was ordered and paid."""
    return Letter(
        LetterKind.INVOICE,
        f"Invoice for order {order.number}",
        f"Ordered on {day(order.placed_on)} {order.placed_on.year}, sent to {order.address}.\n\n"
        f"{', '.join(order.items)}\n\n"
        f"Total with delivery: {money(order.total_cents, order.currency)}",
        order.number,
    )


def return_label(order: Order) -> Letter:
    """The label that goes on the parcel."""
    return Letter(
        LetterKind.RETURN_LABEL,
        f"Return label for order {order.number}",
        f"Return R-{order.number}: {', '.join(order.items)}\n\n"
        "Put the label on the parcel and take it to any Nordpost counter within 14 days.",
        order.number,
    )


def confirmation(order: Order) -> Letter:
    """What was ordered, for how much, and when it comes."""
    due = f"\n\nIt should arrive by {day(order.due_on)}." if order.due_on else ""
    return Letter(
        LetterKind.CONFIRMATION,
        f"Your order {order.number}",
        f"{', '.join(order.items)}\n\nTotal with delivery: "
        f"{money(order.total_cents, order.currency)}, to {order.address}.{due}",
        order.number,
    )


def sent_again(order: Order) -> Letter:
    """What is sent again, in the place of what, and when it comes."""
    due = f"\n\nIt should arrive by {day(order.due_on)}." if order.due_on else ""
    return Letter(
        LetterKind.CONFIRMATION,
        f"Your order {order.replaces} is sent again",
        f"{', '.join(order.items)}\n\nAt no cost, as order {order.number}, to {order.address}."
        f"{due}",
        order.number,
    )


def data_request(kind: DataRequest, due_on: date) -> Letter:
    """That a wish about the customer's data has come in."""
    return Letter(
        LetterKind.DATA_REQUEST,
        f"Your request: {DATA_WISHES[kind]}",
        f"Your request has come in. It will be answered by {day(due_on)} {due_on.year}.",
    )


DATA_WISHES = {
    DataRequest.COPY: "a copy of your data",
    DataRequest.DELETION: "the deletion of your data",
}


class LetterRows:
    """Sends letters, which for the demo shop means to keep them, and reads what was sent."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def send(self, customer: Customer, letter: Letter, at: datetime) -> str:
        """Send it to the customer's address. Returns: the address, shortened for a reply.

        Raises: Refused where the account has no address.
        """
        if not customer.email:
            raise Refused(
                "Your account has no e-mail address to send it to. Add one in your account, or "
                "ask for a person."
            )
        self._session.add(
            LetterRow(
                id=str(uuid4()),
                customer_id=customer.id,
                kind=letter.kind.value,
                order_number=letter.order_number,
                sent_to=customer.email,
                subject=letter.subject,
                body=letter.body,
                at=at,
            )
        )
        await self._session.flush()
        return shortened(customer.email)

    async def of(self, customer_id: str) -> Sequence[Sent]:
        """The letters to this customer, newest first."""
        query = (
            select(LetterRow)
            .where(LetterRow.customer_id == customer_id)
            .order_by(LetterRow.at.desc(), LetterRow.id)
        )
        return [_sent(row) for row in await self._session.scalars(query)]


def _sent(row: LetterRow) -> Sent:
    letter = Letter(LetterKind(row.kind), row.subject, row.body, row.order_number)
    return Sent(letter, row.sent_to, row.at)
