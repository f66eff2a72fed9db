"""What leads look through: conversations with their key facts, counted and filtered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.surveys import SurveyKind
from handoff.case import Note
from store.tables import (
    CaseRow,
    ConversationRow,
    CustomerRow,
    MessageRow,
    NoteRow,
    SurveyRow,
    TurnRow,
)


@dataclass(frozen=True, slots=True)
class Rated:
    """Conversations with an answer to one of these questions, at most so high each.

    `name` stands for it in an address.
    """

    name: str
    at_most: tuple[tuple[SurveyKind, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What conversations a lead looks for. `outcome` None: any. `open`: not closed yet."""

    text: str = ""
    outcome: Outcome | None = None
    open: bool = False
    handed_over: bool = False
    rated: Rated | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation at a glance. `peak` is its highest effort score, `rating` its last one."""

    id: str
    at: datetime
    customer: str | None
    responder: Responder
    outcome: Outcome | None
    reason: HandoffReason | None
    peak: float | None
    messages: int
    rating: tuple[SurveyKind, int] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over engaged conversations: those in which the customer wrote something."""

    engaged: int
    outcomes: Mapping[Outcome, int]
    handed_over: int

    @property
    def open(self) -> int:
        """Engaged conversations that are not closed yet."""
        return self.engaged - sum(self.outcomes.values())


class ReviewRows:
    """Reads across conversations; never writes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, found: Found, *, offset: int, limit: int) -> Sequence[Summary]:
        """Engaged conversations that match, newest first."""
        query = (
            _matching(_summaries(), found)
            .order_by(ConversationRow.created_at.desc(), ConversationRow.id)
            .offset(offset)
            .limit(limit)
        )
        return [_summary(*row) for row in await self._session.execute(query)]

    async def count(self, found: Found) -> int:
        """How many engaged conversations match."""
        return await self._session.scalar(_matching(select(func.count()), found)) or 0

    async def totals(self) -> Totals:
        """Counts over all engaged conversations."""
        grouped: Select[*tuple[Any, ...]] = select(ConversationRow.outcome, func.count())
        query = _matching(grouped, Found()).group_by(ConversationRow.outcome)
        counts = dict((await self._session.execute(query)).all())
        return Totals(
            engaged=sum(counts.values()),
            outcomes={Outcome(name): n for name, n in counts.items() if name},
            handed_over=await self.count(Found(handed_over=True)),
        )

    async def cases(self, conversation_id: str) -> Sequence[str]:
        """The ids of the conversation's cases, oldest first."""
        query = (
            select(CaseRow.id)
            .where(CaseRow.conversation_id == conversation_id)
            .order_by(CaseRow.number)
        )
        return (await self._session.scalars(query)).all()

    async def notes(self, conversation_id: str) -> Sequence[Note]:
        """The private notes on all of the conversation's cases, oldest first."""
        query = (
            select(NoteRow)
            .join(CaseRow, CaseRow.id == NoteRow.case_id)
            .where(CaseRow.conversation_id == conversation_id)
            .order_by(NoteRow.at, NoteRow.id)
        )
        rows = await self._session.scalars(query)
        return [Note(row.id, row.case_id, row.author, row.text, row.at) for row in rows]

    async def customer(self, customer_id: str | None) -> str | None:
        """The customer's name where the shop knows it, else the id; None for a visitor."""
        query = select(CustomerRow.name).where(CustomerRow.id == customer_id)
        return await self._session.scalar(query) or customer_id


def _summaries() -> Select[*tuple[Any, ...]]:
    here = ConversationRow.id
    reason = (
        select(CaseRow.reason)
        .where(CaseRow.conversation_id == here)
        .order_by(CaseRow.number.desc())
        .limit(1)
    )
    return select(
        ConversationRow,
        func.coalesce(CustomerRow.name, ConversationRow.customer_id),
        reason.scalar_subquery(),
        select(func.max(TurnRow.score)).where(TurnRow.conversation_id == here).scalar_subquery(),
        _last_answer(SurveyRow.kind),
        _last_answer(SurveyRow.score),
    ).outerjoin(CustomerRow, CustomerRow.id == ConversationRow.customer_id)


def _last_answer(column: Any) -> Any:
    return (
        select(column)
        .where(SurveyRow.conversation_id == ConversationRow.id, SurveyRow.score.is_not(None))
        .order_by(SurveyRow.answered_at.desc(), SurveyRow.id)
        .limit(1)
        .scalar_subquery()
    )


def _matching(query: Select[*tuple[Any, ...]], found: Found) -> Select[*tuple[Any, ...]]:
    query = query.where(ConversationRow.last_customer_at.is_not(None))
    if found.outcome is not None:
        query = query.where(ConversationRow.outcome == found.outcome.value)
    if found.open:
        query = query.where(ConversationRow.outcome.is_(None))
    if found.handed_over:
        query = query.where(exists().where(CaseRow.conversation_id == ConversationRow.id))
    if found.rated is not None:
        so_low = [
            (SurveyRow.kind == kind.value) & (SurveyRow.score <= most)
            for kind, most in found.rated.at_most
        ]
        here = SurveyRow.conversation_id == ConversationRow.id
        query = query.where(exists().where(here, or_(*so_low)))
    if found.text:
        said = MessageRow.text.icontains(found.text, autoescape=True)
        query = query.where(exists().where(MessageRow.conversation_id == ConversationRow.id, said))
    return query


def _summary(
    row: ConversationRow,
    customer: str | None,
    reason: str | None,
    peak: float | None,
    kind: str | None,
    score: int | None,
) -> Summary:
    return Summary(
        id=row.id,
        at=row.created_at,
        customer=customer,
        responder=Responder(row.responder),
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=HandoffReason(reason) if reason else None,
        peak=peak,
        messages=row.last_seq,
        rating=(SurveyKind(kind), score) if kind and score is not None else None,
    )
