"""Keep to what Slack allows: about one post a second in a channel, and rest where it says so."""

import asyncio
from collections import defaultdict
from heapq import heappop, heappush
from itertools import count

from handoff.desk import DeskError

Rank = tuple[int, float]
"""What comes first, and in the order of what."""

_Waiting = tuple[Rank, int, "asyncio.Future[None]"]


class Pace:
    """Gives each post its turn. Channels do not wait for each other, nor do other methods."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._lanes: defaultdict[str, _Lane] = defaultdict(lambda: _Lane(every_s))
        self._silent_until: defaultdict[str, float] = defaultdict(float)
        self._tickets = count()

    def ticket(self) -> int:
        """A place in the row. Who has to wait again keeps it."""
        return next(self._tickets)

    async def turn(self, channel: str, rank: Rank, ticket: int) -> None:
        """Wait for the next turn in the channel: the lowest rank first, then the lowest ticket."""
        await self._lanes[channel].turn(rank, ticket)

    def rest(self, channel: str, seconds: float) -> None:
        """Give nobody a turn in the channel for this long."""
        self._lanes[channel].rest(seconds)

    def check(self, method: str) -> None:
        """Raises: DeskError while Slack wants no calls of this method."""
        silent_s = self._silent_until[method] - asyncio.get_running_loop().time()
        if silent_s > 0:
            raise DeskError(f"Slack asked us to slow down: {method}", retry_after_s=silent_s)

    def silence(self, method: str, seconds: float) -> None:
        """Let no call of this method through for this long."""
        until = asyncio.get_running_loop().time() + seconds
        self._silent_until[method] = max(self._silent_until[method], until)


class _Lane:
    """One channel's row."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._waiting: list[_Waiting] = []
        self._next_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, rank: Rank, ticket: int) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, ticket, called))
        self._wind()
        await called

    def rest(self, seconds: float) -> None:
        self._next_at = max(self._next_at, asyncio.get_running_loop().time() + seconds)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wind()

    def _wind(self) -> None:
        if self._timer is None and self._waiting:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._next_at), self._call)

    def _call(self) -> None:
        self._timer = None
        while self._waiting:
            called = heappop(self._waiting)[2]
            if not called.done():  # who was cancelled no longer waits
                called.set_result(None)
                self._next_at = asyncio.get_running_loop().time() + self._every_s
                break
        self._wind()
