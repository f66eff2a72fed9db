"""The list of cases as an agent needs it: who waits, what is mine, what is done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.messages import Message
from handoff.briefing.masked import MaskRules, brief
from handoff.case import Case, CaseStatus, Priority
from handoff.desks.browser.desk import NAME
from handoff.ports import Work
from handoff.promises.sla import email_due_at
from handoff.queue.groups import DeskRules
from handoff.queue.view import unanswered_since

_CLOSED_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A case on the list. `silent_s`: how long the customer has waited for the next answer of a
    claimed case, None where the last word was the agent's. `due_s`: how long until what was
    promised is due, negative where it is late, None where nothing is owed. It `rests` while nobody
    has to do anything about it."""

    case: Case
    waited_s: float
    silent_s: float | None = None
    due_s: float | None = None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """All rows; open ones oldest first, of those that wait the urgent before, closed ones newest
    first."""

    waiting: tuple[Row, ...]
    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    closed: tuple[Row, ...]

    @property
    def urgent(self) -> bool:
        """Whether a case that waits matters more than others."""
        return any(row.case.priority is not Priority.NORMAL for row in self.waiting)

    def of_group(self, group: str) -> "Board":
        """The same list with the cases of one group alone."""
        parts = (self.waiting, self.mine, self.others, self.closed)
        return Board(*(tuple(row for row in part if _group(row) == group) for part in parts))

    def by_group(self) -> Mapping[str, int]:
        """How many cases wait, by group."""
        return Counter(_group(row) for row in self.waiting)


async def read_board(
    work: Work, agent_id: str, now: datetime, masks: MaskRules, rules: DeskRules
) -> Board:
    """The board of this agent."""
    listed = await work.cases.listed(open_only=False)
    cases = [brief(masks.of_desk(NAME), case) for case in listed]
    mine = [case for case in cases if case.status is CaseStatus.CLAIMED and case.agent_id]
    threads = {
        case.id: await work.conversations.transcript(case.conversation_id)
        for case in mine
        if case.agent_id == agent_id
    }
    return _sorted([_row(case, threads.get(case.id, ()), now, rules) for case in cases], agent_id)


def _group(row: Row) -> str:
    return row.case.route.group


def _sorted(rows: Sequence[Row], agent_id: str) -> Board:
    claimed = [row for row in rows if row.case.status is CaseStatus.CLAIMED]
    unclaimed = (CaseStatus.WAITING, CaseStatus.CALLBACK)
    return Board(
        waiting=_urgent_first(row for row in rows if row.case.status in unclaimed),
        mine=tuple(row for row in claimed if row.case.agent_id == agent_id),
        others=tuple(row for row in claimed if row.case.agent_id != agent_id),
        closed=tuple(row for row in rows if not row.case.status.open)[:_CLOSED_SHOWN],
    )


def _urgent_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    rising = tuple(Priority)
    return tuple(sorted(rows, key=lambda row: -rising.index(row.case.priority)))


def _row(case: Case, thread: Sequence[Message], now: datetime, rules: DeskRules) -> Row:
    until = case.claimed_at or case.closed_at or now
    asked_at = unanswered_since(thread)
    return Row(
        case=case,
        waited_s=max(0.0, (until - case.waits_since).total_seconds()),
        silent_s=(now - asked_at).total_seconds() if asked_at else None,
        due_s=due_s(case, now, rules),
        rests=case.rests(now),
    )


def due_s(case: Case, now: datetime, rules: DeskRules) -> float | None:
    """Seconds until what was promised is due, the first reply or the answer by e-mail; negative
    where it is late, None where nothing is owed."""
    due_at = email_due_at(case, rules.group(case.route.group))
    if case.callback_at is None and case.first_reply_at is None and case.status.open:
        due_at = case.route.reply_due_at
    return (due_at - now).total_seconds() if due_at else None
