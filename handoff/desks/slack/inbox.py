"""Work off what came in from Slack, in order within a thread, until it is done or given up."""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from conversation.clock import Clock
from handoff.boxes import Incoming
from handoff.desk import DeskError, reason
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.listeners import Listeners
from handoff.desks.slack.place import Place
from handoff.leases import LEASE, kept
from handoff.ports import Store
from handoff.wakes import Live, inbox_topic

log = structlog.get_logger()

SOURCE = "slack"
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

    async def run(self) -> None:
        """Work until cancelled. While Slack cannot say who we are, requests wait untouched."""
        async with self._live.listen(inbox_topic(SOURCE)) as listener:
            while True:
                pause = _IDLE_S
                try:
                    await self._api.identity()
                    while incoming := await self._next():
                        await self._work_off(incoming)
                    pause = await self._pause()
                except DeskError as error:
                    log.warning("slack_unreachable", error=str(error))
                    pause = _SLACK_AWAY_S
                except Exception:
                    log.exception("slack_inbox_failed")
                await listener.wait(pause)

    async def _next(self) -> Incoming | None:
        async with self._store.read() as work:
            return await work.inbox.next(SOURCE, self._clock())

    async def _pause(self) -> float:
        async with self._store.read() as work:
            next_at = await work.inbox.next_at(SOURCE)
        if next_at is None:
            return _IDLE_S
        return min(_IDLE_S, max(_LEAST_PAUSE_S, (next_at - self._clock()).total_seconds()))

    async def _work_off(self, incoming: Incoming) -> None:
        async with self._store.work() as work:
            if not await work.inbox.begin(incoming, self._clock() + LEASE):
                return
        try:
            async with kept(partial(self._renew, incoming)):
                await self._dispatch(incoming)
        except Exception as error:
            await self._failed(incoming, error)
        else:
            await self._done(incoming)

    async def _renew(self, incoming: Incoming) -> None:
        async with self._store.work() as work:
            await work.inbox.renew(incoming, self._clock() + LEASE)

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
        headers = {name: [value] for name, value in incoming.headers.items()}
        request = AsyncBoltRequest(body=incoming.body.decode(), headers=dict(headers))
        await self._app.async_dispatch(request)

    async def _done(self, incoming: Incoming, error: str | None = None) -> None:
        async with self._store.work() as work:
            await work.inbox.done(incoming, self._clock(), error)


def payload(body: bytes, content_type: str) -> Payload:
    """The JSON object in a request's body: the body itself, or its form's field `payload`.

    Raises: ValueError where there is none.
    """
    text = body.decode()
    if not content_type.startswith("application/json"):
        text = parse_qs(text).get("payload", [""])[0]
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
