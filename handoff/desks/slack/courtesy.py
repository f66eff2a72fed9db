"""Small signs to agents in Slack, beside the work: a tick, a word that only they see."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from handoff.desk import DeskError
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import Refused

log = structlog.get_logger()

_MOST_WAITING = 1_000
_DELIVERED = "white_check_mark"
_THERE_ALREADY = "already_reacted"


class Courtesy:
    """Sends signs one after the other, so that no agent's reply waits for them.

    They are lost when Heard stops: the card and the browser desk say the same.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._waiting: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(_MOST_WAITING)

    def tick(self, place: Place) -> None:
        """Mark an agent's message as delivered."""
        self._later(partial(self._api.react, place, _DELIVERED))

    def whisper(self, place: Place, user: str, text: str) -> None:
        """Tell one user something in the thread."""
        self._later(partial(self._api.whisper, place, user, text))

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            send = await self._waiting.get()
            try:
                await send()
            except DeskError as error:
                if not (isinstance(error, Refused) and error.code == _THERE_ALREADY):
                    log.warning("slack_sign_not_sent", error=str(error))
                await asyncio.sleep(error.retry_after_s or 0)

    def _later(self, send: Callable[[], Awaitable[None]]) -> None:
        try:
            self._waiting.put_nowait(send)
        except asyncio.QueueFull:
            log.warning("slack_sign_dropped", waiting=_MOST_WAITING)
