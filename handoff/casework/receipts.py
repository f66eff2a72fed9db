"""What agents wrote at a desk: where it stands there, and whether the customer has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from conversation.messages import Message


class Sign(StrEnum):
    """What the desk shows beside a reply. `DIFFERS`: what stands there is not what was sent."""

    NONE = "none"
    WAITS = "waits"
    BY_MAIL = "by_mail"
    MAILED = "mailed"
    ARRIVED = "arrived"
    DIFFERS = "differs"


class Mailed(StrEnum):
    """Whether an e-mail carries a reply."""

    NOT = "not"
    TO_COME = "to_come"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A reply that the desk still has to mark as arrived.

    `place` is the desk's own word for where it stands. `arrived`: a page of the customer's has it.
    `mailed`: an e-mail is to carry it, or the mail server has taken that.
    """

    place: str
    sign: Sign
    at: datetime
    arrived: bool
    mailed: Mailed = Mailed.NOT

    def due(self, now: datetime, away_after: timedelta) -> Sign:
        """The sign that belongs beside it. Args: away_after: see `Signs`."""
        if self.arrived:
            return Sign.ARRIVED
        if self.mailed is Mailed.TAKEN:
            return Sign.MAILED
        if self.sign is Sign.NONE and now < self.at + away_after:
            return Sign.NONE
        return Sign.BY_MAIL if self.mailed is Mailed.TO_COME else Sign.WAITS


class Receipts(Protocol):
    """What was written where. A reply also waits for the customer's page to confirm it."""

    async def heard(
        self,
        place: str,
        key: str,
        at: datetime,
        *,
        message_id: str | None = None,
        case_id: str | None = None,
    ) -> None:
        """Note that what stands at `place` is kept under `key`; the same place again changes
        nothing. Args: message_id, case_id: of the reply, None for a private note."""
        ...

    async def key_at(self, place: str) -> str | None:
        """The key under which what stands at `place` is kept, or None."""
        ...

    async def reply_at(self, place: str) -> tuple[Message, str | None] | None:
        """The reply that stands there, with the id of its case; None for all else."""
        ...

    async def wait(self, conversation_id: str) -> bool:
        """Whether a reply is shown to wait for the customer, whom no e-mail brings it."""
        ...

    async def open(self) -> Sequence[Receipt]:
        """The replies beside which another sign is due, or may soon be, oldest first."""
        ...

    async def sign_at(self, place: str) -> Sign | None:
        """What the desk shows beside the reply there; None where there is none."""
        ...

    async def show(self, place: str, sign: Sign, *, was: Sign) -> bool:
        """Note what the desk shows beside the reply. False where it was another sign than this."""
        ...
