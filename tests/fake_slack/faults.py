"""What can go wrong between Heard and Slack, each on demand."""

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


class Faults:
    """Faults waiting for the next calls of a method."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of this method go wrong, one fault each."""
        self._waiting[method].extend(faults)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, or None."""
        waiting = self._waiting[method]
        fault = waiting.popleft() if waiting else None
        return None if isinstance(fault, Fine) else fault
