"""What came before this chat: contacts on any channel, an open case, the last rating."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """Where a customer was in touch with the company."""

    CHAT = "chat"
    VISIT = "visit"
    CALL = "call"
    EMAIL = "email"
    REVIEW = "review"


SAME_CONTACT = timedelta(hours=1)  # who writes again within it is still at it
ELSEWHERE = tuple(channel for channel in Channel if channel is not Channel.CHAT)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact, from `at` until `until`; the same moment where it has no length.

    `topics` are intents (conversation/topics.py), oldest first. `names` are order numbers and the
    like that were named. `solved`: it was noted as solved. `promised_by`: what was promised then
    should have happened by this moment.
    """

    channel: Channel
    at: datetime
    until: datetime
    topics: tuple[str, ...]
    solved: bool
    names: frozenset[str] = frozenset()
    summary: str = ""
    promised_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of the customer that somebody still works on."""

    number: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """What the customer answered to the last survey, such as "Ease 2 of 7"."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What came before. `contacts`: the latest first."""

    contacts: tuple[Contact, ...] = ()
    open_case: OpenCase | None = None
    rating: Rating | None = None


NOTHING_BEFORE = Past()


class History(Protocol):
    """Where earlier contacts are kept."""

    async def of(self, customer_id: str, now: datetime) -> Past:
        """What came before `now`."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the customer to the assistant, for `visits`."""

    conversation_id: str
    at: datetime
    intent: str | None
    names: frozenset[str] = frozenset()


def visits(said: Sequence[Said], solved: Sequence[tuple[str, datetime]]) -> tuple[Contact, ...]:
    """Chat messages as contacts, the latest first: a pause of an hour ends one.

    Args: said: oldest first. solved: conversations and when they were noted as solved.
    """
    groups: list[list[Said]] = []
    for one in said:
        last = groups[-1][-1] if groups else None
        if last is None or one.at - last.at > SAME_CONTACT:
            groups.append([])
        groups[-1].append(one)
    return tuple(_visit(group, solved) for group in reversed(groups))


def _visit(group: Sequence[Said], solved: Sequence[tuple[str, datetime]]) -> Contact:
    began, ended = group[0].at, group[-1].at
    ids = {one.conversation_id for one in group}
    by_then = ended + SAME_CONTACT
    return Contact(
        channel=Channel.CHAT,
        at=began,
        until=ended,
        topics=tuple(dict.fromkeys(one.intent for one in group if one.intent)),
        solved=any(one in ids and began <= at <= by_then for one, at in solved),
        names=frozenset().union(*(one.names for one in group)),
    )
