"""All forms: opens them, checks what is sent while they are open, and has it done."""

import asyncio
from collections.abc import Iterable, Mapping

import structlog

from handoff.case import Case, CaseError
from handoff.desks.slack.agents import Agents, not_an_agent
from handoff.desks.slack.forms.form import About, Filled, Form, Shown, filled_of, view_of_sheet
from handoff.desks.slack.pressed.views import View
from handoff.desks.slack.web_api.calls import Payload
from staff.account import Staff

log = structlog.get_logger()

_PATIENCE_S = 2.0  # Slack waits three seconds for the answer to a form


class Forms:
    """Every form by its name."""

    def __init__(self, forms: Iterable[Form], agents: Agents) -> None:
        self._forms: Mapping[str, Form] = {form.name: form for form in forms}
        self._agents = agents

    @property
    def names(self) -> frozenset[str]:
        """The names of all forms."""
        return frozenset(self._forms)

    async def view(self, name: str, case: Case, agent: Staff, about: About) -> View:
        """The form, empty. Raises: CaseError where the case does not allow it."""
        sheet = await self._forms[name].sheet(case, agent)
        what = About(about.case_id, about.place, sheet.what)
        return view_of_sheet(name, sheet, what)

    async def answer(self, found: Payload) -> Payload | None:
        """What Slack is to show in a form that was sent, None where it may be closed and done.

        Never raises: what cannot be checked in time is found out when it is done.
        """
        view = found.get("view")
        if found.get("type") != "view_submission" or not isinstance(view, dict):
            return None
        form = self._forms.get(str(view.get("callback_id")))
        if form is None:
            return None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                problems = await self._problems(form, found, filled_of(view))
        except Exception as error:
            log.warning("slack_form_not_checked", form=form.name, error=type(error).__name__)
            return None
        if not problems:
            return None
        errors = {name or _first_input(view): words for name, words in problems.items()}
        return {"response_action": "errors", "errors": errors}

    async def submit(self, found: Payload) -> None:
        """Do what a form asks for. Raises: ValueError where it is none of ours."""
        view = found["view"]
        form, filled = self._forms[str(view.get("callback_id"))], filled_of(view)
        user = found.get("user") or {}

        async def do(agent: Staff) -> None:
            told = await form.submit(filled, agent)
            if isinstance(told, Shown):
                await self._agents.show(filled.about.place, str(user.get("id")), told)
            elif told:
                await self._agents.tell(filled.about.place, str(user.get("id")), told)

        team = str(user.get("team_id") or "")
        await self._agents.act(filled.about.place, str(user.get("id")), do, team=team)

    async def _problems(self, form: Form, found: Payload, filled: Filled) -> Mapping[str, str]:
        user = found.get("user") or {}
        who = str(user.get("id"))
        agent = await self._agents.find(who, str(user.get("team_id") or ""))
        if agent is None:
            return {"": not_an_agent(who)}
        try:
            return await form.problems(filled, agent)
        except CaseError as error:
            return {"": str(error)}


def _first_input(view: View) -> str:
    """The block under which an error stands that is about no input in particular."""
    blocks = view.get("blocks") or ()
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), "")
