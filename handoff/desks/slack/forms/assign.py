"""Give a case to a colleague, to a group, or back to the queue."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from handoff.case import Case, CaseError
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import menu, text
from handoff.desks.slack.written.plain import typed
from handoff.queue.groups import DeskRules
from handoff.queue.staffing import AgentStatus, Staffing
from staff.account import Staff

_AGENT, _GROUP, _QUEUE = "agent", "group", "queue"
_MOST = 100
_NOTE = 1000
_NO_AGENT = "This colleague is no agent any more. Choose somebody else."


class Assign:
    """Satisfies `Form`."""

    name = "assign"

    def __init__(self, casework: Casework, staffing: Staffing, rules: DeskRules) -> None:
        self._casework = casework
        self._rules = rules
        self._staffing = staffing

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """To whom?"""
        colleagues = [one for one in await self._staffing.status() if one.staff.id != case.agent_id]
        groups = list(self._choices(case, colleagues))
        if not groups:
            raise CaseError("There is nobody to give this case to: add an account for an agent.")
        return Sheet(
            f"Assign case {case.number}",
            "Assign",
            (
                menu("to", "To", groups),
                text("note", "Private note", most=_NOTE, hint="The customer does not see it."),
            ),
            what=case.agent_id or "",
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """Somebody who is no agent any more."""
        kind, _, who = filled.choice("to").partition(":")
        if kind == _AGENT and await self._find(who) is None:
            return {"to": _NO_AGENT}
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Hand the case over."""
        case_id, note = filled.about.case_id, typed(filled.text("note"))
        kind, _, who = filled.choice("to").partition(":")
        seen = filled.about.what or None
        if kind == _AGENT:
            to = await self._find(who)
            if to is None:
                raise CaseError(_NO_AGENT)
            await self._casework.assign(case_id, agent, to, note, seen=seen)
        elif kind == _GROUP:
            await self._casework.pass_on(case_id, agent, self._rules.group(who), note, owner=seen)
        else:
            if note:
                await self._casework.note(case_id, agent, note, key=f"slack:{filled.key}")
            await self._casework.release(case_id, agent, owner=seen)
        return ""

    async def _find(self, staff_id: str) -> Staff | None:
        found = {one.staff.id: one.staff for one in await self._staffing.status()}
        return found.get(staff_id)

    def _choices(
        self, case: Case, colleagues: Sequence[AgentStatus]
    ) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        ranked = sorted(colleagues, key=lambda one: (one.away, one.load - one.capacity))
        if people := [(_words(one), f"{_AGENT}:{one.staff.id}") for one in ranked[:_MOST]]:
            yield "Agents", people
        here = self._rules.group(case.route.group)
        others = [group for group in self._rules.groups if group is not here]
        if groups := [(group.name, f"{_GROUP}:{group.key}") for group in others[:_MOST]]:
            yield "Groups", groups
        if case.agent_id:
            yield "No one", [("Back to the queue", _QUEUE)]


def _words(status: AgentStatus) -> str:
    cases = "1 case" if status.load == 1 else f"{status.load} cases"
    return f"{status.staff.name} · {_until(status.away_until) if status.away else cases}"


def _until(moment: datetime | None) -> str:
    return f"away until {moment:%H:%M} UTC" if moment else "away"
