"""What happened in a conversation beside its messages: for review."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.casework.happenings import Happening
from store.tables import ConversationRow, TimelineRow


class TimelineRows:
    """Satisfies `handoff.ports.Timeline`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(
        self,
        conversation_id: str,
        kind: str,
        at: datetime,
        *,
        key: str | None = None,
        **detail: str | int | None,
    ) -> None:
        """Note that something happened; the same `key` again changes nothing."""
        if key is not None:
            known = select(TimelineRow.id).where(
                TimelineRow.conversation_id == conversation_id, TimelineRow.key == key
            )
            if await self._session.scalar(known) is not None:
                return
        row = TimelineRow(conversation_id=conversation_id, kind=kind, at=at, key=key, detail=detail)
        self._session.add(row)
        await self._session.flush()

    async def told_to(self, customer_id: str | None, kind: str, detail: str) -> frozenset[str]:
        """What stands in `detail` of such entries, over all conversations of the customer."""
        theirs = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
        query = select(TimelineRow.detail).where(
            TimelineRow.kind == kind, TimelineRow.conversation_id.in_(theirs)
        )
        return frozenset(str(found[detail]) for found in await self._session.scalars(query))

    async def of(self, conversation_id: str, since: datetime | None = None) -> Sequence[Happening]:
        """What happened, oldest first; with `since`, from that moment on."""
        query = select(TimelineRow).where(TimelineRow.conversation_id == conversation_id)
        if since is not None:
            query = query.where(TimelineRow.at >= since)
        query = query.order_by(TimelineRow.at, TimelineRow.id)
        return [
            Happening(row.kind, row.at, row.detail) for row in await self._session.scalars(query)
        ]
