"""Look behind a mask: one value at a time, and it is noted who did."""

from handoff.case import Case, CaseError
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet, Shown
from handoff.desks.slack.forms.inputs import menu
from staff.account import Staff

_MOST = 100
_HINT = "Only you see it, in this case's thread. The case notes who looked at what, and when."


class Reveal:
    """Satisfies `Form`."""

    name = "reveal"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """Which one?"""
        hidden = await self._casework.hidden(case.id)
        if not hidden:
            raise CaseError("Nothing is masked in this case.")
        choices = [(f"{token} · {kind.words}", token) for token, kind in hidden.items()]
        block = menu("token", "What do you need to see?", [("", choices[:_MOST])], hint=_HINT)
        return Sheet(f"Reveal in case {case.number}", "Show it to me", (block,))

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """Nothing can be wrong."""
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> Shown:
        """Note it, and show it to the agent alone."""
        shown = Shown(filled.about.case_id, filled.choice("token"))
        await self._casework.reveal(shown.case_id, agent, shown.token)
        return shown
