"""The outbox and the inbox of a desk: what they hold, and what is asked of a database for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Delivery(StrEnum):
    """What an outbox entry asks of the desk."""

    OPEN_CASE = "open_case"
    UPDATE_CASE = "update_case"
    RELAY = "relay"
    NOTICE = "notice"
    MOVE_CASE = "move_case"
    ACT = "act"
    """What an agent did: it waits for all before it in its case, and nothing waits for it but
    further acts."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for the agents beside a case, never for its customer.

    It calls the agent of `agent_id`, or all of the group with the key `group`, or nobody. `aloud`:
    shown to everybody who looks at the group's cases, not only to who looks at this one.
    """

    text: str
    agent_id: str | None = None
    group: str | None = None
    aloud: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An outbox entry. `attempts` counts the tries begun, the present one not included."""

    id: str
    case_id: str
    kind: Delivery
    seq: int | None
    attempts: int
    notice: Notice | None = None

    @property
    def lane(self) -> tuple[str, bool]:
        """Entries of one lane are delivered one after the other."""
        return self.case_id, self.kind is Delivery.ACT


@dataclass(frozen=True, slots=True)
class Stuck:
    """What the desk does not take. `error`: the newest reason, in the desk's own words."""

    deliveries: int
    error: str


class Outbox(Protocol):
    """Deliveries to the desk, written with the change that caused them.

    An entry is claimed with `begin`. Whoever lost the claim since changes nothing by `renew`,
    `postpone` and `park`.
    """

    async def put(
        self,
        case_id: str,
        kind: Delivery,
        at: datetime,
        *,
        seq: int | None = None,
        notice: Notice | None = None,
    ) -> None:
        """Add a delivery; `seq` is the message to relay, `notice` what to tell the agents."""
        ...

    async def relayed(self, case_id: str) -> frozenset[int]:
        """The messages of which a delivery to the case's desk was put."""
        ...

    async def due(self, now: datetime) -> Sequence[Entry]:
        """The first undone entry of each case and the first act, where they may be tried now.

        A parked entry is passed over until it is due again, unless it holds back its case.
        """
        ...

    async def next_at(self) -> datetime | None:
        """When the next entry becomes due, None where nothing waits."""
        ...

    async def begin(self, entry: Entry, until: datetime) -> bool:
        """Count a try and claim the entry until then; False where somebody else was first."""
        ...

    async def after(self, entry: Entry, most: int) -> Sequence[Entry]:
        """Undone entries of its kind that directly follow it in its case, at most so many.

        They can be delivered in one go with it. What is parked ends the row; an act does not.
        """
        ...

    async def renew(self, entry: Entry, until: datetime) -> None:
        """Keep the claim until then."""
        ...

    async def done(self, entry: Entry, at: datetime) -> None:
        """The desk has it. The words of a notice are kept no longer here."""
        ...

    async def postpone(self, entry: Entry, until: datetime, error: str) -> None:
        """Try again at `until`; the case's later entries wait."""
        ...

    async def park(
        self, entry: Entry, at: datetime, until: datetime, error: str, *, holds: bool
    ) -> None:
        """Put it aside and try again at `until`, or with what was parked of its case before.

        Args: at: now. holds: the case's later entries wait for it. Else it is passed over: what
            was passed over comes up together, in its own order, late rather than never.
        """
        ...

    async def retry_parked(self, now: datetime) -> None:
        """Let all parked entries be tried again now."""
        ...

    async def stuck(self, since: datetime) -> Stuck | None:
        """What is parked, or has failed and was put before `since`; None where all goes well."""
        ...

    async def undone(self, case_id: str) -> Sequence[Entry]:
        """What a case's desk has not got yet, in order, parked entries included."""
        ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """A stored request: headers and raw body as received. `attempts` counts tries begun."""

    id: str
    headers: dict[str, str]
    body: bytes
    attempts: int


class Inbox(Protocol):
    """What came in from a desk, stored before it is acknowledged; and what a desk has still to say
    to one person, under a source of its own.

    Requests of one thread are worked off in order, no other thread waits for them. A request is
    claimed with `begin`; whoever lost the claim since changes nothing by `renew` and `postpone`.
    """

    async def put(
        self,
        source: str,
        key: str,
        headers: dict[str, str],
        body: bytes,
        at: datetime,
        *,
        thread: str,
        rank: int | None = None,
        due_at: datetime | None = None,
    ) -> bool:
        """Store what came in. False where `key` was stored before: a redelivery.

        Args: rank: the place in the thread, the lowest first; `at` in microseconds where None.
        due_at: when work may begin, if not at once.
        """
        ...

    async def next(self, source: str, now: datetime) -> Incoming | None:
        """The oldest request that is first in its thread and may be tried now, or None."""
        ...

    async def holds(self, source: str, thread: str, rank: int) -> bool:
        """True where something of this thread and this rank came in, worked off or not."""
        ...

    async def under_way(self, source: str, rank: int | None) -> bool:
        """True where something of this rank waits, or is being worked off."""
        ...

    async def last_at(self, source: str) -> datetime | None:
        """When something came in last, None where nothing ever did."""
        ...

    async def next_at(self, source: str) -> datetime | None:
        """When the next request becomes due, None where nothing waits."""
        ...

    async def begin(self, incoming: Incoming, until: datetime) -> bool:
        """Count a try and claim the request until then; False where somebody else was first."""
        ...

    async def renew(self, incoming: Incoming, until: datetime) -> None:
        """Keep the claim until then."""
        ...

    async def postpone(self, incoming: Incoming, until: datetime, error: str) -> None:
        """Try again at `until`; later requests of its thread wait."""
        ...

    async def done(self, incoming: Incoming, at: datetime, error: str | None = None) -> None:
        """It is worked off; with `error`, given up for that reason."""
        ...

    async def drop(self, incoming: Incoming) -> None:
        """Keep it no longer: nobody asks for it again."""
        ...

    async def find(self, incoming_id: str) -> Incoming | None:
        """A request that is kept, worked off or not; None where there is none, or none any more."""
        ...

    async def again(self, incoming_id: str, at: datetime) -> None:
        """Let a request that was worked off or given up be worked off once more."""
        ...

    async def empty(self, before: datetime) -> int:
        """Keep of what was worked off before then no more than that it came: its key is still
        known. Returns: of how many requests."""
        ...
