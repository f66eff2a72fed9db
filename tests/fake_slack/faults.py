"""What can go wrong between Heard and Slack, each on demand."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Goes wrong with one call. `accepted`: Slack did what it was asked before it went wrong."""

    accepted: bool = False


@dataclass(frozen=True)
class Fine(Fault):
    """Nothing goes wrong with this one."""


@dataclass(frozen=True)
class RateLimited(Fault):
    """429 with Retry-After."""

    retry_after_s: int = 30


@dataclass(frozen=True)
class Broken(Fault):
    """An HTTP error, with an HTML page as a proxy sends it."""

    status: int = 500


@dataclass(frozen=True)
class Reset(Fault):
    """The connection is cut before an answer."""


@dataclass(frozen=True)
class Silence(Fault):
    """No answer for so long. `cut`: and then the connection is cut; else the answer comes."""

    seconds: float = 30
    cut: bool = True


@dataclass(frozen=True)
class NotOk(Fault):
    """200 with `ok: false`."""

    error: str = "internal_error"


@dataclass(frozen=True)
class Terse(Fault):
    """Slack did what it was asked, and leaves this out of its answer, at any depth."""

    accepted: bool = True
    left_out: str = "message"


class Faults:
    """Faults waiting for the next calls of a method."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of this method go wrong, one fault each."""
        self._waiting[method].extend(faults)

    def waiting(self, method: str) -> int:
        """How many calls of this method will go wrong."""
        return len(self._waiting[method])

    def take(self, method: str) -> Fault | None:
        """The fault for this call, or None."""
        waiting = self._waiting[method]
        fault = waiting.popleft() if waiting else None
        return None if isinstance(fault, Fine) else fault


class Limit:
    """How often may be posted in a channel: every `every_s` seconds, with a small burst."""

    def __init__(self, every_s: float, burst: int = 4) -> None:
        self.refused = 0
        self._every_s = every_s
        self._burst = burst
        self._allowed: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (burst, 0.0))

    def take(self, channel: str) -> bool:
        """False where this is one post too many."""
        left, at = self._allowed[channel]
        now = time.monotonic()
        left = min(self._burst, left + (now - at) / self._every_s) if at else left
        self._allowed[channel] = (left - 1 if left >= 1 else left, now)
        self.refused += left < 1
        return left >= 1
