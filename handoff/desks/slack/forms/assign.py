"""Give a case to a colleague, or back to the queue."""

from collections.abc import Sequence
from datetime import datetime

from handoff.case import Case, CaseError
from handoff.casework import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import menu, text
from handoff.desks.slack.plain import typed
from handoff.staffing import AgentStatus, Staffing
from staff.account import Staff

_QUEUE = "queue"
_MOST = 100
_NOTE = 1000


class Assign:
    """Satisfies `Form`."""

    name = "assign"

    def __init__(self, casework: Casework, staffing: Staffing) -> None:
        self._casework = casework
        self._staffing = staffing

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """To whom?"""
        colleagues = [one for one in await self._staffing.status() if one.staff.id != case.agent_id]
        if not colleagues and case.agent_id is None:
            raise CaseError("There is nobody to give this case to: add an account for an agent.")
        return Sheet(
            f"Assign case {case.number}",
            "Assign",
            (
                menu("to", "To", _groups(case, colleagues)),
                text("note", "Private note", most=_NOTE, hint="The customer does not see it."),
            ),
            what=case.agent_id or "",
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """Somebody who is no agent any more."""
        to = filled.choice("to")
        if to != _QUEUE and await self._find(to) is None:
            return {"to": "This colleague is no agent any more. Choose somebody else."}
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Hand the case over."""
        case_id, note = filled.about.case_id, typed(filled.text("note"))
        to = await self._find(filled.choice("to"))
        if to is not None:
            seen = filled.about.what or None
            await self._casework.assign(case_id, agent, to, note, seen=seen)
            return ""
        if note:
            await self._casework.note(case_id, agent, note, key=f"slack:{filled.key}")
        await self._casework.release(case_id, agent)
        return ""

    async def _find(self, staff_id: str) -> Staff | None:
        found = {one.staff.id: one.staff for one in await self._staffing.status()}
        return found.get(staff_id)


def _groups(
    case: Case, colleagues: Sequence[AgentStatus]
) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    ranked = sorted(colleagues, key=lambda one: (one.away, one.load - one.capacity, one.staff.name))
    people = [(_words(one), one.staff.id) for one in ranked[:_MOST]]
    groups = [("Agents", people)] if people else []
    return [*groups, ("No one", [("Back to the queue", _QUEUE)])] if case.agent_id else groups


def _words(status: AgentStatus) -> str:
    cases = "1 case" if status.load == 1 else f"{status.load} cases"
    return f"{status.staff.name} · {_until(status.away_until) if status.away else cases}"


def _until(moment: datetime | None) -> str:
    return f"away until {moment:%H:%M} UTC" if moment else "away"
