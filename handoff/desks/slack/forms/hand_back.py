"""Hand a conversation back to the assistant, with what it should know."""

from collections.abc import Mapping

from conversation.hand_back import FOR_CUSTOMER
from handoff.case import Case
from handoff.casework import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import text
from staff.account import Staff

_SUMMARY, _FACTS = 1000, 1000
_WRONG_FACT = "Write one fact a line with a colon, such as: Order: NP-10423"


class HandBack:
    """Satisfies `Form`."""

    name = "hand_back"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """What should the assistant know?"""
        return Sheet(
            f"Hand back case {case.number}",
            "Hand back",
            (
                text(
                    "summary",
                    "What should the assistant know?",
                    most=_SUMMARY,
                    placeholder="The parcel is found and comes tomorrow.",
                    hint="The assistant answers the customer from now on. The customer is told so, "
                    "and does not see this text.",
                ),
                text(
                    "facts",
                    "Facts, one a line",
                    most=_FACTS,
                    placeholder="Order: NP-10423",
                    hint=f'A line "{FOR_CUSTOMER}: ..." is read to the customer.',
                ),
            ),
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """A fact without its label."""
        return {} if _facts(filled) is not None else {"facts": _WRONG_FACT}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Give the conversation to the bot."""
        facts = _facts(filled) or {}
        case_id, summary = filled.about.case_id, filled.text("summary")
        await self._casework.hand_back(case_id, agent, summary, facts, key=filled.key)
        return ""


def _facts(filled: Filled) -> Mapping[str, str] | None:
    """Value by label, None where a line is no such pair."""
    lines = [line for line in filled.text("facts").splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    if not all(label.strip() and value.strip() for label, _, value in pairs):
        return None
    return {label.strip(): value.strip() for label, _, value in pairs}
