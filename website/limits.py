"""How much one visitor or one address may ask of us in a short time. Bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MAX_KEYS = 20_000


class TokenBuckets:
    """One bucket per key: `burst` requests at once, then `per_s` a second.

    At most `max_keys` are remembered; the one not seen for longest is forgotten first.
    `monotonic` gives seconds.
    """

    def __init__(
        self,
        per_s: float,
        burst: int,
        *,
        max_keys: int = _MAX_KEYS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._max_keys = max_keys
        self._monotonic = monotonic
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one token. Returns: 0.0 where there was one, else the seconds until there is."""
        now = self._monotonic()
        level, at = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_s)
        wait_s = 0.0 if level >= 1 else (1 - level) / self._per_s
        self._levels[key] = (level - 1 if wait_s == 0 else level, now)
        while len(self._levels) > self._max_keys:
            self._levels.popitem(last=False)
        return wait_s

    def __len__(self) -> int:
        return len(self._levels)


@dataclass(frozen=True)
class Limits:
    """The website's limits. An address may hold many visitors: an office, a school."""

    visitor: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_s=2, burst=30))
    address: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_s=50, burst=500))
    sessions: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_s=5, burst=100))
    reports: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_s=20, burst=200))
    strikes: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_s=0.5, burst=20))
    sockets_per_visitor: int = 12
