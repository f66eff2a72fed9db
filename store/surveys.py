"""Surveys: the effort rating first, then why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.wakes import conversation_topic
from store.tables import SurveyRow


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey. `ces` is 1 (strongly disagree) to 7 (strongly agree), None until answered."""

    id: str
    conversation_id: str
    asked_at: datetime
    ces: int | None
    why: str | None
    closed_at: datetime | None


class SurveyRows:
    """Satisfies `handoff.ports.Surveys`, and takes the answers."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def ask(self, conversation_id: str, at: datetime) -> None:
        """Ask for the effort rating of this contact; an older survey that is open ends."""
        await self.finish(conversation_id, None, at)
        self._session.add(SurveyRow(id=str(uuid4()), conversation_id=conversation_id, asked_at=at))
        await self._session.flush()
        self._woken.add(conversation_topic(conversation_id))

    async def open_of(self, conversation_id: str) -> Survey | None:
        """The survey that the customer has neither finished nor dismissed, or None."""
        row = await self._open_row(conversation_id)
        return _survey(row) if row else None

    async def of(self, conversation_id: str) -> Sequence[Survey]:
        """All surveys of the conversation, oldest first."""
        query = (
            select(SurveyRow)
            .where(SurveyRow.conversation_id == conversation_id)
            .order_by(SurveyRow.asked_at)
        )
        return [_survey(row) for row in await self._session.scalars(query)]

    async def rate(self, conversation_id: str, ces: int, at: datetime) -> bool:
        """Take the rating 1..7. False where no survey is open.

        Raises: ValueError where it is not 1..7.
        """
        if not 1 <= ces <= 7:
            raise ValueError("The rating must be a number from 1 to 7.")
        row = await self._open_row(conversation_id)
        if row is None:
            return False
        row.ces, row.rated_at = ces, at
        self._woken.add(conversation_topic(conversation_id))
        return True

    async def finish(self, conversation_id: str, why: str | None, at: datetime) -> bool:
        """Close the survey, with the customer's words or dismissed. False where none is open."""
        row = await self._open_row(conversation_id)
        if row is None:
            return False
        row.why, row.closed_at = why, at
        self._woken.add(conversation_topic(conversation_id))
        return True

    async def _open_row(self, conversation_id: str) -> SurveyRow | None:
        query = select(SurveyRow).where(
            SurveyRow.conversation_id == conversation_id, SurveyRow.closed_at.is_(None)
        )
        return (await self._session.scalars(query)).first()


def _survey(row: SurveyRow) -> Survey:
    return Survey(row.id, row.conversation_id, row.asked_at, row.ces, row.why, row.closed_at)
