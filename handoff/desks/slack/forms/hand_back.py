"""Hand a conversation back to the assistant, with what it should know."""

from collections.abc import Mapping

from handoff.case import Case
from handoff.casework.handing_back import A_FACT, TAKEN_UP
from handoff.casework.not_yours import ALL_THE_SAME, not_yours
from handoff.casework.verbs import Casework
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import text, tick
from handoff.desks.slack.forms.saying import said, unsayable
from staff.account import Staff

_SUMMARY, _FACTS = 1000, 1000
_WRONG_FACT = f"Write one fact a line with a colon, such as: {A_FACT}"


class HandBack:
    """Satisfies `Form`."""

    name = "hand_back"

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """What should the assistant know?"""
        whose = not_yours(case, agent)
        return Sheet(
            f"Hand back case {case.number}",
            "Hand back",
            (
                *([tick("sure", whose, ALL_THE_SAME, needed=True)] if whose else []),
                text(
                    "summary",
                    "What should the assistant know?",
                    most=_SUMMARY,
                    placeholder="It is about order 1001. The refund is on its way.",
                    hint=TAKEN_UP,
                ),
                text(
                    "facts",
                    "Facts, one a line",
                    most=_FACTS,
                    placeholder=A_FACT,
                    hint=f"A name, a colon and what holds, such as {A_FACT}.",
                ),
                text(
                    "saying",
                    "Say to the customer now",
                    most=3000,
                    hint="Sent at once under your name, before the assistant answers; empty sends "
                    "nothing.",
                ),
            ),
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """A fact without its label; words to the customer that may be meant as a private note."""
        wrong = {} if _facts(filled) is not None else {"facts": _WRONG_FACT}
        return {**wrong, **unsayable(filled, "saying")}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Give the conversation to the bot."""
        facts = _facts(filled) or {}
        case_id, summary = filled.about.case_id, filled.text("summary")
        saying = said(filled, "saying")
        await self._casework.hand_back(
            case_id, agent, summary, facts, saying=saying, key=filled.key
        )
        return ""


def _facts(filled: Filled) -> Mapping[str, str] | None:
    """Value by label, None where a line is no such pair."""
    lines = [line for line in filled.text("facts").splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    if not all(label.strip() and value.strip() for label, _, value in pairs):
        return None
    return {label.strip(): value.strip() for label, _, value in pairs}
