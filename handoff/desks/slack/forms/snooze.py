"""Let a claimed case rest until a moment, or until the customer writes."""

from datetime import timedelta

from conversation.clock import Clock
from handoff.case import Case
from handoff.casework.owners import LONGEST_REST
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import moment
from staff.account import Staff

_FIRST = timedelta(hours=1)


class Snooze:
    """Satisfies `Form`."""

    name = "snooze"

    def __init__(self, casework: Casework, clock: Clock) -> None:
        self._casework = casework
        self._clock = clock

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """Until when?"""
        hint = "It comes back at this time, or as soon as the customer writes. They are not told."
        first = self._clock() + _FIRST
        return Sheet(
            f"Snooze case {case.number}", "Snooze", (moment("until", "Until", first, hint=hint),)
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """A moment that is over, or too far away."""
        until, now = filled.moment("until"), self._clock()
        if until is None or not now < until <= now + LONGEST_REST:
            return {"until": f"Choose a moment within the next {LONGEST_REST.days} days."}
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Let it rest."""
        await self._casework.snooze(filled.about.case_id, agent, filled.moment("until"))
        return ""
