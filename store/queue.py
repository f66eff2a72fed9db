"""The cases of a while, for figures and for honest waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.messages import Author
from handoff.case import Case, CaseStatus
from store.case_reading import case_of, cases
from store.tables import CaseRow, MessageRow


class QueueRows:
    """Satisfies `handoff.queue.past_cases.PastCases`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def touched_since(self, since: datetime) -> Sequence[Case]:
        """All that were open at some moment since then, oldest first."""
        still_open = or_(CaseRow.closed_at.is_(None), CaseRow.closed_at >= since)
        query = cases().where(still_open).order_by(CaseRow.number)
        return [case_of(*row) for row in await self._session.execute(query)]

    async def claimed_since(self, group: str, since: datetime, most: int) -> Sequence[Case]:
        """The group's cases that somebody claimed since then, the latest first."""
        query = (
            cases()
            .where(CaseRow.group_key == group, CaseRow.claimed_at >= since)
            .order_by(CaseRow.claimed_at.desc())
            .limit(most)
        )
        return [case_of(*row) for row in await self._session.execute(query)]

    async def unanswered(self, conversation_id: str | None = None) -> Mapping[str, datetime]:
        """When the customer wrote the first message that no agent has answered, by conversation
        with a claimed case; none where all is answered. Args: conversation_id: of this one alone.
        """
        claimed = CaseRow.status == CaseStatus.CLAIMED.value
        if conversation_id is not None:
            claimed = and_(claimed, CaseRow.conversation_id == conversation_id)
        answered = (
            select(MessageRow.conversation_id, func.max(MessageRow.seq).label("seq"))
            .join(CaseRow, CaseRow.conversation_id == MessageRow.conversation_id)
            .where(claimed, MessageRow.author == Author.AGENT.value)
            .group_by(MessageRow.conversation_id)
            .subquery()
        )
        query = (
            select(MessageRow.conversation_id, func.min(MessageRow.at))
            .join(CaseRow, CaseRow.conversation_id == MessageRow.conversation_id)
            .outerjoin(answered, answered.c.conversation_id == MessageRow.conversation_id)
            .where(
                claimed,
                MessageRow.author == Author.CUSTOMER.value,
                MessageRow.seq > func.coalesce(answered.c.seq, 0),
            )
            .group_by(MessageRow.conversation_id)
        )
        return {row[0]: row[1] for row in await self._session.execute(query)}
