"""Messages: what a customer can see of a conversation, and who wrote it."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has its place in the conversation.

    `client_id` is the sender's own idempotency key: the same key in the same conversation is
    the same message. `name` is the agent's name where an agent wrote it.
    """

    author: Author
    text: str
    name: str | None = None
    client_id: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `seq` counts from 1 within its conversation, without gaps."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    name: str | None = None
    client_id: str | None = None
    buttons: tuple[Button, ...] = ()
