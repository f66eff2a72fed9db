"""What customers wrote and no article answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import TimelineRow, TurnRow

_MOST = 2_000
_NOT_UNDERSTOOD = ("nlu_fallback",)
_OUT_OF_SCOPE = ("out_of_scope",)


class Why(StrEnum):
    """Why a message counts as not answered."""

    NOT_UNDERSTOOD = "not understood"
    OUT_OF_SCOPE = "out of scope"
    NO_ARTICLE = "no article"
    NOT_HELPED = "the article did not help"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A customer message. `embedding` is int8, one byte a dimension; empty where unknown."""

    conversation_id: str
    text: str
    embedding: bytes
    why: Why


class GapRows:
    """Reads turns and timeline; changes nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unanswered(self, since: datetime) -> Sequence[Unanswered]:
        """Messages from `since` on that got no answer, newest first; at most 2,000."""
        noted = await self._noted(since)
        unclear = TurnRow.intent.is_(None) | TurnRow.intent.in_((*_NOT_UNDERSTOOD, *_OUT_OF_SCOPE))
        query = (
            select(TurnRow)
            .where(TurnRow.at >= since, or_(unclear, TurnRow.message_id.in_(noted)))
            .order_by(TurnRow.at.desc(), TurnRow.message_id)
            .limit(_MOST)
        )
        return [
            Unanswered(
                row.conversation_id, row.text, row.embedding, noted.get(row.message_id, _why(row))
            )
            for row in await self._session.scalars(query)
        ]

    async def _noted(self, since: datetime) -> dict[str, Why]:
        """Message ids of what no article answered, or answered without helping."""
        kinds = {"article_missing": Why.NO_ARTICLE, "article_not_helped": Why.NOT_HELPED}
        query = (
            select(TimelineRow)
            .where(TimelineRow.at >= since, TimelineRow.kind.in_(kinds))
            .order_by(TimelineRow.at.desc())
            .limit(_MOST)
        )
        return {
            str(row.detail.get("about") or row.detail["message"]): kinds[row.kind]
            for row in await self._session.scalars(query)
        }


def _why(row: TurnRow) -> Why:
    return Why.OUT_OF_SCOPE if row.intent in _OUT_OF_SCOPE else Why.NOT_UNDERSTOOD
