"""Resolve a case: how it ended, a last word, the survey, and whether a person was needed."""

from handoff.case import Case, Resolution
from handoff.casework.needed import NOT_SAID, QUESTION, Needed
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import one_of, text, tick
from handoff.desks.slack.forms.saying import said, unsayable
from staff.account import Staff


class Resolve:
    """Satisfies `Form`."""

    name = "resolve"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """How did it end?"""
        return Sheet(
            f"Resolve case {case.number}",
            "Resolve",
            (
                one_of(
                    "resolution",
                    "How did it end?",
                    [(one.words, one.value) for one in Resolution],
                    first=Resolution.SOLVED.value,
                ),
                text(
                    "closing",
                    "Last message to the customer",
                    most=3000,
                    hint="Sent under your name before the chat closes; empty sends none.",
                ),
                one_of(
                    "needed",
                    QUESTION,
                    [(one.words, one.value) for one in Needed],
                    hint="Your answer tunes when the assistant fetches a person.",
                ),
                tick("survey", "Survey", "Ask the customer for a rating", ticked=True),
            ),
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """No word on whether a person was needed; a last message that may be a private note."""
        missing = {} if filled.choice("needed") else {"needed": NOT_SAID}
        return {**missing, **unsayable(filled, "closing")}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Close the case."""
        await self._casework.resolve(
            filled.about.case_id,
            agent,
            resolution=Resolution(filled.choice("resolution")),
            needed=Needed(filled.choice("needed")).judged,
            closing=said(filled, "closing"),
            survey=filled.ticked("survey"),
            key=filled.key,
        )
        return ""
