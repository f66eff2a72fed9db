"""What is done once about a case, and by one process at a time: what a database keeps of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Nudges(Protocol):
    """Remembers what was done about cases, so that it is done once."""

    async def once(self, case_id: str, key: str, at: datetime) -> bool:
        """Note that it is done now. False where it was done before: then nothing changes."""
        ...

    async def of(self, case_id: str) -> Collection[str]:
        """The keys of all that was done about the case."""
        ...


class Duties(Protocol):
    """Work that one of several processes does for all of them, and words that one says for all."""

    async def take(self, duty: str, holder: str, now: datetime, until: datetime) -> bool:
        """Hold the duty until then; holding it already prolongs it. False while another has it."""
        ...

    async def drop_over(self, now: datetime) -> None:
        """Keep no duty that nobody holds any more."""
        ...
