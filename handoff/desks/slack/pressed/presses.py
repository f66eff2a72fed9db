"""What agents press on a card, in a menu, or in a message that only they see."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from conversation.clock import Clock
from handoff.case import Case, CaseError
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Incoming
from handoff.desks.slack.agents import Act, Agents
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.forms.form import About
from handoff.desks.slack.pressed.actions import CLAIM, FORM, MENU, REOPEN
from handoff.desks.slack.pressed.views import TooLate, Views, view_of
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.said import Said, said_in_thread
from handoff.ports import Store
from staff.account import Staff

_NOT_OPENED = (
    "The form did not open: Slack allows three seconds for that, and they were over. Press again, "
    "or do it on the case's page in the browser, linked at the end of its card."
)

_NO_MORE = (
    "Nothing was done: this is too old. Heard no longer has what you wrote; write it once more."
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press: which action with which value, by whom, where.

    `form_id` is the open form that it was in, "" where it was in none.
    """

    action: str
    value: str
    user: str
    team: str
    place: Place
    trigger: str
    form_id: str

    @classmethod
    def of(cls, body: Payload, action: Payload) -> "Pressed":
        """Read it from Slack's request."""
        user, view = body.get("user") or {}, view_of(body)
        chosen = action.get("selected_option") or {}
        return cls(
            action=str(action.get("action_id")),
            value=str(action.get("value") or chosen.get("value") or ""),
            user=str(user.get("id")),
            team=str(user.get("team_id") or ""),
            place=_place(body, view),
            trigger=str(body.get("trigger_id") or ""),
            form_id=str(view.get("id") or "") if view.get("type") == "modal" else "",
        )


class Presses:
    """Does what the card offers."""

    def __init__(
        self,
        store: Store,
        casework: Casework,
        agents: Agents,
        forms: Forms,
        views: Views,
        courtesy: Courtesy,
        clock: Clock,
    ) -> None:
        self._courtesy = courtesy
        self._clock = clock
        self._store = store
        self._casework = casework
        self._agents = agents
        self._forms = forms
        self._views = views

    async def on_card(self, pressed: Pressed) -> None:
        """Claim or reopen."""
        verbs: dict[str, Callable[[str, Staff], Awaitable[Case]]] = {
            CLAIM: self._casework.claim,
            REOPEN: self._casework.reopen,
        }
        verb = verbs[pressed.action]
        await self._as_agent(pressed, lambda agent: verb(pressed.value, agent))

    async def retry(self, pressed: Pressed) -> None:
        """Work off once more what its author could not send."""
        said = await self._own(pressed)
        if said is not None:
            await self._again(pressed, said)

    async def go_on(self, pressed: Pressed) -> None:
        """Open the case again and send what its author wrote after its end."""
        said = await self._own(pressed)
        if said is None:
            return
        async with self._store.read() as work:
            case = await work.cases.by_ref(said.thread.ref)
        if case is None:
            return  # it stands elsewhere by now; there it can be opened again

        async def do(agent: Staff) -> None:
            await self._casework.reopen(case.id, agent)
            await self._again(pressed, said)

        await self._as_agent(pressed, do)

    async def _own(self, pressed: Pressed) -> Said | None:
        """What they wrote, that the button is about; None for anybody else's. They are told where
        it is not kept any more."""
        async with self._store.read() as work:
            kept = await work.inbox.find(pressed.value)
        if kept is None:
            await self._agents.tell(pressed.place, pressed.user, _NO_MORE)
        said = _message_of(kept) if kept else None
        return said if said is not None and said.user == pressed.user else None

    async def _again(self, pressed: Pressed, said: Said) -> None:
        await self._courtesy.on_its_way(said.place)
        async with self._store.work() as work:
            await work.inbox.again(pressed.value, self._clock())

    async def for_form(self, pressed: Pressed) -> None:
        """Open a form: in a card's menu the entry's value names it, else the action does."""
        if pressed.action == MENU:
            name, _, case_id = pressed.value.partition(":")
        else:
            name, case_id = pressed.action.removeprefix(f"{FORM}:"), pressed.value
        if name not in self._forms.names:
            raise CaseError(f"There is no form {name}.")

        async def open_it(agent: Staff) -> None:
            await self._open(name, await self._case(case_id), agent, pressed)

        await self._as_agent(pressed, open_it)

    async def _open(self, name: str, case: Case, agent: Staff, pressed: Pressed) -> None:
        place = Place.of(case.ref) if case.ref else pressed.place
        view = await self._forms.view(name, case, agent, About(case.id, place))
        if pressed.form_id:
            await self._views.show_instead(pressed.form_id, view)
            return
        try:
            await self._views.open(pressed.trigger, view)
        except TooLate:
            await self._agents.tell(place, pressed.user, _NOT_OPENED)

    async def _case(self, case_id: str) -> Case:
        async with self._store.read() as work:
            return await work.cases.get(case_id)

    async def _as_agent(self, pressed: Pressed, do: Act) -> None:
        await self._agents.act(pressed.place, pressed.user, do, team=pressed.team)


def _message_of(kept: Incoming) -> Said | None:
    event = json.loads(kept.body).get("event")
    return said_in_thread(event) if isinstance(event, dict) else None


def _place(body: Payload, view: Payload) -> Place:
    """The thread in which it was pressed, or that the form is about."""
    container, message = body.get("container") or {}, body.get("message") or {}
    ts = container.get("message_ts") or message.get("ts")
    if ts:
        channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
        thread = container.get("thread_ts") or message.get("thread_ts") or ts
        return Place(str(channel), str(thread))
    try:
        return About.of(view.get("private_metadata")).place
    except ValueError:
        return Place("", "")
