"""A private note on a case, written away from its thread's reply field."""

from handoff.case import Case
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import text
from handoff.desks.slack.written.plain import typed
from staff.account import Staff


class WriteNote:
    """Satisfies `Form`."""

    name = "note"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """What should colleagues know?"""
        return Sheet(
            f"Note on case {case.number}",
            "Keep the note",
            (
                text(
                    "note",
                    "Private note",
                    most=3000,
                    needed=True,
                    hint="Colleagues see it on the case. It never reaches the customer.",
                ),
            ),
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """A note without words."""
        return {} if filled.text("note") else {"note": "Write the note first."}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Keep the note."""
        words = typed(filled.text("note"))
        await self._casework.note(filled.about.case_id, agent, words, key=f"slack:{filled.key}")
        return ""
