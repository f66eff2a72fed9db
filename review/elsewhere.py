"""Contacts outside the chat, as entries of its timeline."""

from datetime import timedelta

from conversation.amounts import day
from conversation.contact_words import told
from conversation.contacts import Contact
from conversation.conversation import Conversation
from handoff.casework.happenings import Happening
from store.store import SqlWork

TOUCHPOINT = "touchpoint"
_BEFORE = timedelta(days=30)


async def touchpoints(work: SqlWork, conversation: Conversation) -> list[Happening]:
    """What the customer tried elsewhere, from 30 days before the chat on; the oldest first."""
    if conversation.customer_id is None:
        return []
    contacts = await work.touchpoints.of(
        conversation.customer_id, conversation.created_at - _BEFORE, conversation.closed_at
    )
    return [Happening(TOUCHPOINT, one.at, {"told": _dated(one)}) for one in reversed(contacts)]


def _dated(contact: Contact) -> str:
    line = told(contact)
    return f"{day(contact.at.date())}: {line[0].lower()}{line[1:]}"
