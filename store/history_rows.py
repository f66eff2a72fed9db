"""What came before a chat, as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.contacts import Contact, OpenCase, Past, Rating, Said, visits
from conversation.surveys import SurveyKind
from store.case_reading import OPEN
from store.tables import CaseRow, ConversationRow, SurveyRow, TimelineRow, TurnRow
from store.touchpoints import TouchpointRows

_SOLVED = ("solved_confirmed", "resolved")


class HistoryRows:
    """Reads across the customer's conversations, cases, surveys and touchpoints."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, customer_id: str, since: datetime) -> Past:
        """Contacts from `since` on, the open case, the last rating."""
        elsewhere = await TouchpointRows(self._session).of(customer_id, since)
        chats = visits(*await _said(self._session, customer_id, since))
        return Past(
            contacts=_latest_first([*chats, *elsewhere]),
            open_case=await _open_case(self._session, customer_id),
            rating=await _rating(self._session, customer_id),
        )


def _latest_first(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda contact: contact.until, reverse=True))


async def _said(
    session: AsyncSession, customer_id: str, since: datetime
) -> tuple[list[Said], list[tuple[str, datetime]]]:
    theirs = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
    turns = (
        select(TurnRow.conversation_id, TurnRow.at, TurnRow.intent, TurnRow.entities)
        .where(TurnRow.conversation_id.in_(theirs), TurnRow.at >= since)
        .order_by(TurnRow.at)
    )
    solved = select(TimelineRow.conversation_id, TimelineRow.at).where(
        TimelineRow.conversation_id.in_(theirs),
        TimelineRow.at >= since,
        TimelineRow.kind.in_(_SOLVED),
    )
    said = [
        Said(one, at, intent, frozenset(names))
        for one, at, intent, names in await session.execute(turns)
    ]
    return said, [(one, at) for one, at in await session.execute(solved)]


async def _open_case(session: AsyncSession, customer_id: str) -> OpenCase | None:
    query = (
        select(CaseRow.number, CaseRow.opened_at)
        .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
        .where(ConversationRow.customer_id == customer_id, CaseRow.status.in_(OPEN))
        .order_by(CaseRow.number.desc())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return OpenCase(row.number, row.opened_at) if row else None


async def _rating(session: AsyncSession, customer_id: str) -> Rating | None:
    query = (
        select(SurveyRow.kind, SurveyRow.score, SurveyRow.answered_at)
        .join(ConversationRow, ConversationRow.id == SurveyRow.conversation_id)
        .where(ConversationRow.customer_id == customer_id, SurveyRow.answered_at.is_not(None))
        .order_by(SurveyRow.answered_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    if row is None or row.score is None or row.answered_at is None:
        return None
    kind = SurveyKind(row.kind)
    return Rating(f"{kind.label} {row.score} of {kind.highest}", row.answered_at)
