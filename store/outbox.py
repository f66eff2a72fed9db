"""Deliveries to the desk, written in the transaction that caused them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import takewhile
from uuid import uuid4

from sqlalchemy import Select, and_, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.delivery.boxes import Delivery, Entry, Notice, Stuck
from handoff.wakes import OUTBOX_TOPIC
from store.tables import OutboxRow

_MOST_REASONS = 5
_PARKED = (OutboxRow.parked, OutboxRow.done_at.is_(None))


class OutboxRows:
    """Satisfies `handoff.delivery.boxes.Outbox`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def put(
        self,
        case_id: str,
        kind: Delivery,
        at: datetime,
        *,
        seq: int | None = None,
        notice: Notice | None = None,
    ) -> None:
        """Add a delivery; `seq` is the message to relay, `notice` what to tell the agents."""
        self._session.add(
            OutboxRow(
                id=str(uuid4()),
                case_id=case_id,
                kind=kind.value,
                seq=seq,
                notice=asdict(notice) if notice else None,
                put_at=at,
                due_at=at,
            )
        )
        await self._session.flush()
        self._woken.add(OUTBOX_TOPIC)

    async def relayed(self, case_id: str) -> frozenset[int]:
        """The messages of which a delivery to the case's desk was put."""
        query = select(OutboxRow.seq).where(
            OutboxRow.case_id == case_id, OutboxRow.kind == Delivery.RELAY.value
        )
        return frozenset(seq for seq in await self._session.scalars(query) if seq is not None)

    async def due(self, now: datetime) -> Sequence[Entry]:
        """The first undone entry of each case and the first act, where they may be tried now."""
        query = _heads().where(OutboxRow.due_at <= now).order_by(OutboxRow.position)
        first: dict[tuple[str, bool], Entry] = {}
        for entry in map(_entry, await self._session.scalars(query)):
            first.setdefault(entry.lane, entry)
        return list(first.values())

    async def next_at(self) -> datetime | None:
        """When the next entry becomes due, None where nothing waits."""
        heads = _heads().subquery()
        next_at: datetime | None = await self._session.scalar(select(func.min(heads.c.due_at)))
        return next_at

    async def begin(self, entry: Entry, until: datetime) -> bool:
        """Count a try and claim the entry until then; False where somebody else was first."""
        # While it is tried it is not parked: later entries of its case keep their place behind it.
        tries = entry.attempts + 1
        return await self._set(entry, entry.attempts, attempts=tries, due_at=until, parked=False)

    async def after(self, entry: Entry, most: int) -> Sequence[Entry]:
        """Undone entries of its kind that directly follow it in its case, at most so many."""
        position = select(OutboxRow.position).where(OutboxRow.id == entry.id).scalar_subquery()
        query = select(OutboxRow).where(
            OutboxRow.case_id == entry.case_id,
            OutboxRow.position > position,
            OutboxRow.done_at.is_(None),
            or_(OutboxRow.kind != Delivery.ACT.value, OutboxRow.kind == entry.kind.value),
        )
        rows = await self._session.scalars(query.order_by(OutboxRow.position).limit(most))
        alike = takewhile(lambda row: row.kind == entry.kind.value and not row.parked, rows)
        return [_entry(row) for row in alike]

    async def renew(self, entry: Entry, until: datetime) -> None:
        """Keep the claim until then."""
        await self._set(entry, entry.attempts + 1, due_at=until)

    async def done(self, entry: Entry, at: datetime) -> None:
        """The desk has it. The words of a notice are kept no longer here."""
        await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == entry.id)
            .values(done_at=at, parked=False, error=None, notice=null())
        )

    async def postpone(self, entry: Entry, until: datetime, error: str) -> None:
        """Try again at `until`; the case's later entries wait."""
        await self._set(entry, entry.attempts + 1, due_at=until, error=error)

    async def park(
        self, entry: Entry, at: datetime, until: datetime, error: str, *, holds: bool
    ) -> None:
        """Put it aside and try again at `until`, or with what was parked of its case before."""
        before = (OutboxRow.case_id == entry.case_id, OutboxRow.due_at > at, *_PARKED)
        next_at = await self._session.scalar(select(func.min(OutboxRow.due_at)).where(*before))
        due_at = next_at or until
        aside = {"parked": True, "holds": holds, "due_at": due_at, "error": error}
        await self._set(entry, entry.attempts + 1, **aside)

    async def retry_parked(self, now: datetime) -> None:
        """Let all parked entries be tried again now."""
        await self._session.execute(update(OutboxRow).where(*_PARKED).values(due_at=now))
        self._woken.add(OUTBOX_TOPIC)

    async def undone(self, case_id: str) -> Sequence[Entry]:
        """What a case's desk has not got yet, in order, parked entries included."""
        query = select(OutboxRow).where(OutboxRow.case_id == case_id, OutboxRow.done_at.is_(None))
        return [
            _entry(row) for row in await self._session.scalars(query.order_by(OutboxRow.position))
        ]

    async def stuck(self, since: datetime) -> Stuck | None:
        """What is parked, or has failed and was put before `since`; None where all goes well."""
        failed = (OutboxRow.error.is_not(None), OutboxRow.put_at < since)
        conditions = (OutboxRow.done_at.is_(None), or_(OutboxRow.parked, and_(*failed)))
        count = await self._session.scalar(select(func.count()).where(*conditions))
        newest = select(OutboxRow.error).where(*conditions).order_by(OutboxRow.position.desc())
        error = await self._session.scalar(newest.limit(1))
        return Stuck(count, error or "") if count else None

    async def parked(self) -> int:
        """How many deliveries are parked."""
        query = select(func.count()).where(*_PARKED)
        return await self._session.scalar(query) or 0

    async def parked_because(self) -> Sequence[str]:
        """Why deliveries are parked: each reason once, the most frequent first."""
        query = (
            select(OutboxRow.error)
            .where(*_PARKED, OutboxRow.error.is_not(None))
            .group_by(OutboxRow.error)
            .order_by(func.count().desc(), OutboxRow.error)
            .limit(_MOST_REASONS)
        )
        return [error for error in await self._session.scalars(query) if error]

    async def _set(self, entry: Entry, seen: int, **values: object) -> bool:
        """Change the entry where nobody has begun another try of it. True where it was changed."""
        changed = await self._session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == entry.id,
                OutboxRow.attempts == seen,
                OutboxRow.done_at.is_(None),
            )
            .values(**values)
            .returning(OutboxRow.id)
        )
        return changed.first() is not None


def _entry(row: OutboxRow) -> Entry:
    notice = Notice(**row.notice) if row.notice else None
    return Entry(row.id, row.case_id, Delivery(row.kind), row.seq, row.attempts, notice)


def _heads() -> Select[OutboxRow]:
    """Undone entries that no earlier one of their case holds back."""
    earlier = aliased(OutboxRow)
    blocked = (
        select(earlier.position)
        .where(
            earlier.case_id == OutboxRow.case_id,
            earlier.position < OutboxRow.position,
            earlier.done_at.is_(None),
            (~earlier.parked) | earlier.holds,
            (earlier.kind != Delivery.ACT.value) | (OutboxRow.kind == Delivery.ACT.value),
        )
        .exists()
    )
    return select(OutboxRow).where(OutboxRow.done_at.is_(None), ~blocked)
