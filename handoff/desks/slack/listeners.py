"""What agents do in Slack becomes casework; what everybody else does there becomes nothing."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from handoff.case import Case, CaseError
from handoff.casework import Casework
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.calls import Payload, quiet_logger
from handoff.desks.slack.card import CLAIM, HAND_BACK, RESOLVE
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.names import Names
from handoff.desks.slack.place import Place
from handoff.desks.slack.plain import mentioned, plain
from handoff.desks.slack.said import Said, said_in_thread
from handoff.ports import Store
from staff.account import Staff

log = structlog.get_logger()

_ANYTHING = re.compile(".*")
_FILES_STAY = "Files do not reach the customer: only your text was sent."
_MOVED = "This case has gone to another group, and this did not reach the customer: reply there."
_ONLY_FILES = "Files do not reach the customer: nothing was sent."


class CaseNotKnownYet(Exception):
    """The thread is headed by a message of ours that no case points to: its post is under way."""


class Listeners:
    """Listens to one workspace through Bolt."""

    def __init__(self, api: SlackApi, store: Store, casework: Casework, courtesy: Courtesy) -> None:
        self._api = api
        self._store = store
        self._casework = casework
        self._courtesy = courtesy
        self._names = Names(api, store)

    def app(self, api_url: str) -> AsyncApp:
        """The Bolt app. Whatever a listener raises comes out of `async_dispatch`."""

        async def authorize() -> AuthorizeResult:
            # Bolt's own way asks auth.test on a listener's time and swallows its failure.
            me = await self._api.identity()
            return AuthorizeResult(
                enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id
            )

        app = AsyncApp(
            name="heard",
            logger=quiet_logger(),
            client=AsyncWebClient(base_url=api_url, logger=quiet_logger(), retry_handlers=[]),
            authorize=authorize,
            request_verification_enabled=False,  # verified at the door; old by now
            process_before_response=True,
        )
        app.error(_let_out)
        app.event("message")(self._on_message)
        for action in (CLAIM, RESOLVE, HAND_BACK):
            app.action(action)(self._on_button)
        app.event(_ANYTHING)(_pass_by)
        app.action(_ANYTHING)(_pass_by)
        return app

    def gave_up(self, body: Payload) -> None:
        """Tell the author of a message that it was not delivered, for a reason of ours."""
        event = body.get("event")
        said = said_in_thread(event) if isinstance(event, dict) else None
        if said is not None:
            text = "Something went wrong: this did not reach the customer. Please send it again."
            self._courtesy.whisper(said.thread, said.user, text)

    async def _on_message(self, event: Payload) -> None:
        said = said_in_thread(event)
        if said is None:
            return
        case = await self._case_at(said.thread)
        if case is None:
            await self._nowhere(said)
            return
        await self._as_agent(said.thread, said.user, lambda agent: self._hear(case, agent, said))

    async def _nowhere(self, said: Said) -> None:
        """The thread was a case's before, will be one's soon, or is none of ours."""
        async with self._store.read() as work:
            gone = await work.cases.by_former_ref(said.thread.ref)
        if gone is not None:
            self._courtesy.whisper(said.thread, said.user, _MOVED)
        elif said.thread_of == (await self._api.identity()).user_id:
            raise CaseNotKnownYet(said.thread.ref)

    async def _hear(self, case: Case, agent: Staff, said: Said) -> None:
        names = await self._names.of(mentioned(said.text))
        note = said.note
        if note is not None:
            text = plain(note, names, said.emoji)
            await self._casework.note(case.id, agent, text, key=f"slack:{said.key}")
            return
        text = plain(said.text, names, said.emoji)
        if said.has_files:
            self._courtesy.whisper(said.thread, said.user, _FILES_STAY if text else _ONLY_FILES)
            if not text:
                return
        await self._casework.reply(case.id, agent, text, key=said.key, via="slack")
        self._courtesy.tick(said.place)

    async def _on_button(
        self, body: Payload, action: Payload, ack: Callable[[], Awaitable[Any]]
    ) -> None:
        await ack()
        container = body.get("container") or {}
        place = Place(str(container.get("channel_id")), str(container.get("message_ts")))
        verb, case_id = str(action.get("action_id")), str(action.get("value"))
        user = str((body.get("user") or {}).get("id"))
        await self._as_agent(place, user, lambda agent: self._press(verb, case_id, agent))

    async def _press(self, verb: str, case_id: str, agent: Staff) -> None:
        if verb == CLAIM:
            await self._casework.claim(case_id, agent)
        elif verb == RESOLVE:
            await self._casework.resolve(case_id, agent)
        else:
            await self._casework.hand_back(case_id, agent, summary="")

    async def _as_agent(
        self, place: Place, user: str, act: Callable[[Staff], Awaitable[None]]
    ) -> None:
        """Let the user act as the agent they are; tell them alone where that is not possible."""
        async with self._store.read() as work:
            agent = await work.accounts.by_slack_user(user)
        if agent is None:
            text = (
                "Nothing was done and nothing was sent: only agents can work on cases. An admin "
                f"can put your Slack member ID ({user}) into your account."
            )
            self._courtesy.whisper(place, user, text)
            return
        try:
            await act(agent)
        except CaseError as error:
            self._courtesy.whisper(place, user, str(error))

    async def _case_at(self, thread: Place) -> Case | None:
        async with self._store.read() as work:
            return await work.cases.by_ref(thread.ref)


async def _let_out(error: Exception) -> None:
    raise error


async def _pass_by(ack: Callable[[], Awaitable[Any]]) -> None:
    await ack()
