"""Surveys: asked, answered, dismissed; and what became of all that were asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.surveys import Answer, FollowUp, Survey, SurveyKind
from handoff.wakes import conversation_topic
from store.tables import ConversationRow, SurveyRow

_ANSWERED_WITHIN = timedelta(days=1)  # whoever comes later begins a new conversation


@dataclass(frozen=True, slots=True)
class Responses:
    """What became of all surveys of a kind. Dismissed, ignored and waiting ones have no answer.

    `waiting` may still be answered: the customer's page shows it.
    """

    asked: int = 0
    dismissed: int = 0
    waiting: int = 0
    scores: tuple[int, ...] = ()

    @property
    def ignored(self) -> int:
        """How many were neither answered nor dismissed while that was possible."""
        return self.asked - len(self.scores) - self.dismissed - self.waiting


class SurveyRows:
    """Satisfies `handoff.ports.Surveys`, and reads across conversations."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def ask(
        self, conversation_id: str, kind: SurveyKind, at: datetime, *, case_id: str | None = None
    ) -> None:
        """Ask for a rating of the contact that has just ended, about `case_id` if there was one."""
        row = SurveyRow(
            id=str(uuid4()),
            conversation_id=conversation_id,
            kind=kind.value,
            case_id=case_id,
            asked_at=at,
        )
        self._session.add(row)
        await self._session.flush()
        self._woken.add(conversation_topic(conversation_id))

    async def open_of(self, conversation_id: str) -> Survey | None:
        """The survey that the customer may answer now, or None.

        That of a contact that goes on, or of an earlier one, is no longer asked.
        """
        row = await self._open_row(conversation_id)
        return survey_of(row) if row else None

    async def of(self, conversation_id: str) -> Sequence[Survey]:
        """All surveys of the conversation, oldest first."""
        query = (
            select(SurveyRow)
            .where(SurveyRow.conversation_id == conversation_id)
            .order_by(SurveyRow.asked_at)
        )
        return [survey_of(row) for row in await self._session.scalars(query)]

    async def about(self, case_id: str) -> Survey | None:
        """The newest survey about this case, or None."""
        query = (
            select(SurveyRow)
            .where(SurveyRow.case_id == case_id)
            .order_by(SurveyRow.asked_at.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).first()
        return survey_of(row) if row else None

    async def last_asked(self, visitor_id: str, kind: SurveyKind | None = None) -> datetime | None:
        """When this visitor was last asked, in any conversation; None where never."""
        query = (
            select(SurveyRow.asked_at)
            .join(ConversationRow, ConversationRow.id == SurveyRow.conversation_id)
            .where(ConversationRow.visitor_id == visitor_id)
            .order_by(SurveyRow.asked_at.desc())
            .limit(1)
        )
        if kind is not None:
            query = query.where(SurveyRow.kind == kind.value)
        return await self._session.scalar(query)

    async def rate(
        self, conversation_id: str, score: int, at: datetime, follow_up: FollowUp | None = None
    ) -> Survey | None:
        """Take the rating of the open survey; None where none is open.

        Args: follow_up: OFFERED where the customer is to be asked about a colleague afterwards.
        Raises: ValueError where the score is not on the survey's scale.
        """
        row = await self._open_row(conversation_id)
        if row is None or row.told_at is not None:
            return None
        row.score, row.answered_at = SurveyKind(row.kind).check(score), at
        row.follow_up = follow_up.value if follow_up else None
        return self._changed(row)

    async def tell(self, conversation_id: str, why: str | None, at: datetime) -> Survey | None:
        """Take the customer's words, None where they passed over it. None where it is not asked."""
        row = await self._open_row(conversation_id)
        if row is None or row.score is None or row.told_at is not None:
            return None
        row.why, row.told_at = why, at
        return self._changed(row)

    async def follow_up(self, conversation_id: str, answer: FollowUp) -> Survey | None:
        """Note whether a colleague is wanted. None where that is not asked."""
        row = await self._open_row(conversation_id)
        if row is None or row.told_at is None or row.follow_up != FollowUp.OFFERED.value:
            return None
        row.follow_up = answer.value
        return self._changed(row)

    async def dismiss(self, conversation_id: str, at: datetime) -> Survey | None:
        """Put the survey away; a rating that was given stays. None where none is open."""
        row = await self._open_row(conversation_id)
        if row is None:
            return None
        row.dismissed_at = at
        return self._changed(row)

    async def answers(self, kind: SurveyKind, since: datetime | None = None) -> Sequence[Answer]:
        """All answers to this question, oldest first; with `since`, those from then on."""
        query = select(SurveyRow).where(SurveyRow.kind == kind.value, SurveyRow.score.is_not(None))
        if since is not None:
            query = query.where(SurveyRow.answered_at >= since)
        rows = await self._session.scalars(query.order_by(SurveyRow.answered_at, SurveyRow.id))
        return [
            Answer(row.conversation_id, row.score, row.answered_at)
            for row in rows
            if row.score is not None and row.answered_at is not None
        ]

    async def responses(self, now: datetime) -> Mapping[SurveyKind, Responses]:
        """What became of all surveys, by kind."""
        waiting = SurveyRow.score.is_(None) & SurveyRow.dismissed_at.is_(None) & _NOT_OVER
        dismissed = SurveyRow.score.is_(None) & SurveyRow.dismissed_at.is_not(None)
        query = (
            select(
                SurveyRow.kind,
                func.count(),
                func.count().filter(dismissed),
                func.count().filter(waiting & (SurveyRow.asked_at > now - _ANSWERED_WITHIN)),
            )
            .join(ConversationRow, ConversationRow.id == SurveyRow.conversation_id)
            .group_by(SurveyRow.kind)
        )
        found = {kind: Responses() for kind in SurveyKind}
        for name, asked, put_away, open_yet in await self._session.execute(query):
            kind = SurveyKind(name)
            scores = tuple(answer.score for answer in await self.answers(kind))
            found[kind] = Responses(asked, put_away, open_yet, scores)
        return found

    def _changed(self, row: SurveyRow) -> Survey:
        self._woken.add(conversation_topic(row.conversation_id))
        return survey_of(row)

    async def _open_row(self, conversation_id: str) -> SurveyRow | None:
        query = (
            select(SurveyRow)
            .join(ConversationRow, ConversationRow.id == SurveyRow.conversation_id)
            .where(SurveyRow.conversation_id == conversation_id, _NOT_OVER)
            .order_by(SurveyRow.asked_at.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).first()
        return row if row is not None and survey_of(row).step is not None else None


# A conversation that goes on loses its `closed_at`, and gets a later one when it ends again.
_NOT_OVER = SurveyRow.asked_at >= ConversationRow.closed_at


def survey_of(row: SurveyRow) -> Survey:
    """The survey that the row holds."""
    return Survey(
        id=row.id,
        conversation_id=row.conversation_id,
        kind=SurveyKind(row.kind),
        asked_at=row.asked_at,
        case_id=row.case_id,
        score=row.score,
        answered_at=row.answered_at,
        why=row.why,
        told_at=row.told_at,
        dismissed_at=row.dismissed_at,
        follow_up=FollowUp(row.follow_up) if row.follow_up else None,
    )
