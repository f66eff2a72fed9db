"""Who works at the desk: groups, what they take and promise, and their agents. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from conversation.hours import Hours


class Assign(StrEnum):
    """What becomes of the agent that routing finds: named on the card, or made the owner."""

    SUGGEST = "suggest"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Goals:
    """What a group promises, in time that it is open; None promises nothing.

    `first_reply`: from the case's arrival to an agent's first words. `reply`: to a later message.
    `by_email`: from the moment when an answer by e-mail is promised, to that answer.
    An unclaimed case is announced again after `announce_again`, given to the next group after
    `route_on`, and becomes a callback after `callback`, each from its arrival in the group.
    """

    first_reply: timedelta | None = timedelta(minutes=10)
    reply: timedelta | None = timedelta(minutes=15)
    announce_again: timedelta | None = timedelta(minutes=5)
    route_on: timedelta | None = timedelta(minutes=15)
    callback: timedelta | None = timedelta(minutes=30)
    by_email: timedelta | None = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who take the same cases. An empty condition lets every case in.

    `channel` and `mention` are the desk's own words for where the group's cases stand and how all
    of it is called; empty means the desk's default, and nobody. `topics` are intents, `languages`
    codes such as "de", `tiers` those of the customer directory. `capacity`: open cases an agent
    has at a time. `route_on`: the group that gets what nobody here claims. `hours`: None is always.
    """

    key: str
    name: str
    channel: str = ""
    mention: str = ""
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    hours: Hours | None = None
    goals: Goals = field(default_factory=Goals)
    capacity: int = 4
    route_on: str | None = None
    assign: Assign = Assign.SUGGEST

    @property
    def takes_all(self) -> bool:
        """Whether every case may come here."""
        return not (self.topics or self.languages or self.tiers)


@dataclass(frozen=True, slots=True)
class Member:
    """What is set for one agent. `groups` None is all of them, `capacity` None the group's."""

    groups: frozenset[str] | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    capacity: int | None = None


ANYBODY = Member()
"""An agent for whom nothing is set."""

SUPPORT = Group("support", "Support")
"""The only group where no others are set."""


class DigestKind(StrEnum):
    """The digests there are."""

    DAILY = "daily"
    VOICES = "voices"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a digest goes out, and where. `days` are weekdays, 0 is Monday.

    `channel` is the desk's own word for a place; empty means where cases without a group's stand.
    """

    at: time
    days: frozenset[int]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class DeskRules:
    """What data/desk.yml says: groups in the order in which cases look for theirs.

    The last group takes every case. `skills` are the intents that need each skill, `members` the
    agents by e-mail. `away_release`: after this an agent's open cases go back to the queue, None
    for never. `digests` that go out. `zone`: where a day begins, for figures and digests.
    """

    groups: tuple[Group, ...] = (SUPPORT,)
    skills: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    members: Mapping[str, Member] = field(default_factory=lambda: MappingProxyType({}))
    away_release: timedelta | None = timedelta(minutes=30)
    digests: Mapping[DigestKind, Plan] = field(default_factory=lambda: MappingProxyType({}))
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def group(self, key: str) -> Group:
        """The group of this key; the one that takes everything where there is none (any more)."""
        return next((group for group in self.groups if group.key == key), self.groups[-1])

    def member(self, email: str) -> Member:
        """What is set for the agent with this e-mail."""
        return self.members.get(email.lower(), ANYBODY)

    def groups_of(self, email: str) -> tuple[Group, ...]:
        """The groups in which the agent works."""
        own = self.member(email).groups
        return tuple(group for group in self.groups if own is None or group.key in own)

    def capacity(self, email: str) -> int:
        """How many open cases the agent has at a time: their own number, else their groups'."""
        own = self.member(email).capacity
        if own is not None:
            return own
        return max((group.capacity for group in self.groups_of(email)), default=0)
