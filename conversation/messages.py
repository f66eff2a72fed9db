"""Messages: what a customer can see of a conversation, and who wrote it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Author(StrEnum):
    """Who wrote a message. Every message shown carries its author."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Button:
    """A suggested answer: pressing it sends `payload`, which the customer could also type."""

    title: str
    payload: str


_LINKED = re.compile(r"(?:/(?![/\\])|https://[^\s/\\])[^\s\\]*")


def may_be_linked(url: str) -> bool:
    """Whether an answer may lead there: to a page of this site ("/help/x"), or over https."""
    return _LINKED.fullmatch(url) is not None


@dataclass(frozen=True, slots=True)
class Link:
    """A page to open beside the conversation."""

    title: str
    url: str

    def on(self, site: str) -> "Link":
        """The same link for readers elsewhere. Args: site: like "https://shop.example"."""
        return replace(self, url=site + self.url) if self.url.startswith("/") else self


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has its place in the conversation.

    `client_id` is the sender's own idempotency key: the same key in the same conversation is
    the same message. `name` is the agent's name where an agent wrote it, `staff_id` their id;
    `helping` names the case's owner where that is somebody else.
    """

    author: Author
    text: str
    name: str | None = None
    client_id: str | None = None
    buttons: tuple[Button | Link, ...] = ()
    staff_id: str | None = None
    helping: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What an author made of their message afterwards: `text`, None where they deleted it.

    `stamp` orders the edits of one message: of two the greater is the newer.
    """

    text: str | None
    staff_id: str
    at: datetime
    stamp: str = ""

    def replaces(self, other: "Revision") -> bool:
        """Whether this one holds and not `other`: nothing follows a deletion."""
        return other.text is not None and (self.text is None or self.stamp >= other.stamp)


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said until `replaced_at`."""

    text: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `seq` counts from 1 within its conversation, without gaps.

    `edited_at` and `deleted_at` are set where its author changed it since; of a deleted one
    `text` is empty. What it said before is kept for review alone.
    """

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    name: str | None = None
    client_id: str | None = None
    buttons: tuple[Button | Link, ...] = ()
    staff_id: str | None = None
    helping: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    def on(self, site: str) -> "Message":
        """The same message with whole addresses, for readers elsewhere. Args: site: as in Link."""
        linked = (one.on(site) if isinstance(one, Link) else one for one in self.buttons)
        return replace(self, buttons=tuple(linked))

    @property
    def links(self) -> tuple[Link, ...]:
        """The links among its buttons."""
        return tuple(button for button in self.buttons if isinstance(button, Link))
