"""Contacts outside the chat, as other systems have reported them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.contacts import Channel, Contact
from store.tables import TouchpointRow


class OtherCustomer(Exception):
    """The id is known as a contact with another customer."""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """A report. `id` is the reporting system's own: the same id is the same contact."""

    id: str
    customer_id: str
    contact: Contact


class TouchpointRows:
    """Keeps and reads them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, touchpoint: Touchpoint, at: datetime) -> bool:
        """Keep it; what is known under its id is replaced. Returns: whether it is new.

        Raises: OtherCustomer.
        """
        query = select(TouchpointRow).where(TouchpointRow.id == touchpoint.id).with_for_update()
        known = (await self._session.scalars(query)).first()
        if known is not None and known.customer_id != touchpoint.customer_id:
            raise OtherCustomer(touchpoint.id)
        contact = touchpoint.contact
        await self._session.merge(
            TouchpointRow(
                id=touchpoint.id,
                customer_id=touchpoint.customer_id,
                kind=contact.channel.value,
                at=contact.at,
                topic=contact.topics[0],
                summary=contact.summary,
                outcome="solved" if contact.solved else "open",
                promised_by=contact.promised_by,
                received_at=at,
            )
        )
        await self._session.flush()
        return known is None

    async def of(
        self, customer_id: str, since: datetime, until: datetime | None = None
    ) -> Sequence[Contact]:
        """The customer's contacts from `since` on, the latest first."""
        query = select(TouchpointRow).where(
            TouchpointRow.customer_id == customer_id, TouchpointRow.at >= since
        )
        if until is not None:
            query = query.where(TouchpointRow.at <= until)
        query = query.order_by(TouchpointRow.at.desc(), TouchpointRow.id)
        return [_contact(row) for row in await self._session.scalars(query)]

    async def forget(self, customer_id: str) -> int:
        """Delete all of the customer. Returns: how many there were."""
        gone = await self._session.execute(
            delete(TouchpointRow)
            .where(TouchpointRow.customer_id == customer_id)
            .returning(TouchpointRow.id)
        )
        return len(gone.all())


def _contact(row: TouchpointRow) -> Contact:
    return Contact(
        channel=Channel(row.kind),
        at=row.at,
        until=row.at,
        topics=(row.topic,),
        solved=row.outcome == "solved",
        summary=row.summary,
        promised_by=row.promised_by,
    )
