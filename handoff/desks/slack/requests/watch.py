"""Slack may stop sending, or leave things out, without a word: look whether it did, seldom."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from conversation.clock import Clock
from handoff.case import Case
from handoff.desk import DeskError
from handoff.desks.slack.requests.intake import Intake
from handoff.desks.slack.requests.request import SOURCE
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.written.said import by_program
from handoff.ports import Store

log = structlog.get_logger()

_MOST_THREADS = 20
_OVERLAP = timedelta(minutes=1)
_SHORT = timedelta(minutes=1)  # so long a start may take: what Slack sent meanwhile it sends again
_OURS = "slack:"
_WHAT_TO_DO = "See in the app's page whether events are on and arrive: `heard slack check`"


class Watch:
    """Reads the threads of open cases where nothing has come for long, at most so often.

    What is found there comes in like an event; what was known already changes nothing.
    """

    def __init__(
        self, store: Store, clock: Clock, api: SlackApi, intake: Intake, silence: timedelta
    ) -> None:
        self._store = store
        self._clock = clock
        self._api = api
        self._intake = intake
        self._silence = silence
        self._looked_at: datetime | None = None
        self._started = False
        self._next = 0

    async def run(self) -> None:
        """Watch until cancelled. What came while nothing of ours ran may be lost: look at once."""
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            pause = self._silence.total_seconds() / 4
            try:
                await self.after_a_start()
                await self.look()
            except DeskError as error:
                log.warning("slack_not_read_again", error=str(error))
            except Exception:
                log.exception("slack_watch_failed")

    async def after_a_start(self) -> None:
        """Have what came since the last event before this start read again, once."""
        if self._started:
            return
        async with self._store.read() as work:
            stored = await work.inbox.last_at(SOURCE)
        if stored is not None and self._clock() - stored >= _SHORT:
            self._intake.left_out_since = stored
        self._started = True

    async def look(self) -> None:
        """Catch up where Slack was silent or sent too little. Raises: DeskError."""
        now = self._clock()
        since = await self._silent_since(now)
        left_out = self._intake.left_out_since
        if left_out is not None:
            since = min(since or left_out, left_out)
        cases = await self._open_cases()
        if since is None or not cases:
            return
        self._looked_at, self._intake.left_out_since = now, None
        await self._api.check()
        found = sum([await self._read(case, since - _OVERLAP) for case in cases])
        minutes = round((now - since).total_seconds() / 60)
        log.info("slack_read_again", minutes=minutes, threads=len(cases), found=found)
        if found:
            log.error("slack_left_out", messages=found, what_to_do=_WHAT_TO_DO)

    async def _silent_since(self, now: datetime) -> datetime | None:
        """Since when nothing has come, None where that is not long, or was seen already."""
        async with self._store.read() as work:
            stored = await work.inbox.last_at(SOURCE)
        last = max((at for at in (stored, self._intake.heard_at) if at), default=None)
        seen = max((at for at in (last, self._looked_at) if at), default=None)
        if seen is not None and now - seen < self._silence:
            return None
        return last or now - self._silence

    async def _open_cases(self) -> Sequence[Case]:
        async with self._store.read() as work:
            cases = await work.cases.listed(open_only=True)
        ours = [case for case in cases if case.ref and case.ref.startswith(_OURS)]
        if len(ours) <= _MOST_THREADS:
            return ours
        start, self._next = self._next % len(ours), self._next + _MOST_THREADS
        return [*ours[start:], *ours[:start]][:_MOST_THREADS]

    async def _read(self, case: Case, since: datetime) -> int:
        assert case.ref is not None
        place = Place.of(case.ref)
        messages = _of_people(await self._api.replies(place, since.timestamp()))
        return sum([await self._intake.found(place.channel, message) for message in messages])


def _of_people(messages: Sequence[Payload]) -> Iterator[dict[str, Any]]:
    for message in messages:
        if message.get("user") and not by_program(message):
            yield message
