"""Small signs to agents in Slack, beside the work: a tick, a word that only they see."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from handoff.desk import DeskError
from handoff.desks.slack.api import Block, SlackApi
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import Refused
from handoff.desks.slack.text import escape

log = structlog.get_logger()

Send = Callable[[], Awaitable[None]]

_MOST_WAITING = 1_000
_FAILED, _HELPS = "x", "busts_in_silhouette"
_DONE_ALREADY = ("already_reacted", "no_reaction")


class Courtesy:
    """Sends signs one after the other, so that no agent's reply waits for them.

    They are lost when Heard stops: the card and the browser desk say the same.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._waiting: asyncio.Queue[Send] = asyncio.Queue(_MOST_WAITING)

    def not_sent(self, place: Place) -> None:
        """Mark an agent's message as one that did not go out."""
        self._later(partial(self._api.react, place, _FAILED))

    def on_its_way(self, place: Place) -> None:
        """Take that mark off again."""
        self._later(partial(self._api.unreact, place, _FAILED))

    def helps(self, place: Place) -> None:
        """Mark a reply as one of somebody who helps the case's owner."""
        self._later(partial(self._api.react, place, _HELPS))

    def whisper(
        self, place: Place, user: str, text: str, blocks: Sequence[Block] | None = None
    ) -> None:
        """Tell one user something in the thread. Args: text: plain; blocks: instead of it."""
        self._later(partial(self._api.whisper, place, user, escape(text), blocks))

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            send = await self._waiting.get()
            try:
                await without_fuss(send)
            except DeskError as error:
                log.warning("slack_sign_not_sent", error=str(error))
                await asyncio.sleep(error.retry_after_s or 0)

    def _later(self, send: Send) -> None:
        try:
            self._waiting.put_nowait(send)
        except asyncio.QueueFull:
            log.warning("slack_sign_dropped", waiting=_MOST_WAITING)


async def without_fuss(send: Send) -> None:
    """Send a sign; that it is there already, or gone, is as good. Raises: DeskError."""
    try:
        await send()
    except Refused as refusal:
        if refusal.code not in _DONE_ALREADY:
            raise
