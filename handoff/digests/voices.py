"""What digests need of a database: customers' words, and which digest went out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from conversation.surveys import Survey, SurveyKind
from handoff.queue.groups import DigestKind


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message with its intent and the effort score after it."""

    conversation_id: str
    intent: str | None
    text: str
    score: float


class Voices(Protocol):
    """Customers' own words, and the digests that were made of them."""

    async def said(self, since: datetime, until: datetime) -> Sequence[Said]:
        """Customers' messages of the time, those that cost most first; a few thousand at most."""
        ...

    async def rated_low(
        self, since: datetime, until: datetime, low: Mapping[SurveyKind, int]
    ) -> Sequence[Survey]:
        """Ratings of the time as low as `low` or lower where the customer said why, newest
        first."""
        ...

    async def begin(
        self, kind: DigestKind, day: date, now: datetime, until: datetime
    ) -> int | None:
        """Claim the sending of this digest until then. Returns: how often it was tried before,
        None where it went out, or is not to be tried now."""
        ...

    async def postpone(self, kind: DigestKind, day: date, until: datetime) -> None:
        """Try again then."""
        ...

    async def sent(self, kind: DigestKind, day: date, at: datetime) -> None:
        """It went out."""
        ...
