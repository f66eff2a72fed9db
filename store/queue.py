"""The cases of a while, for figures and for honest waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.case import Case
from store.case_reading import case_of, cases
from store.tables import CaseRow


class QueueRows:
    """Satisfies `handoff.past_cases.PastCases`."""

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
