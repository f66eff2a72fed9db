"""A conversation: whose it is, who answers now, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from conversation.outcome import Outcome
from conversation.responder import Responder


class UnknownConversation(LookupError):
    """There is no conversation with this id."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a conversation.

    `customer_id` is None for an anonymous visitor. `began_anew_at` is the start of the present
    contact: effort counts from there (after a hand back, a resolution, or a return).
    `time_zone` is where the browser is, such as "Europe/Madrid"; "" where that is not known.
    It began on `page`; `pages` are the paths that were looked at before, oldest first.
    `handed_back` is the summary an agent left for the bot, until the bot has read it.
    `email` is the address that the customer left for answers; `email_asked`: one was asked for.
    `shown_seq` is the last message that a page of theirs has confirmed to have.
    `changes` counts the changes that were made to its messages after they were said.
    """

    id: str
    visitor_id: str
    customer_id: str | None
    responder: Responder
    created_at: datetime
    began_anew_at: datetime
    last_seq: int
    locale: str = "en"
    time_zone: str = ""
    page: str = ""
    pages: tuple[str, ...] = ()
    handed_back: str | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    email: str | None = None
    email_asked: bool = False
    shown_seq: int = 0
    changes: int = 0
