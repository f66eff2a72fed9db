"""Work off what came in from Slack, in order within a thread, until it is done or given up."""

import asyncio
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from conversation.clock import Clock
from handoff.delivery.boxes import Incoming
from handoff.desk import DeskError, reason
from handoff.desks.slack.pressed.actions import STORED_AS
from handoff.desks.slack.requests.request import foreign, payload
from handoff.desks.slack.requests.waiting import Waiting
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.written.listeners import Listeners, TooEarly
from handoff.leases import kept
from handoff.ports import Store
from handoff.wakes import Live, inbox_topic

log = structlog.get_logger()

_AT_ONCE = 8
_MOST_TRIES = 5
_MOST_TRIES_FOR_A_CASE = 80  # more than a minute: the card's own post may have to be tried again
_PAUSE_FOR_A_CASE = 2  # times the first
_IDLE_S = 5.0
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
        source: str,
    ) -> None:
        self._live = live
        self._api = api
        self._listeners = listeners
        self._app = app
        self._retry_pause_s = retry_pause_s
        self._source = source
        self._waiting = Waiting(store, clock, source)
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Work until cancelled. While Slack cannot say who we are, requests wait untouched."""
        async with (
            self._live.listen(inbox_topic(self._source)) as listener,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                pause = _IDLE_S
                try:
                    await self._api.identity()
                    pause = await self._begin_all(tasks)
                except DeskError as error:
                    log.warning("slack_unreachable", error=str(error))
                    pause = _SLACK_AWAY_S
                except Exception:
                    log.exception("slack_inbox_failed")
                await listener.wait(pause)

    async def _begin_all(self, tasks: asyncio.TaskGroup) -> float:
        """Begin what is due. A request that takes its time holds up its own thread only.

        Returns: for how many seconds nothing more is due.
        """
        while True:
            await self._at_once.acquire()
            found: Incoming | float = _IDLE_S
            try:
                found = await self._waiting.claim()
            finally:
                if not isinstance(found, Incoming):
                    self._at_once.release()
            if not isinstance(found, Incoming):
                return found
            tasks.create_task(self._work_off(found))

    async def _work_off(self, incoming: Incoming) -> None:
        try:
            async with kept(partial(self._waiting.renew, incoming)):
                await self._dispatch(incoming)
            await self._waiting.done(incoming)
        except Exception as error:
            await self._give_up_or_wait(incoming, error)
        finally:
            self._at_once.release()
            self._live.wake(inbox_topic(self._source))  # the next of its thread may begin

    async def _give_up_or_wait(self, incoming: Incoming, error: Exception) -> None:
        try:
            await self._failed(incoming, error)
        except Exception:
            log.exception("slack_request_not_kept", incoming=incoming.id)  # its lease ends

    async def _failed(self, incoming: Incoming, error: Exception) -> None:
        tries, early = incoming.attempts + 1, isinstance(error, TooEarly)
        last = tries >= (_MOST_TRIES_FOR_A_CASE if early else _MOST_TRIES)
        if last or not early:
            log.error(
                "slack_request_failed", incoming=incoming.id, tries=tries, last=last, exc_info=error
            )
        if last:
            found = payload(incoming.body, incoming.headers["content-type"])
            await self._listeners.gave_up(found, incoming.id)
            await self._waiting.done(incoming, reason(error))
            return
        times = _PAUSE_FOR_A_CASE if early else 2 ** (tries - 1)
        await self._waiting.postpone(incoming, self._retry_pause_s * times, reason(error))

    async def _dispatch(self, incoming: Incoming) -> None:
        found = payload(incoming.body, incoming.headers["content-type"])
        if foreign(found, await self._api.identity()):
            log.warning("slack_request_foreign", incoming=incoming.id)
            return
        headers = {name: [value] for name, value in incoming.headers.items()}
        context = {STORED_AS: incoming.id}
        request = AsyncBoltRequest(
            body=incoming.body.decode(), headers=dict(headers), context=context
        )
        await self._app.async_dispatch(request)
