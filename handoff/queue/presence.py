"""Whether agents are there: what is kept of it, and what is asked of a database for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from staff.account import Staff


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent and when they left the desk. `until` None: they say so when they are back.

    `gone`: the account was deactivated; it comes back only by somebody's act.
    """

    staff: Staff
    since: datetime | None = None
    until: datetime | None = None
    gone: bool = False

    def away(self, now: datetime) -> bool:
        """Whether they take no case now."""
        if self.gone:
            return True
        return self.since is not None and (self.until is None or now < self.until)


class Presences(Protocol):
    """Who is at the desk."""

    async def agents(self) -> Sequence[Presence]:
        """Everybody with the role of an agent, by name."""
        ...

    async def of(self, staff_id: str) -> Presence | None:
        """This person's presence, None where there is no such account."""
        ...

    async def set_away(self, staff_id: str, since: datetime, until: datetime | None) -> None:
        """Away from then on; who is away already keeps the moment since when."""
        ...

    async def set_gone(self, staff_id: str, since: datetime) -> None:
        """The account is no longer in use."""
        ...

    async def set_back(self, staff_id: str) -> None:
        """At the desk again."""
        ...

    async def loads(self, now: datetime) -> Mapping[str, int]:
        """How many claimed cases each agent has on hand, by account; none of who has none."""
        ...
