"""Deliveries to the desk, written in the transaction that caused them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.ports import Delivery, Entry
from handoff.wakes import OUTBOX_TOPIC
from store.tables import OutboxRow


class OutboxRows:
    """Satisfies `handoff.ports.Outbox`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def put(
        self, case_id: str, kind: Delivery, at: datetime, *, seq: int | None = None
    ) -> None:
        """Add a delivery; `seq` is the message to relay."""
        self._session.add(
            OutboxRow(
                id=str(uuid4()), case_id=case_id, kind=kind.value, seq=seq, put_at=at, due_at=at
            )
        )
        await self._session.flush()
        self._woken.add(OUTBOX_TOPIC)

    async def due(self, now: datetime) -> Sequence[Entry]:
        """The first undone entry of each case, where it may be tried now."""
        query = _heads().where(OutboxRow.due_at <= now).order_by(OutboxRow.position)
        return [_entry(row) for row in await self._session.scalars(query)]

    async def next_at(self) -> datetime | None:
        """When the next entry becomes due, None where nothing waits."""
        heads = _heads().subquery()
        next_at: datetime | None = await self._session.scalar(select(func.min(heads.c.due_at)))
        return next_at

    async def begin(self, entry_id: str) -> None:
        """Count a try, before it is made."""
        await self._set(entry_id, attempts=OutboxRow.attempts + 1)

    async def done(self, entry_id: str, at: datetime) -> None:
        """The desk has it."""
        await self._set(entry_id, done_at=at, error=None)

    async def postpone(self, entry_id: str, until: datetime, error: str) -> None:
        """Try again at `until`."""
        await self._set(entry_id, due_at=until, error=error)

    async def park(self, entry_id: str, error: str) -> None:
        """Stop trying until an operator says otherwise."""
        await self._set(entry_id, parked=True, error=error)

    async def undone(self, case_id: str) -> Sequence[Entry]:
        """What a case's desk has not got yet, in order, parked entries included."""
        query = select(OutboxRow).where(OutboxRow.case_id == case_id, OutboxRow.done_at.is_(None))
        return [
            _entry(row) for row in await self._session.scalars(query.order_by(OutboxRow.position))
        ]

    async def parked(self) -> int:
        """How many deliveries are parked."""
        query = select(func.count()).where(OutboxRow.parked, OutboxRow.done_at.is_(None))
        return await self._session.scalar(query) or 0

    async def _set(self, entry_id: str, **values: object) -> None:
        await self._session.execute(
            update(OutboxRow).where(OutboxRow.id == entry_id).values(**values)
        )


def _entry(row: OutboxRow) -> Entry:
    return Entry(row.id, row.case_id, Delivery(row.kind), row.seq, row.attempts)


def _heads() -> Select[OutboxRow]:
    """First undone entry of each case. A case whose opening is parked waits; other parked
    entries are passed over."""
    earlier = aliased(OutboxRow)
    blocked = (
        select(earlier.position)
        .where(
            earlier.case_id == OutboxRow.case_id,
            earlier.position < OutboxRow.position,
            earlier.done_at.is_(None),
            (~earlier.parked) | (earlier.kind == Delivery.OPEN_CASE.value),
        )
        .exists()
    )
    return select(OutboxRow).where(OutboxRow.done_at.is_(None), ~OutboxRow.parked, ~blocked)
