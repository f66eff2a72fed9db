"""Keep to what Slack allows: about one post a second in a channel."""

import asyncio
import time
from collections import defaultdict

from handoff.desk import DeskError


class Pace:
    """Gives each post its turn, and lets none through while Slack asked to be left alone."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next_at: defaultdict[str, float] = defaultdict(float)
        self._silent_until = 0.0

    async def turn(self, channel: str) -> None:
        """Wait for the next turn in the channel. Raises: DeskError while Slack is left alone."""
        async with self._locks[channel]:
            silent_s = self._silent_until - time.monotonic()
            if silent_s > 0:
                raise DeskError("Slack asked us to slow down", retry_after_s=silent_s)
            await asyncio.sleep(max(0.0, self._next_at[channel] - time.monotonic()))
            self._next_at[channel] = time.monotonic() + self._every_s

    def be_silent(self, seconds: float) -> None:
        """Let nothing through for this long."""
        self._silent_until = max(self._silent_until, time.monotonic() + seconds)
