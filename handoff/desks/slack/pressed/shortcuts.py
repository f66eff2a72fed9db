"""Shortcuts on a message in a case's thread: a private note, and all that can be done."""

from handoff.case import Case, CaseError
from handoff.casework.verbs import Casework
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.forms.form import About
from handoff.desks.slack.pressed.actions import opens
from handoff.desks.slack.pressed.views import TooLate, View, Views
from handoff.desks.slack.shown.blocks import actions, button, plain_text, section
from handoff.desks.slack.shown.card import offers
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.text import fit
from handoff.desks.slack.web_api.calls import Payload
from handoff.ports import Store
from staff.account import Staff

NOTE, ACTIONS = "heard_note", "heard_actions"

_NO_CASE = "This message belongs to no case: use the shortcut on a case's card or in its thread."
_NOT_OPENED = "The form did not open in time. Please use the shortcut again."


class Shortcuts:
    """What the menu of a message offers."""

    names = (NOTE, ACTIONS)

    def __init__(
        self, store: Store, casework: Casework, agents: Agents, forms: Forms, views: Views
    ) -> None:
        self._store = store
        self._casework = casework
        self._agents = agents
        self._forms = forms
        self._views = views

    async def use(self, body: Payload) -> None:
        """Open what the shortcut is for."""
        user, message = body.get("user") or {}, body.get("message") or {}
        channel = str((body.get("channel") or {}).get("id"))
        place = Place(channel, str(message.get("thread_ts") or message.get("ts")))

        async def open_it(agent: Staff) -> None:
            view = await self._view(str(body.get("callback_id")), place, agent)
            try:
                await self._views.open(str(body.get("trigger_id")), view)
            except TooLate:
                await self._agents.tell(place, str(user.get("id")), _NOT_OPENED)

        team = str(user.get("team_id") or "")
        await self._agents.act(place, str(user.get("id")), open_it, team=team)

    async def _view(self, name: str, place: Place, agent: Staff) -> View:
        async with self._store.read() as work:
            case = await work.cases.by_ref(place.ref) or await work.cases.by_former_ref(place.ref)
        if case is None:
            raise CaseError(_NO_CASE)
        about = About(case.id, place)
        if name == NOTE:
            return await self._forms.view("note", case, agent, about)
        hidden = await self._casework.hidden(case.id)
        return _all_actions(case, about, masked=bool(hidden))


def _all_actions(case: Case, about: About, *, masked: bool) -> View:
    buttons = [button(opens(form), label, case.id) for form, label in offers(case, masked=masked)]
    shown = section(f"*Case {case.number}*  {fit(case.customer, 120)}")
    return {
        "type": "modal",
        "callback_id": ACTIONS,
        "private_metadata": about.text,
        "title": plain_text(f"Case {case.number}", 24),
        "close": plain_text("Close", 24),
        "blocks": [shown, *([actions(buttons)] if buttons else [])],
    }
