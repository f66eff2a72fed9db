"""Customers' wishes about their own data, until a person has answered, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.shop import DataRequest
from store.tables import DataRequestRow


@dataclass(frozen=True, slots=True)
class DataWish:
    """A wish for a copy or the deletion. `answered_at` is None while it is open."""

    kind: DataRequest
    asked_at: datetime
    due_on: date
    answered_at: datetime | None = None


class DataRequestRows:
    """Notes and reads the wishes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, customer_id: str, kind: DataRequest) -> DataWish | None:
        """The wish of this kind that still waits for its answer, or None."""
        wishes = await self.of(customer_id)
        return next((w for w in wishes if w.kind is kind and w.answered_at is None), None)

    async def add(self, customer_id: str, wish: DataWish) -> None:
        """Note a wish."""
        self._session.add(
            DataRequestRow(
                id=str(uuid4()),
                customer_id=customer_id,
                kind=wish.kind.value,
                asked_at=wish.asked_at,
                due_on=wish.due_on,
                answered_at=wish.answered_at,
            )
        )
        await self._session.flush()

    async def of(self, customer_id: str) -> Sequence[DataWish]:
        """The customer's wishes, newest first."""
        query = (
            select(DataRequestRow)
            .where(DataRequestRow.customer_id == customer_id)
            .order_by(DataRequestRow.asked_at.desc(), DataRequestRow.id)
        )
        return [
            DataWish(DataRequest(row.kind), row.asked_at, row.due_on, row.answered_at)
            for row in await self._session.scalars(query)
        ]
