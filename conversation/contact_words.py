"""A contact in one line for staff: "Called on Tuesday about the same, still open"."""

from datetime import datetime

from conversation.amounts import day
from conversation.contacts import Channel, Contact
from conversation.topics import matter_of

_DID = {
    Channel.CHAT: "Chatted",
    Channel.VISIT: "Came to the shop",
    Channel.CALL: "Called",
    Channel.EMAIL: "Wrote an e-mail",
    Channel.REVIEW: "Wrote a review",
}
_A_WEEK = 7


def when(at: datetime, now: datetime) -> str:
    """The day as a person says it: today, yesterday, on Tuesday, on 4 March."""
    days = (now.date() - at.date()).days
    if days <= 1:
        return "yesterday" if days else "today"
    return f"on {at:%A}" if days < _A_WEEK else f"on {day(at.date())}"


def told(contact: Contact, now: datetime | None = None, *, same: bool = False) -> str:
    """What was, when, what about, and how it ended.

    Args: now: None where the day stands beside it already. same: it is what the chat is about.
    """
    matter = matter_of(contact.topics)
    about = "the same" if same else f"{matter[0].lower()}{matter[1:]}"
    day_of = f" {when(contact.at, now)}" if now else ""
    parts = [f"{_DID[contact.channel]}{day_of} about {about}", _ended(contact)]
    if contact.promised_by is not None and not contact.solved:
        parts.append(f"an answer promised by {contact.promised_by:%-d %B %H:%M} UTC")
    line = ", ".join(parts)
    return f"{line}: “{contact.summary}”" if contact.summary else line


def _ended(contact: Contact) -> str:
    if contact.solved:
        return "solved"
    return "not confirmed as solved" if contact.channel is Channel.CHAT else "still open"
