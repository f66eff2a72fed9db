"""What is stored under one source and waits to be worked off, claimed by one process at a time."""

from datetime import datetime, timedelta

from conversation.clock import Clock
from handoff.delivery.boxes import Incoming
from handoff.leases import LEASE
from handoff.ports import Store

_IDLE_S = 5.0
_LEAST_PAUSE_S = 0.01


class Waiting:
    """The inbox as one worker sees it."""

    def __init__(self, store: Store, clock: Clock, source: str) -> None:
        self._store = store
        self._clock = clock
        self._source = source

    async def claim(self) -> Incoming | float:
        """The next that is due and that nobody else is at; else for how many seconds nothing is."""
        while True:
            async with self._store.read() as work:
                incoming = await work.inbox.next(self._source, self._clock())
                if incoming is None:
                    return self._until(await work.inbox.next_at(self._source))
            async with self._store.work() as work:
                if await work.inbox.begin(incoming, self._clock() + LEASE):
                    return incoming

    def _until(self, next_at: datetime | None) -> float:
        if next_at is None:
            return _IDLE_S
        return min(_IDLE_S, max(_LEAST_PAUSE_S, (next_at - self._clock()).total_seconds()))

    async def renew(self, incoming: Incoming) -> None:
        """Keep the claim."""
        async with self._store.work() as work:
            await work.inbox.renew(incoming, self._clock() + LEASE)

    async def postpone(self, incoming: Incoming, seconds: float, error: str) -> None:
        """Try it again after so long."""
        async with self._store.work() as work:
            until = self._clock() + timedelta(seconds=seconds)
            await work.inbox.postpone(incoming, until, error)

    async def done(self, incoming: Incoming, error: str | None = None) -> None:
        """It is worked off; with `error`, given up for that reason."""
        async with self._store.work() as work:
            await work.inbox.done(incoming, self._clock(), error)

    async def drop(self, incoming: Incoming) -> None:
        """It is worked off, and kept no longer."""
        async with self._store.work() as work:
            await work.inbox.drop(incoming)
