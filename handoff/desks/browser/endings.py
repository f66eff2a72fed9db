"""How a case ends and goes on, as the forms of its page say."""

from collections.abc import Mapping

from sanic import HTTPResponse, Request
from sanic.exceptions import BadRequest

from handoff.case import Case, CaseError, Resolution
from handoff.casework.handing_back import A_FACT
from handoff.casework.needed import NOT_SAID, Needed
from handoff.casework.not_yours import ALL_THE_SAME, not_yours
from handoff.desks.browser.submitted import INCOMPLETE, Typed, agent_of, typed
from handoff.desks.browser.verbs import Handler, Verbs
from staff.account import Staff


class Ending(Verbs):
    """Resolve, hand back, reopen."""

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """The handlers by the last part of their path."""
        return {"resolve": self.resolve, "hand-back": self.hand_back, "reopen": self.reopen}

    async def resolve(self, request: Request, case_id: str) -> HTTPResponse:
        """Close the case, with a judgement and a last word."""
        sent = typed(request, "resolve", "resolution", "needed", "closing", "survey")
        judged = sent.fields["resolution"] or Resolution.SOLVED.value
        needed = sent.fields["needed"]
        if judged not in set(Resolution) or needed not in {"", *Needed}:
            raise BadRequest(INCOMPLETE)
        done = self._resolve(case_id, agent_of(request), sent, Resolution(judged))
        return await self._answer(request, case_id, done, sent, "main")

    async def hand_back(self, request: Request, case_id: str) -> HTTPResponse:
        """Give the conversation back to the assistant, with what it should know."""
        sent = typed(request, "hand-back", "summary", "facts", "saying", "sure")
        done = self._hand_back(case_id, agent_of(request), sent)
        return await self._answer(request, case_id, done, sent, "main")

    async def reopen(self, request: Request, case_id: str) -> HTTPResponse:
        """Go on with a closed case."""
        done = self._casework.reopen(case_id, agent_of(request))
        return await self._answer(request, case_id, done, Typed(), "composer")

    async def _resolve(self, case_id: str, agent: Staff, sent: Typed, judged: Resolution) -> Case:
        if not sent.fields["needed"]:
            raise CaseError(f"The case is not resolved yet. {NOT_SAID}")
        return await self._casework.resolve(
            case_id,
            agent,
            resolution=judged,
            needed=Needed(sent.fields["needed"]).judged,
            closing=sent.fields["closing"],
            survey=sent.fields["survey"] == "on",
            key=sent.key,
        )

    async def _hand_back(self, case_id: str, agent: Staff, sent: Typed) -> Case:
        async with self._parts.store.read() as work:
            whose = not_yours(await work.cases.get(case_id), agent)
        if whose and sent.fields["sure"] != "on":
            raise CaseError(f"{whose} To go on, tick “{ALL_THE_SAME}”.")
        facts = _facts(sent.fields["facts"])
        summary = sent.fields["summary"]
        saying = sent.fields["saying"]
        return await self._casework.hand_back(
            case_id, agent, summary, facts, saying=saying, key=sent.key
        )


def _facts(text: str) -> Mapping[str, str]:
    """Label and value of every line. Raises: CaseError naming the line that has no colon."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        label, colon, value = line.partition(":")
        if not colon or not label.strip() or not value.strip():
            raise CaseError(
                f"Write every fact as a name, a colon and what holds, such as {A_FACT}. "
                f"This line is not: {line[:80]}"
            )
        found[label.strip()] = value.strip()
    return found
