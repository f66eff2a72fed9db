"""Slow down guessing: a limited number of attempts per key and time, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversation.clock import Clock


@dataclass(slots=True)
class _Count:
    since: datetime
    attempts: int


class Throttle:
    """Allows `limit` attempts per key within `window`; remembers the newest `keys` keys."""

    def __init__(self, limit: int, window: timedelta, clock: Clock, keys: int = 10_000) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._keys = keys
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """Seconds until the key may try again; 0 where it may now."""
        count = self._counts.get(key)
        if count is None or count.attempts < self._limit:
            return 0.0
        return max(0.0, (count.since + self._window - self._clock()).total_seconds())

    def attempt(self, key: str) -> None:
        """Count an attempt, before it is made: attempts at the same moment count too."""
        now = self._clock()
        count = self._counts.get(key)
        if count is None or now - count.since >= self._window:
            count = self._counts[key] = _Count(now, 0)
        count.attempts += 1
        self._counts.move_to_end(key)
        while len(self._counts) > self._keys:
            self._counts.popitem(last=False)

    def forgive(self, key: str) -> None:
        """The attempt was right: it does not count. Earlier wrong ones still do."""
        if count := self._counts.get(key):
            count.attempts -= 1
