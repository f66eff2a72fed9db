"""What proves or disproves the effort scores of past conversations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.surveys import SurveyKind
from store.tables import SurveyRow, TimelineRow

_BEGINS_ANEW = (
    "handed_back",
    "resolved",
    "left_queue",
    "solved_confirmed",
    "went_silent",
    "returned",
)


@dataclass(frozen=True, slots=True)
class Ease:
    """An answered question about effort: 1 (disagrees that it was easy) to 7 (agrees)."""

    conversation_id: str
    asked_at: datetime
    score: int


class EffortRows:
    """Reads across conversations; changes nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ease(self, since: datetime | None = None) -> Sequence[Ease]:
        """Every answered question about effort, oldest first; with `since`, those asked later."""
        query = (
            select(SurveyRow.conversation_id, SurveyRow.asked_at, SurveyRow.score)
            .where(SurveyRow.kind == SurveyKind.CES.value, SurveyRow.score > 0)
            .order_by(SurveyRow.asked_at)
        )
        if since is not None:
            query = query.where(SurveyRow.asked_at >= since)
        rows = await self._session.execute(query)
        return [Ease(where, asked_at, score) for where, asked_at, score in rows if score]

    async def began_anew(self, since: datetime | None = None) -> Mapping[str, Sequence[datetime]]:
        """By conversation, the moments after which effort was counted anew, oldest first."""
        query = (
            select(TimelineRow.conversation_id, TimelineRow.at)
            .where(TimelineRow.kind.in_(_BEGINS_ANEW))
            .order_by(TimelineRow.at)
        )
        if since is not None:
            query = query.where(TimelineRow.at >= since)
        found: dict[str, list[datetime]] = {}
        for conversation_id, at in await self._session.execute(query):
            found.setdefault(conversation_id, []).append(at)
        return found
