"""What came in from a desk, stored before it is acknowledged, in order within a thread."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.delivery.boxes import Incoming
from handoff.wakes import inbox_topic
from store.tables import InboxRow

_EMPTY = b""


class InboxRows:
    """Satisfies `handoff.delivery.boxes.Inbox`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def put(
        self,
        source: str,
        key: str,
        headers: dict[str, str],
        body: bytes,
        at: datetime,
        *,
        thread: str,
        rank: int | None = None,
        due_at: datetime | None = None,
    ) -> bool:
        """Store what came in. False where `key` was stored before: a redelivery."""
        known = select(InboxRow.position).where(InboxRow.source == source, InboxRow.key == key)
        if await self._session.scalar(known) is not None:
            return False
        kept: dict[str, Any] = dict(headers)
        self._session.add(
            InboxRow(
                id=str(uuid4()),
                source=source,
                key=key,
                thread=thread,
                headers=kept,
                body=body,
                at=at,
                rank=int(at.timestamp() * 1_000_000) if rank is None else rank,
                due_at=due_at or at,
            )
        )
        await self._session.flush()
        self._woken.add(inbox_topic(source))
        return True

    async def next(self, source: str, now: datetime) -> Incoming | None:
        """The oldest request that is first in its thread and may be tried now, or None."""
        query = _heads(source).where(InboxRow.due_at <= now).order_by(InboxRow.position).limit(1)
        row = (await self._session.scalars(query)).first()
        return _incoming(row) if row else None

    async def holds(self, source: str, thread: str, rank: int) -> bool:
        """True where something of this thread and this rank came in, worked off or not."""
        query = select(InboxRow.position).where(
            InboxRow.source == source, InboxRow.thread == thread, InboxRow.rank == rank
        )
        return (await self._session.scalars(query.limit(1))).first() is not None

    async def under_way(self, source: str, rank: int | None) -> bool:
        """True where something of this rank waits, or is being worked off."""
        query = select(InboxRow.position).where(
            InboxRow.source == source, InboxRow.done_at.is_(None), InboxRow.rank == rank
        )
        return (await self._session.scalars(query.limit(1))).first() is not None

    async def last_at(self, source: str) -> datetime | None:
        """When something came in last, None where nothing ever did."""
        query = select(InboxRow.at).where(InboxRow.source == source)
        return await self._session.scalar(query.order_by(InboxRow.position.desc()).limit(1))

    async def next_at(self, source: str) -> datetime | None:
        """When the next request becomes due, None where nothing waits."""
        heads = _heads(source).subquery()
        next_at: datetime | None = await self._session.scalar(select(func.min(heads.c.due_at)))
        return next_at

    async def begin(self, incoming: Incoming, until: datetime) -> bool:
        """Count a try and claim the request until then; False where somebody else was first."""
        tries = incoming.attempts + 1
        return await self._set(incoming, incoming.attempts, attempts=tries, due_at=until)

    async def renew(self, incoming: Incoming, until: datetime) -> None:
        """Keep the claim until then."""
        await self._set(incoming, incoming.attempts + 1, due_at=until)

    async def postpone(self, incoming: Incoming, until: datetime, error: str) -> None:
        """Try again at `until`; later requests of its thread wait."""
        await self._set(incoming, incoming.attempts + 1, due_at=until, error=error)

    async def done(self, incoming: Incoming, at: datetime, error: str | None = None) -> None:
        """It is worked off; with `error`, given up for that reason."""
        await self._session.execute(
            update(InboxRow).where(InboxRow.id == incoming.id).values(done_at=at, error=error)
        )

    async def drop(self, incoming: Incoming) -> None:
        """Keep it no longer: nobody asks for it again."""
        await self._session.execute(delete(InboxRow).where(InboxRow.id == incoming.id))

    async def find(self, incoming_id: str) -> Incoming | None:
        """A request that is kept, worked off or not; None where there is none, or none any more."""
        query = select(InboxRow).where(InboxRow.id == incoming_id, InboxRow.body != _EMPTY)
        row = (await self._session.scalars(query)).first()
        return _incoming(row) if row else None

    async def again(self, incoming_id: str, at: datetime) -> None:
        """Let a request that was worked off or given up be worked off once more."""
        source = await self._session.scalar(
            update(InboxRow)
            .where(InboxRow.id == incoming_id, InboxRow.done_at.is_not(None))
            .values(done_at=None, error=None, attempts=0, due_at=at)
            .returning(InboxRow.source)
        )
        if source is not None:
            self._woken.add(inbox_topic(source))

    async def empty(self, before: datetime) -> int:
        """Keep of what was worked off before then no more than that it came: its key is still
        known. Returns: of how many requests."""
        emptied = await self._session.execute(
            update(InboxRow)
            .where(InboxRow.done_at < before, InboxRow.body != _EMPTY)
            .values(body=_EMPTY, headers={})
            .returning(InboxRow.position)
        )
        return len(emptied.all())

    async def _set(self, incoming: Incoming, seen: int, **values: object) -> bool:
        """Change the request where nobody has begun another try of it. True where it changed."""
        changed = await self._session.execute(
            update(InboxRow)
            .where(
                InboxRow.id == incoming.id,
                InboxRow.attempts == seen,
                InboxRow.done_at.is_(None),
            )
            .values(**values)
            .returning(InboxRow.id)
        )
        return changed.first() is not None


def _incoming(row: InboxRow) -> Incoming:
    return Incoming(row.id, dict(row.headers), row.body, row.attempts)


def _heads(source: str) -> Select[InboxRow]:
    """The first request of each thread that is not done."""
    earlier = aliased(InboxRow)
    blocked = (
        select(earlier.position)
        .where(
            earlier.source == InboxRow.source,
            earlier.thread == InboxRow.thread,
            or_(
                earlier.rank < InboxRow.rank,
                and_(earlier.rank == InboxRow.rank, earlier.position < InboxRow.position),
            ),
            earlier.done_at.is_(None),
        )
        .exists()
    )
    return select(InboxRow).where(InboxRow.source == source, InboxRow.done_at.is_(None), ~blocked)
