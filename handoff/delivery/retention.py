"""What came in from desks and by e-mail holds people's words: they are kept for a while."""

import asyncio
from datetime import timedelta

import structlog

from conversation.clock import Clock
from handoff.ports import Store

log = structlog.get_logger()

_EVERY_S = 3600.0


class Retention:
    """Empties what is older than `keep`. Every app process runs one; each may do all of it."""

    def __init__(self, store: Store, clock: Clock, keep: timedelta) -> None:
        """Args: keep: longer than senders repeat themselves, as Slack does for a day."""
        self._store = store
        self._clock = clock
        self._keep = keep

    async def run(self) -> None:
        """Look once an hour until cancelled."""
        while True:
            try:
                await self.empty()
            except Exception:
                log.exception("retention_failed")
            await asyncio.sleep(_EVERY_S)

    async def empty(self) -> None:
        """Empty what is old enough. That it came is known on: what comes again is no news."""
        now = self._clock()
        async with self._store.work() as work:
            emptied = await work.inbox.empty(now - self._keep)
            await work.duties.drop_over(now)
        if emptied:
            log.info("inbox_emptied", requests=emptied)
