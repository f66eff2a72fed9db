"""Conversations and messages as the domain knows them, read from their rows."""

from conversation.conversation import Conversation
from conversation.messages import Author, Button, Link, Message
from conversation.outcome import Outcome
from conversation.responder import Responder
from store.tables import ConversationRow, MessageRow


def conversation_of(row: ConversationRow) -> Conversation:
    """The conversation that the row holds."""
    return Conversation(
        id=row.id,
        visitor_id=row.visitor_id,
        customer_id=row.customer_id,
        responder=Responder(row.responder),
        created_at=row.created_at,
        began_anew_at=row.began_anew_at,
        last_seq=row.last_seq,
        locale=row.locale,
        time_zone=row.time_zone,
        page=row.page,
        pages=tuple(row.pages),
        handed_back=row.handed_back,
        outcome=Outcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        email=row.email,
        email_asked=row.email_asked,
        shown_seq=row.shown_seq,
        changes=row.changes,
    )


def message_of(row: MessageRow) -> Message:
    """The message that the row holds."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        text=row.text,
        at=row.at,
        name=row.name,
        client_id=row.client_id,
        buttons=tuple(_button(stored) for stored in row.buttons),
        staff_id=row.staff_id,
        helping=row.helping,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def _button(stored: dict[str, str] | list[str]) -> Button | Link:
    if isinstance(stored, list):  # as rows have it that are older than links
        return Button(*stored)
    return Link(**stored) if "url" in stored else Button(**stored)
