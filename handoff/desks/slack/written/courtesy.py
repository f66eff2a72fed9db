"""Small signs to agents in Slack, beside the work: a tick, a word that only they see."""

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import structlog

from conversation.clock import Clock
from handoff.case import CaseError
from handoff.delivery.boxes import Incoming
from handoff.desk import DeskError
from handoff.desks.slack.requests.waiting import Waiting
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.text import escape
from handoff.desks.slack.web_api.api import Block, SlackApi
from handoff.desks.slack.web_api.refusals import Refused
from handoff.ports import Store
from handoff.wakes import Live, inbox_topic

log = structlog.get_logger()

Send = Callable[[], Awaitable[None]]
Revealed = Callable[[str, str], Awaitable[str]]

_SOURCE = "slack:signs"
_IDLE_S = 5.0
_LONGEST_WAIT_S, _UNTIL_MENDED_S = 60.0, 300.0
_MOST_TRIES = 300  # a day, where somebody has to mend something first
_FAILED, _HELPS, _PRIVATE = "x", "busts_in_silhouette", "lock"
_DONE_ALREADY = ("already_reacted", "no_reaction")


class Courtesy:
    """Sends signs one after the other, so that no agent's reply waits for them.

    Each is stored first and sent until Slack has taken it: who was refused believes otherwise that
    the customer has it. After a crash one may come twice. What was sent is not kept, and what
    stands behind a mask never is.
    """

    def __init__(
        self, store: Store, live: Live, clock: Clock, api: SlackApi, revealed: Revealed
    ) -> None:
        """Args: revealed: reads what stands behind a mask, by the case's id and the token."""
        self._revealed = revealed
        self._store = store
        self._live = live
        self._clock = clock
        self._api = api
        self._waiting = Waiting(store, clock, _SOURCE)

    async def not_sent(self, place: Place) -> None:
        """Mark an agent's message as one that did not go out."""
        await self._later(place, sign=_FAILED)

    async def on_its_way(self, place: Place) -> None:
        """Take that mark off again."""
        await self._later(place, off=_FAILED)

    async def helps(self, place: Place) -> None:
        """Mark a reply as one of somebody who helps the case's owner."""
        await self._later(place, sign=_HELPS)

    async def stays_private(self, place: Place) -> None:
        """Mark an agent's message as a private note that was kept."""
        await self._later(place, sign=_PRIVATE)

    async def instead(self, place: Place, before: Iterable[str], now: Iterable[str]) -> None:
        """Put other reactions beside a message than those there are."""
        for emoji in before:
            await self._later(place, off=emoji)
        for emoji in now:
            await self._later(place, sign=emoji)

    async def whisper(
        self, place: Place, user: str, text: str, blocks: Sequence[Block] | None = None
    ) -> None:
        """Tell one user something in the thread. Args: text: plain; blocks: instead of it."""
        await self._later(place, user=user, text=escape(text), blocks=blocks)

    async def show(self, place: Place, user: str, case_id: str, token: str) -> None:
        """Show one user what stands behind the mask."""
        await self._later(place, user=user, case=case_id, token=token)

    async def run(self) -> None:
        """Send until cancelled."""
        async with self._live.listen(inbox_topic(_SOURCE)) as listener:
            while True:
                pause = _IDLE_S
                try:
                    while isinstance(waiting := await self._waiting.claim(), Incoming):
                        await self._try(waiting)
                    pause = waiting
                except Exception:
                    log.exception("slack_signs_not_sent")
                await listener.wait(pause)

    async def _later(self, place: Place, **sign: Any) -> None:
        body = json.dumps({"channel": place.channel, "ts": place.ts, **sign}).encode()
        async with self._store.work() as work:
            now, key = self._clock(), str(uuid4())
            await work.inbox.put(_SOURCE, key, {}, body, now, thread=place.ref)

    async def _try(self, waiting: Incoming) -> None:
        try:
            await without_fuss(partial(self._send, json.loads(waiting.body)))
        except DeskError as error:
            log.warning("slack_sign_not_sent", error=str(error))
            pause_s = _pause(waiting, error)
            if pause_s is not None:
                await self._waiting.postpone(waiting, pause_s, str(error))
            else:
                await self._waiting.drop(waiting)
        else:
            await self._waiting.drop(waiting)

    async def _send(self, sign: Any) -> None:
        place = Place(sign["channel"], sign["ts"])
        if "sign" in sign:
            await self._api.react(place, sign["sign"])
        elif "off" in sign:
            await self._api.unreact(place, sign["off"])
        elif "token" in sign:
            words = await self._behind(sign["case"], sign["token"])
            await self._api.whisper(place, sign["user"], escape(words), None)
        else:
            await self._api.whisper(place, sign["user"], sign["text"], sign["blocks"])

    async def _behind(self, case_id: str, token: str) -> str:
        try:
            return f"{token}: {await self._revealed(case_id, token)}"
        except CaseError as error:
            return str(error)


async def without_fuss(send: Send) -> None:
    """Send a sign; that it is there already, or gone, is as good. Raises: DeskError."""
    try:
        await send()
    except Refused as refusal:
        if refusal.code not in _DONE_ALREADY:
            raise


def _pause(waiting: Incoming, error: DeskError) -> float | None:
    """After how many seconds to try again; None where that is of no use."""
    if waiting.attempts >= _MOST_TRIES:
        return None
    if isinstance(error, Refused) and not error.passing:
        return _UNTIL_MENDED_S if error.permanent and not error.gone else None
    doublings = min(waiting.attempts, 10)
    return error.retry_after_s or min(_LONGEST_WAIT_S, 0.5 * 2**doublings)
