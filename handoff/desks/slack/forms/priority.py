"""Say how much a case matters beside the others."""

from handoff.case import Case, Priority
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import one_of
from staff.account import Staff


class Prioritise:
    """Satisfies `Form`."""

    name = "priority"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """How much does it matter?"""
        choices = [(one.value.capitalize(), one.value) for one in Priority]
        block = one_of("priority", "How urgent is it?", choices, first=case.priority.value)
        return Sheet(f"Priority of case {case.number}", "Save", (block,))

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """Nothing can be wrong."""
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Set the priority."""
        priority = Priority(filled.choice("priority"))
        await self._casework.prioritise(filled.about.case_id, agent, priority)
        return ""
