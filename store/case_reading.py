"""Cases and notes as the domain knows them, read from their rows."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from conversation.reasons import HandoffReason
from handoff.case import Briefing, Case, CaseRef, CaseStatus, Note, Priority, Resolution, Route
from store.tables import CaseRow, NoteRow, StaffRow

OPEN = [status.value for status in CaseStatus if status.open]


def cases() -> Any:
    """The query of cases with the names of their owner and of the agent who is suggested."""
    suggested = aliased(StaffRow)
    return (
        select(CaseRow, StaffRow.name, suggested.name)
        .outerjoin(StaffRow, StaffRow.id == CaseRow.agent_id)
        .outerjoin(suggested, suggested.id == CaseRow.suggested_id)
        .execution_options(populate_existing=True)  # claim and end update behind the identity map
    )


def case_of(row: CaseRow, agent: str | None, suggested: str | None) -> Case:
    """The case that the row holds. Args: agent, suggested: names of the staff it refers to."""
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
        opening=row.opening,
        callback_at=row.callback_at,
        route=Route(
            group=row.group_key,
            since=row.routed_at,
            suggested_id=row.suggested_id,
            suggested=suggested,
            reply_due_at=row.reply_due_at,
            place=row.place,
        ),
        priority=Priority(row.priority),
        snoozed_until=row.snoozed_until,
        first_reply_at=row.first_reply_at,
        reopened_at=row.reopened_at,
        closed_by=row.closed_by,
        closed_seq=row.closed_seq,
        resolution=Resolution(row.resolution) if row.resolution else None,
        needed=row.needed,
    )


def _briefing(raw: dict[str, Any]) -> Briefing:
    pairs = {key: tuple((label, value) for label, value in raw[key]) for key in ("facts", "known")}
    lists = {key: tuple(raw[key]) for key in ("tried", "effort_reasons")}
    return Briefing(**{**raw, **pairs, **lists})


def note_of(row: NoteRow) -> Note:
    """The note that the row holds."""
    return Note(id=row.id, case_id=row.case_id, author=row.author, text=row.text, at=row.at)
