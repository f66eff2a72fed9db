"""What e-mail needs of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An e-mail on its way: the agents' messages `seqs` of a conversation, joined.

    `attempts` counts the tries begun, the present one not included.
    """

    id: str
    conversation_id: str
    seqs: tuple[int, ...]
    put_at: datetime
    attempts: int


class Mails(Protocol):
    """E-mails to customers, written with the answer that they carry.

    One conversation's go out in order. A mail is claimed with `begin`: no further answer joins it
    from then on, and whoever lost the claim changes nothing by `renew` and `postpone`. Whoever
    decides about a mail takes its conversation first: answers are added under the same lock.
    """

    async def put(self, conversation_id: str, seq: int, at: datetime) -> None:
        """Add an answer: to the mail that has not been begun, or as a new one."""
        ...

    async def due(self, now: datetime) -> Sequence[Outgoing]:
        """The first undone mail of each conversation, where it may be tried now."""
        ...

    async def next_at(self) -> datetime | None:
        """When the next mail becomes due, None where nothing waits."""
        ...

    async def rest(self, mail: Outgoing, until: datetime) -> None:
        """Look at it again then; nothing was tried."""
        ...

    async def undone(self, mail_id: str) -> Outgoing | None:
        """The mail with all that it carries now; None where it is done."""
        ...

    async def begin(self, mail: Outgoing, until: datetime) -> bool:
        """Count a try and claim the mail until then; False where somebody else was first."""
        ...

    async def renew(self, mail: Outgoing, until: datetime) -> None:
        """Keep the claim until then."""
        ...

    async def postpone(self, mail: Outgoing, until: datetime, error: str) -> None:
        """Try again at `until`; the conversation's later mails wait."""
        ...

    async def done(self, mail: Outgoing, at: datetime, error: str | None = None) -> None:
        """It is on its way; with `error`, it was given up or not needed for that reason."""
        ...

    async def carried(self, conversation_id: str) -> frozenset[int]:
        """The answers of the conversation, by `seq`, that have gone out by e-mail."""
        ...

    async def heard(self, conversation_id: str, message_id: str) -> None:
        """Remember the customer's last e-mail by its Message-ID: the next answer refers to it."""
        ...

    async def last_heard(self, conversation_id: str) -> str | None:
        """The Message-ID of the customer's last e-mail, None where there was none."""
        ...
