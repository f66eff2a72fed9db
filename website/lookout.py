"""One look for all open pages: who lacks something that nobody told them of."""

import asyncio
from collections.abc import Mapping

from handoff.promises.waits import Wait, Waits
from handoff.wakes import conversation_topic
from store.live import LocalLive
from store.pages import Mark
from store.store import SqlStore

_EVERY_S = 4.0
_ANY = conversation_topic("")


class Lookout:
    """Wakes the pages whose place in the queue, wait or conversation has changed.

    What happens in this process wakes its page at once. What moves because others do (a place in
    the queue, an expected wait) or happens in another process is seen here, with two queries for
    all pages, and told over the length of a round: pages that read all at once would make
    everybody wait.
    """

    def __init__(
        self, store: SqlStore, live: LocalLive, waits: Waits, every_s: float = _EVERY_S
    ) -> None:
        self._store = store
        self._live = live
        self._waits = waits
        self._every_s = every_s
        self._known: Mapping[str, tuple[Mark, Wait | None]] = {}

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            await self.look()

    async def look(self) -> None:
        """Wake all pages that lack something, a new page in any case."""
        open_pages = {topic.removeprefix(_ANY) for topic in self._live.listened(_ANY)}
        before, self._known = self._known, await self._read(open_pages)
        changed = [page for page, seen in self._known.items() if before.get(page) != seen]
        for page in changed:
            self._live.wake(conversation_topic(page))
            await asyncio.sleep(self._every_s / len(changed) / 2)

    async def _read(self, pages: set[str]) -> Mapping[str, tuple[Mark, Wait | None]]:
        if not pages:
            return {}
        async with self._store.read() as work:
            marks = await work.pages.marks(pages)
            return {
                page: (
                    mark,
                    await self._waits.at(work, mark.group, mark.place)
                    if mark.group and mark.place
                    else None,
                )
                for page, mark in marks.items()
            }
