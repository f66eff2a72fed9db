"""Cases and their notes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from conversation.reasons import HandoffReason
from handoff.case import Briefing, Case, CaseRef, CaseStatus, Note, Route, UnknownCase
from handoff.wakes import CASES_TOPIC, case_topic, conversation_topic
from store.tables import CaseRow, NoteRow, StaffRow

_OPEN = [status.value for status in CaseStatus if status.open]
_CLOSED_SHOWN = 50


class CaseRows:
    """Satisfies `handoff.ports.Cases`."""

    def __init__(self, session: AsyncSession, woken: set[str], *, locks: bool) -> None:
        self._session = session
        self._woken = woken
        self._locks = locks

    async def open(
        self,
        conversation_id: str,
        reason: HandoffReason,
        briefing: Briefing,
        at: datetime,
        *,
        opened_seq: int,
        route: Route = Route(),
    ) -> Case:
        """Add a waiting case, opened with the messages up to `opened_seq`."""
        row = CaseRow(
            id=str(uuid4()),
            conversation_id=conversation_id,
            reason=reason.value,
            briefing=asdict(briefing),
            status=CaseStatus.WAITING.value,
            opened_at=at,
            opened_seq=opened_seq,
            group_key=route.group,
            routed_at=route.since,
            suggested_id=route.suggested_id,
            reply_due_at=route.reply_due_at,
        )
        self._session.add(row)
        await self._session.flush()
        await self._changed(row.id, row.conversation_id)
        return _case(row, None, route.suggested)

    async def get(self, case_id: str) -> Case:
        """The case. Raises: UnknownCase."""
        case = await self._one(CaseRow.id == case_id)
        if case is None:
            raise UnknownCase(case_id)
        return case

    async def conversation_of(self, case_id: str) -> str:
        """The id of the case's conversation; locks nothing. Raises: UnknownCase."""
        query = select(CaseRow.conversation_id).where(CaseRow.id == case_id)
        conversation_id = await self._session.scalar(query)
        if conversation_id is None:
            raise UnknownCase(case_id)
        return conversation_id

    async def open_of(self, conversation_id: str) -> Case | None:
        """The conversation's open case, if it has one."""
        return await self._one(
            CaseRow.conversation_id == conversation_id, CaseRow.status.in_(_OPEN)
        )

    async def latest_of(self, conversation_id: str) -> Case | None:
        """The conversation's newest case, open or closed, or None."""
        query = select(func.max(CaseRow.number)).where(CaseRow.conversation_id == conversation_id)
        number = await self._session.scalar(query)
        return None if number is None else await self._one(CaseRow.number == number)

    async def by_ref(self, ref: CaseRef) -> Case | None:
        """The case that a desk keeps there, or None."""
        return await self._one(CaseRow.ref == ref)

    async def listed(self, *, open_only: bool) -> Sequence[Case]:
        """Cases, open ones oldest first; with closed ones, these follow, newest first."""
        waiting = _cases().where(CaseRow.status.in_(_OPEN)).order_by(CaseRow.opened_at)
        found = [_case(*row) for row in (await self._session.execute(waiting))]
        if not open_only:
            closed = (
                _cases()
                .where(CaseRow.status.not_in(_OPEN))
                .order_by(CaseRow.closed_at.desc())
                .limit(_CLOSED_SHOWN)
            )
            found += [_case(*row) for row in (await self._session.execute(closed))]
        return found

    async def claim(self, case_id: str, agent_id: str, at: datetime) -> bool:
        """Make the agent the owner if nobody is; True where that succeeded (compare and set)."""
        result = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.agent_id.is_(None), CaseRow.status.in_(_OPEN))
            .values(agent_id=agent_id, claimed_at=at, status=CaseStatus.CLAIMED.value)
            .returning(CaseRow.conversation_id)
        )
        conversation_id = result.scalar()
        if conversation_id is None:
            return False
        await self._changed(case_id, conversation_id)
        return True

    async def call_back(self, case_id: str, at: datetime) -> None:
        """From now on the case is one whose answer goes out by e-mail."""
        result = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(status=CaseStatus.CALLBACK.value, callback_at=at)
            .returning(CaseRow.conversation_id)
        )
        await self._changed(case_id, result.scalar_one())

    async def end(self, case_id: str, status: CaseStatus, at: datetime) -> None:
        """Close the case with this status."""
        result = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(status=status.value, closed_at=at)
            .returning(CaseRow.conversation_id)
        )
        await self._changed(case_id, result.scalar_one())

    async def rebrief(self, case_id: str, briefing: Briefing) -> None:
        """Replace what the agents need to know."""
        result = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(briefing=asdict(briefing))
            .returning(CaseRow.conversation_id)
        )
        await self._changed(case_id, result.scalar_one())

    async def set_ref(self, case_id: str, ref: CaseRef) -> None:
        """Remember where the desk keeps the case."""
        await self._session.execute(update(CaseRow).where(CaseRow.id == case_id).values(ref=ref))

    async def waiting(self, group: str) -> int:
        """How many cases wait for this group."""
        query = select(func.count()).where(*_waiting_for(group))
        return await self._session.scalar(query) or 0

    async def ahead_of(self, case: Case) -> int:
        """How many cases that wait for its group are older than this one."""
        older = (*_waiting_for(case.route.group), CaseRow.number < case.number)
        query = select(func.count()).where(*older)
        return await self._session.scalar(query) or 0

    async def note(self, case_id: str, author: str, text: str, key: str, at: datetime) -> Note:
        """Add a private note; the same key again returns the first."""
        query = select(NoteRow).where(NoteRow.case_id == case_id, NoteRow.key == key)
        row = (await self._session.scalars(query)).first()
        if row is None:
            row = NoteRow(
                id=str(uuid4()), case_id=case_id, key=key, author=author, text=text, at=at
            )
            self._session.add(row)
            await self._session.flush()
            self._woken.add(case_topic(case_id))
        return _note(row)

    async def notes(self, case_id: str) -> Sequence[Note]:
        """The notes, oldest first."""
        query = select(NoteRow).where(NoteRow.case_id == case_id).order_by(NoteRow.at, NoteRow.id)
        return [_note(row) for row in await self._session.scalars(query)]

    async def _one(self, *conditions: Any) -> Case | None:
        query = _cases().where(*conditions)
        if self._locks:
            query = query.with_for_update(of=CaseRow)
        row = (await self._session.execute(query)).first()
        return _case(*row) if row else None

    async def _changed(self, case_id: str, conversation_id: str) -> None:
        # Everybody in the queue may have moved up, not only this customer.
        waiting = select(CaseRow.conversation_id).where(CaseRow.status == CaseStatus.WAITING.value)
        ids = {conversation_id, *(await self._session.scalars(waiting)).all()}
        self._woken |= {conversation_topic(one) for one in ids} | {CASES_TOPIC, case_topic(case_id)}


def _waiting_for(group: str) -> tuple[Any, Any]:
    return CaseRow.status == CaseStatus.WAITING.value, CaseRow.group_key == group


def _cases() -> Any:
    suggested = aliased(StaffRow)
    return (
        select(CaseRow, StaffRow.name, suggested.name)
        .outerjoin(StaffRow, StaffRow.id == CaseRow.agent_id)
        .outerjoin(suggested, suggested.id == CaseRow.suggested_id)
        .execution_options(populate_existing=True)  # claim and end update behind the identity map
    )


def _case(row: CaseRow, agent: str | None, suggested: str | None) -> Case:
    return Case(
        id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        reason=HandoffReason(row.reason),
        briefing=_briefing(row.briefing),
        status=CaseStatus(row.status),
        opened_at=row.opened_at,
        opened_seq=row.opened_seq,
        agent_id=row.agent_id,
        agent=agent,
        claimed_at=row.claimed_at,
        closed_at=row.closed_at,
        ref=CaseRef(row.ref) if row.ref else None,
        callback_at=row.callback_at,
        route=Route(row.group_key, row.routed_at, row.suggested_id, suggested, row.reply_due_at),
    )


def _briefing(raw: dict[str, Any]) -> Briefing:
    pairs = {key: tuple((label, value) for label, value in raw[key]) for key in ("facts", "known")}
    lists = {key: tuple(raw[key]) for key in ("tried", "effort_reasons")}
    return Briefing(**{**raw, **pairs, **lists})


def _note(row: NoteRow) -> Note:
    return Note(id=row.id, case_id=row.case_id, author=row.author, text=row.text, at=row.at)
