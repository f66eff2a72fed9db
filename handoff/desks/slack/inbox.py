"""Work off what came in from Slack, in order within a thread, until it is done or given up."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import parse_qs

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from conversation.clock import Clock
from handoff.boxes import Incoming
from handoff.desk import DeskError, reason
from handoff.desks.slack.api import Identity, SlackApi
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.listeners import Listeners
from handoff.desks.slack.place import Place
from handoff.leases import LEASE, kept
from handoff.ports import Store
from handoff.wakes import Live, inbox_topic

log = structlog.get_logger()

SOURCE = "slack"
_AT_ONCE = 8
_MOST_TRIES = 5
_IDLE_S = 5.0
_LEAST_PAUSE_S = 0.01
_SLACK_AWAY_S = 10.0


class InboxWorker:
    """Hands stored requests to Bolt."""

    def __init__(
        self,
        store: Store,
        live: Live,
        clock: Clock,
        api: SlackApi,
        listeners: Listeners,
        app: AsyncApp,
        retry_pause_s: float,
    ) -> None:
        self._store = store
        self._live = live
        self._clock = clock
        self._api = api
        self._listeners = listeners
        self._app = app
        self._retry_pause_s = retry_pause_s
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Work until cancelled. While Slack cannot say who we are, requests wait untouched."""
        async with (
            self._live.listen(inbox_topic(SOURCE)) as listener,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                pause = _IDLE_S
                try:
                    await self._api.identity()
                    await self._begin_all(tasks)
                    pause = await self._pause()
                except DeskError as error:
                    log.warning("slack_unreachable", error=str(error))
                    pause = _SLACK_AWAY_S
                except Exception:
                    log.exception("slack_inbox_failed")
                await listener.wait(pause)

    async def _begin_all(self, tasks: asyncio.TaskGroup) -> None:
        """Begin what is due. A request that takes its time holds up its own thread only."""
        while True:
            await self._at_once.acquire()
            incoming = None
            try:
                incoming = await self._claim()
            finally:
                if incoming is None:
                    self._at_once.release()
            if incoming is None:
                return
            tasks.create_task(self._work_off(incoming))

    async def _claim(self) -> Incoming | None:
        while True:
            async with self._store.read() as work:
                incoming = await work.inbox.next(SOURCE, self._clock())
            if incoming is None:
                return None
            async with self._store.work() as work:
                if await work.inbox.begin(incoming, self._clock() + LEASE):
                    return incoming

    async def _pause(self) -> float:
        async with self._store.read() as work:
            next_at = await work.inbox.next_at(SOURCE)
        if next_at is None:
            return _IDLE_S
        return min(_IDLE_S, max(_LEAST_PAUSE_S, (next_at - self._clock()).total_seconds()))

    async def _work_off(self, incoming: Incoming) -> None:
        try:
            async with kept(partial(self._renew, incoming)):
                await self._dispatch(incoming)
            await self._done(incoming)
        except Exception as error:
            await self._give_up_or_wait(incoming, error)
        finally:
            self._at_once.release()
            self._live.wake(inbox_topic(SOURCE))  # the next of its thread may begin

    async def _renew(self, incoming: Incoming) -> None:
        async with self._store.work() as work:
            await work.inbox.renew(incoming, self._clock() + LEASE)

    async def _give_up_or_wait(self, incoming: Incoming, error: Exception) -> None:
        try:
            await self._failed(incoming, error)
        except Exception:
            log.exception("slack_request_not_kept", incoming=incoming.id)  # its lease ends

    async def _failed(self, incoming: Incoming, error: Exception) -> None:
        tries = incoming.attempts + 1
        last = tries >= _MOST_TRIES
        log.error(
            "slack_request_failed", incoming=incoming.id, tries=tries, last=last, exc_info=error
        )
        if last:
            await self._done(incoming, reason(error))
            self._listeners.gave_up(payload(incoming.body, incoming.headers["content-type"]))
            return
        pause = timedelta(seconds=self._retry_pause_s * 2 ** (tries - 1))
        async with self._store.work() as work:
            await work.inbox.postpone(incoming, self._clock() + pause, reason(error))

    async def _dispatch(self, incoming: Incoming) -> None:
        found = payload(incoming.body, incoming.headers["content-type"])
        if foreign(found, await self._api.identity()):
            log.warning("slack_request_foreign", incoming=incoming.id)
            return
        headers = {name: [value] for name, value in incoming.headers.items()}
        request = AsyncBoltRequest(body=incoming.body.decode(), headers=dict(headers))
        await self._app.async_dispatch(request)

    async def _done(self, incoming: Incoming, error: str | None = None) -> None:
        async with self._store.work() as work:
            await work.inbox.done(incoming, self._clock(), error)


def payload(body: bytes, content_type: str) -> Payload:
    """What a request says: the JSON object that is its body, or stands in its form's field
    `payload`; of a slash command the form's fields, with `type` "slash_command".

    Raises: ValueError where there is none.
    """
    text = body.decode()
    if not content_type.startswith("application/json"):
        form = parse_qs(text)
        if "command" in form and "payload" not in form:
            return {"type": "slash_command"} | {name: given[0] for name, given in form.items()}
        text = form.get("payload", [""])[0]
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def thread_of(found: Payload) -> str:
    """What the request is about: what is said and pressed in one thread keeps its order.

    Returns: "" where it is about no message.
    """
    event, container = found.get("event"), found.get("container")
    if isinstance(event, dict):
        channel, ts = event.get("channel"), event.get("thread_ts") or event.get("ts")
    elif isinstance(container, dict):
        channel, ts = container.get("channel_id"), container.get("message_ts")
    else:
        return ""
    return Place(channel, ts).ref if isinstance(channel, str) and isinstance(ts, str) else ""


def rank_of(found: Payload) -> int | None:
    """When it happened by Slack's clock, in microseconds: Slack does not promise to send in order.

    Returns: None where Slack does not say.
    """
    event, actions = found.get("event"), found.get("actions")
    stamp: object = event.get("event_ts") or event.get("ts") if isinstance(event, dict) else None
    if isinstance(actions, list) and actions and isinstance(actions[0], dict):
        stamp = actions[0].get("action_ts")
    try:
        return int(Decimal(str(stamp)) * 1_000_000)
    except (ArithmeticError, ValueError):
        return None


def settles(found: Payload) -> bool:
    """True for what a person says in a thread: what was said before it may still be on its way."""
    event = found.get("event")
    if not isinstance(event, dict) or event.get("type") != "message" or event.get("bot_id"):
        return False
    return bool(event.get("thread_ts")) and event.get("thread_ts") != event.get("ts")


def of_bots(found: Payload) -> bool:
    """True for what a bot said, changed or took back: ourselves or another."""
    event = found.get("event")
    if not isinstance(event, dict) or event.get("type") != "message":
        return False
    nested = event.get("message") or event.get("previous_message")
    said = nested if isinstance(nested, dict) else event
    return bool(said.get("bot_id"))


def foreign(found: Payload, me: Identity) -> bool:
    """True where the payload names another app or none of our workspaces."""
    app = found.get("api_app_id")
    if app and me.app_id and app != me.app_id:
        return True
    teams = {str(team) for team in _teams(found) if team}
    return bool(teams and me.team_id) and me.team_id not in teams


def _teams(found: Payload) -> list[object]:
    # In a channel shared with another company the event's team may be theirs.
    granted = [one.get("team_id") for one in found.get("authorizations") or ()]
    team = found.get("team")
    of_action = team.get("id") if isinstance(team, dict) else None
    return [found.get("team_id"), found.get("context_team_id"), of_action, *granted]
