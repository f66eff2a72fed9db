"""What the contract needs of a desk's test harness: agents who act, and what they are shown."""

from dataclasses import dataclass
from typing import Protocol

from handoff.case import Case
from tests.desks.site import Site


@dataclass(frozen=True)
class Person:
    """Somebody at the desk. `handle` is how the desk knows them."""

    name: str
    handle: str


class Harness(Protocol):
    """A desk with people in front of it. An action returns once it has been worked off."""

    site: Site

    async def agent(self, name: str) -> Person:
        """An agent."""
        ...

    async def stranger(self) -> Person:
        """Somebody who can reach the desk but is no agent."""
        ...

    async def claims(self, who: Person, case: Case) -> None:
        """Press Claim."""
        ...

    async def replies(self, who: Person, case: Case, text: str, *, times: int = 1) -> None:
        """Write to the customer. `times`: how often the same act reaches Heard."""
        ...

    async def notes(self, who: Person, case: Case, text: str) -> None:
        """Keep a private note."""
        ...

    async def hands_back(self, who: Person, case: Case) -> None:
        """Hand back to the assistant."""
        ...

    async def resolves(self, who: Person, case: Case) -> None:
        """Resolve, with the survey."""
        ...

    async def told(self, who: Person) -> str:
        """What the desk told this person last, alone, about an act that was refused."""
        ...

    async def state(self, who: Person, case: Case) -> str:
        """The words at the head of the case."""
        ...

    async def card(self, who: Person, case: Case) -> str:
        """All that the card of the case says, as it stands."""
        ...

    async def reads(self, who: Person, case: Case) -> list[str]:
        """The conversation line by line, as this person reads it."""
        ...

    async def cases_shown(self, who: Person) -> int:
        """How many cases stand at the desk."""
        ...

    async def next_delivery_is_cut(self) -> None:
        """The desk takes the next delivery, and the connection breaks before it has said so."""
        ...
