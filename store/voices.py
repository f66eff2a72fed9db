"""Customers' own words for digests, and which digest went out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.surveys import Survey, SurveyKind
from handoff.digests.voices import Said
from handoff.queue.groups import DigestKind
from store.surveys import survey_of
from store.tables import DigestRow, SurveyRow, TurnRow

_MOST_SAID = 5_000
_MOST_RATED = 100


class VoiceRows:
    """Satisfies `handoff.digests.voices.Voices`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def said(self, since: datetime, until: datetime) -> Sequence[Said]:
        """Customers' messages of the time, those that cost most first; a few thousand at most."""
        query = (
            select(TurnRow.conversation_id, TurnRow.intent, TurnRow.text, TurnRow.score)
            .where(TurnRow.at >= since, TurnRow.at < until, TurnRow.intent.is_not(None))
            .order_by(TurnRow.score.desc(), TurnRow.message_id)
            .limit(_MOST_SAID)
        )
        return [Said(*row) for row in await self._session.execute(query)]

    async def rated_low(
        self, since: datetime, until: datetime, low: Mapping[SurveyKind, int]
    ) -> Sequence[Survey]:
        """Ratings of the time as low as `low` or lower where the customer said why, newest
        first."""
        as_low = [
            and_(SurveyRow.kind == kind.value, SurveyRow.score <= score)
            for kind, score in low.items()
        ]
        query = (
            select(SurveyRow)
            .where(
                SurveyRow.answered_at >= since,
                SurveyRow.answered_at < until,
                SurveyRow.why.is_not(None),
                or_(false(), *as_low),
            )
            .order_by(SurveyRow.answered_at.desc())
            .limit(_MOST_RATED)
        )
        return [survey_of(row) for row in await self._session.scalars(query)]

    async def begin(
        self, kind: DigestKind, day: date, now: datetime, until: datetime
    ) -> int | None:
        """Claim the sending of this digest until then. Returns: how often it was tried before,
        None where it went out, or is not to be tried now."""
        query = select(DigestRow).where(_is(kind, day)).with_for_update()
        row = (await self._session.scalars(query)).first()
        if row is None:
            row = DigestRow(kind=kind.value, day=day.isoformat(), attempts=0, due_at=now)
            self._session.add(row)
        if row.sent_at is not None or row.due_at > now:
            return None
        row.attempts, row.due_at = row.attempts + 1, until
        await self._session.flush()
        return row.attempts - 1

    async def postpone(self, kind: DigestKind, day: date, until: datetime) -> None:
        """Try again then."""
        query = update(DigestRow).where(_is(kind, day)).values(due_at=until)
        await self._session.execute(query)

    async def sent(self, kind: DigestKind, day: date, at: datetime) -> None:
        """It went out."""
        query = update(DigestRow).where(_is(kind, day)).values(sent_at=at)
        await self._session.execute(query)


def _is(kind: DigestKind, day: date) -> ColumnElement[bool]:
    return and_(DigestRow.kind == kind.value, DigestRow.day == day.isoformat())
