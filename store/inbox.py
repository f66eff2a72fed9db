"""What came in from a desk, stored before it is acknowledged, worked off in order."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.ports import Incoming
from handoff.wakes import inbox_topic
from store.tables import InboxRow


class InboxRows:
    """Satisfies `handoff.ports.Inbox`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def put(
        self, source: str, key: str, headers: dict[str, str], body: bytes, at: datetime
    ) -> bool:
        """Store what came in. False where `key` was stored before: a redelivery."""
        known = select(InboxRow.position).where(InboxRow.source == source, InboxRow.key == key)
        if await self._session.scalar(known) is not None:
            return False
        kept: dict[str, Any] = dict(headers)
        self._session.add(
            InboxRow(id=str(uuid4()), source=source, key=key, headers=kept, body=body, at=at)
        )
        await self._session.flush()
        self._woken.add(inbox_topic(source))
        return True

    async def next(self, source: str) -> Incoming | None:
        """The oldest request that is not done, or None."""
        query = (
            select(InboxRow)
            .where(InboxRow.source == source, InboxRow.done_at.is_(None))
            .order_by(InboxRow.position)
            .limit(1)
        )
        row = (await self._session.scalars(query)).first()
        return Incoming(row.id, dict(row.headers), row.body, row.attempts) if row else None

    async def begin(self, incoming_id: str) -> None:
        """Count a try, before it is made."""
        await self._set(incoming_id, attempts=InboxRow.attempts + 1)

    async def done(self, incoming_id: str, at: datetime, error: str | None = None) -> None:
        """It is worked off; with `error`, given up for that reason."""
        await self._set(incoming_id, done_at=at, error=error)

    async def _set(self, incoming_id: str, **values: object) -> None:
        await self._session.execute(
            update(InboxRow).where(InboxRow.id == incoming_id).values(**values)
        )
