"""The narrow interface to wherever agents work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from conversation.messages import Message
from handoff.briefing.card import Card
from handoff.case import CaseRef, Note
from handoff.digests.digests import Digest
from handoff.queue.groups import Group
from staff.account import Staff


class DeskError(Exception):
    """The desk did not take it. `permanent`: trying again cannot help until somebody acts.

    `alone`: that is so of this one delivery, others may well be taken. `retry_after_s`: how long
    the desk asked to be left alone, where it said so.
    """

    def __init__(
        self,
        text: str,
        *,
        permanent: bool = False,
        alone: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.alone = alone
        self.retry_after_s = retry_after_s


class CaseGone(DeskError):
    """Somebody took away what the desk showed of the case: it has to be opened there anew."""

    def __init__(self, text: str) -> None:
        super().__init__(text, permanent=True)


def reason(error: Exception) -> str:
    """What may be kept of an error: texts not of the desk can quote messages or tokens."""
    return str(error) if isinstance(error, DeskError) else type(error).__name__


@dataclass(frozen=True, slots=True)
class Line:
    """A message to relay. `key` names its delivery."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True)
class Act:
    """What an agent did about a case, in words for colleagues. `key` names its delivery."""

    key: str
    text: str


class Desk(Protocol):
    """Shows cases to agents. What agents do comes back through `handoff.casework.verbs`.

    The references it gives begin with its name and a colon: it is never given another desk's.
    `key` names the delivery; `again` is True where an earlier try of the same key may have
    arrived: the desk then makes sure that nothing is shown twice.

    Raises: DeskError; CaseGone where the reference names nothing any more.
    """

    name: str

    async def open_case(self, card: Card, *, key: str, again: bool) -> CaseRef:
        """Show a new case. What was said in it so far follows by `tell`."""
        ...

    async def tell(
        self,
        ref: CaseRef,
        card: Card,
        transcript: Sequence[Message],
        notes: Sequence[Note],
        *,
        key: str,
        again: bool,
    ) -> None:
        """Show the whole conversation so far beside a case that was opened or moved with this key,
        and after it the private notes, oldest first."""
        ...

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        """Show the case as it stands now."""
        ...

    async def move_case(self, ref: CaseRef, card: Card, *, key: str, again: bool) -> CaseRef:
        """Show the case where its group looks now, and say in the old place where it went.

        Returns: where it stands now, `tell` follows there; the same reference where nothing had to
        be moved.
        """
        ...

    async def relay(
        self, ref: CaseRef, lines: Sequence[Line], customer: str, *, again: bool
    ) -> None:
        """Show more of the conversation, oldest first. `customer` is the customer's name."""
        ...

    async def notify(
        self,
        ref: CaseRef,
        text: str,
        call: Staff | Group | None,
        *,
        aloud: bool,
        key: str,
        again: bool,
    ) -> None:
        """Tell the agents something about the case, and call whom it concerns.

        `aloud`: show it to everybody who looks at the group's cases, too.
        """
        ...

    async def add_acts(self, ref: CaseRef, acts: Sequence[Act], *, again: bool) -> None:
        """Leave in small letters what agents did, oldest first; it calls nobody."""
        ...

    async def publish(self, digest: Digest, channel: str, *, key: str, again: bool) -> None:
        """Show a digest to everybody who looks there; `channel` is empty for the usual place."""
        ...
