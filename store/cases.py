"""Cases and their notes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.reasons import HandoffReason
from handoff.case import (
    Briefing,
    Case,
    CaseRef,
    CaseStatus,
    Ended,
    Note,
    Priority,
    Route,
    UnknownCase,
)
from handoff.wakes import CASES_TOPIC, case_topic, conversation_topic
from store.case_reading import OPEN, case_of, cases, note_of
from store.tables import CaseRow, ConversationRow, FormerRefRow, NoteRow

_CLOSED_SHOWN = 50


class CaseRows:
    """Satisfies `handoff.cases.Cases`."""

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
            place=route.place,
        )
        self._session.add(row)
        await self._session.flush()
        await self._changed(row.id, row.conversation_id)
        return case_of(row, None, route.suggested)

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
        return await self._one(CaseRow.conversation_id == conversation_id, CaseRow.status.in_(OPEN))

    async def latest_of(self, conversation_id: str) -> Case | None:
        """The conversation's newest case, open or closed, or None."""
        query = select(func.max(CaseRow.number)).where(CaseRow.conversation_id == conversation_id)
        number = await self._session.scalar(query)
        return None if number is None else await self._one(CaseRow.number == number)

    async def before(self, case: Case) -> Case | None:
        """The newest case before this one, of its conversation or of its customer, or None."""
        its, row = case.conversation_id, ConversationRow
        customer = select(row.customer_id).where(row.id == its).scalar_subquery()
        theirs = select(row.id).where(or_(row.id == its, row.customer_id == customer))
        earlier = (CaseRow.number < case.number, CaseRow.conversation_id.in_(theirs))
        number = await self._session.scalar(select(func.max(CaseRow.number)).where(*earlier))
        return None if number is None else await self._one(CaseRow.number == number)

    async def by_ref(self, ref: CaseRef) -> Case | None:
        """The case that a desk keeps there, or None."""
        return await self._one(CaseRow.ref == ref)

    async def listed(self, *, open_only: bool) -> Sequence[Case]:
        """Cases, open ones oldest first; with closed ones, these follow, newest first."""
        waiting = cases().where(CaseRow.status.in_(OPEN)).order_by(CaseRow.opened_at)
        found = [case_of(*row) for row in (await self._session.execute(waiting))]
        if not open_only:
            closed = (
                cases()
                .where(CaseRow.status.not_in(OPEN))
                .order_by(CaseRow.closed_at.desc())
                .limit(_CLOSED_SHOWN)
            )
            found += [case_of(*row) for row in (await self._session.execute(closed))]
        return found

    async def claim(
        self, case_id: str, agent_id: str, at: datetime, *, owner: str | None = None
    ) -> bool:
        """Make the agent the owner in place of `owner`; True where that succeeded (compare and
        set). When a case was claimed stays as it was where it only changes hands."""
        return await self._set(
            case_id,
            CaseRow.agent_id.is_(None) if owner is None else CaseRow.agent_id == owner,
            CaseRow.status.in_(OPEN),
            agent_id=agent_id,
            claimed_at=func.coalesce(CaseRow.claimed_at, at),
            status=CaseStatus.CLAIMED.value,
            snoozed_until=None,
        )

    async def call_back(self, case_id: str, at: datetime) -> None:
        """From now on the case's answers go out by e-mail; who has claimed it keeps it."""
        unclaimed = sql_case(
            (CaseRow.agent_id.is_(None), CaseStatus.CALLBACK.value), else_=CaseRow.status
        )
        await self._set(case_id, status=unclaimed, callback_at=at)

    async def release(self, case_id: str) -> None:
        """Put the case back into the queue, or among the callbacks where it was one; it keeps its
        place by age."""
        waits = sql_case(
            (CaseRow.callback_at.is_(None), CaseStatus.WAITING.value),
            else_=CaseStatus.CALLBACK.value,
        )
        await self._set(case_id, status=waits, agent_id=None, claimed_at=None, snoozed_until=None)

    async def snooze(self, case_id: str, until: datetime | None) -> None:
        """Let the case rest until then; None ends that."""
        await self._set(case_id, snoozed_until=until)

    async def prioritise(self, case_id: str, priority: Priority) -> None:
        """Set how much the case matters."""
        await self._set(case_id, priority=priority.value)

    async def replied(self, case_id: str, at: datetime) -> None:
        """Note when the customer had the first answer of a person; later ones change nothing."""
        await self._set(case_id, CaseRow.first_reply_at.is_(None), first_reply_at=at)

    async def end(
        self, case_id: str, status: CaseStatus, at: datetime, ended: Ended | None = None
    ) -> None:
        """Close the case with this status. Args: ended: by whom and as what, where an agent did."""
        ended = ended or Ended()
        await self._set(
            case_id,
            status=status.value,
            closed_at=at,
            closed_by=ended.by,
            closed_seq=ended.seq,
            resolution=ended.resolution.value if ended.resolution else None,
            needed=ended.needed,
            snoozed_until=None,
        )

    async def reopen(self, case_id: str, agent_id: str | None, at: datetime) -> None:
        """Open a closed case again, for this agent, or in the queue where that is None."""
        status = CaseStatus.CLAIMED if agent_id else CaseStatus.WAITING
        await self._set(
            case_id,
            status=status.value,
            agent_id=agent_id,
            claimed_at=at if agent_id else None,
            reopened_at=at,
            routed_at=at,
            reply_due_at=None,
            callback_at=None,
            closed_at=None,
            closed_by=None,
            closed_seq=None,
            resolution=None,
            needed=None,
        )

    async def rebrief(self, case_id: str, briefing: Briefing) -> None:
        """Replace what the agents need to know."""
        await self._set(case_id, briefing=asdict(briefing))

    async def route(self, case_id: str, route: Route) -> None:
        """Give the case to this group, from the moment of the route on."""
        await self._set(
            case_id,
            group_key=route.group,
            routed_at=route.since,
            suggested_id=route.suggested_id,
            reply_due_at=route.reply_due_at,
            place=route.place,
        )

    async def by_former_ref(self, ref: CaseRef) -> Case | None:
        """The case that a desk kept there before, or None."""
        kept = select(FormerRefRow.case_id).where(FormerRefRow.ref == ref).scalar_subquery()
        return await self._one(CaseRow.id == kept)

    async def set_ref(self, case_id: str, ref: CaseRef, *, opening: str | None) -> None:
        """Remember where the desk keeps the case, and where it was kept before."""
        before = await self._session.scalar(select(CaseRow.ref).where(CaseRow.id == case_id))
        if before not in (None, ref):
            await self._session.merge(FormerRefRow(ref=before, case_id=case_id))
        stands = update(CaseRow).where(CaseRow.id == case_id)
        await self._session.execute(stands.values(ref=ref, opening=opening))

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
        return note_of(row)

    async def noted(self, case_id: str, key: str) -> bool:
        """Whether there is a note with this key."""
        query = select(NoteRow.id).where(NoteRow.case_id == case_id, NoteRow.key == key)
        return await self._session.scalar(query) is not None

    async def notes(self, case_id: str) -> Sequence[Note]:
        """The notes, oldest first."""
        query = select(NoteRow).where(NoteRow.case_id == case_id).order_by(NoteRow.at, NoteRow.id)
        return [note_of(row) for row in await self._session.scalars(query)]

    async def _one(self, *conditions: Any) -> Case | None:
        query = cases().where(*conditions)
        if self._locks:
            query = query.with_for_update(of=CaseRow)
        row = (await self._session.execute(query)).first()
        return case_of(*row) if row else None

    async def _set(self, case_id: str, *conditions: Any, **values: Any) -> bool:
        result = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, *conditions)
            .values(**values)
            .returning(CaseRow.conversation_id)
        )
        conversation_id = result.scalar()
        if conversation_id is not None:
            await self._changed(case_id, conversation_id)
        return conversation_id is not None

    async def _changed(self, case_id: str, conversation_id: str) -> None:
        # Everybody in the queue may have moved up, not only this customer.
        waiting = select(CaseRow.conversation_id).where(CaseRow.status == CaseStatus.WAITING.value)
        ids = {conversation_id, *(await self._session.scalars(waiting)).all()}
        self._woken |= {conversation_topic(one) for one in ids} | {CASES_TOPIC, case_topic(case_id)}


def _waiting_for(group: str) -> tuple[Any, Any]:
    return CaseRow.status == CaseStatus.WAITING.value, CaseRow.group_key == group
