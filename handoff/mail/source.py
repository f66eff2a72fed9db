"""What came by e-mail is known by its key."""

import hashlib

from conversation.messages import Message

SOURCE = "mail"


def key_of(message_id: str, sender: str, conversation_id: str) -> str:
    """The key of an e-mail: the same one that arrives twice has the same.

    Sender and conversation belong to it, so that nobody can take a Message-ID from another.
    """
    named = "\n".join((message_id, sender.casefold(), conversation_id))
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:40]


def client_id(key: str, part: int) -> str:
    """The key of the message that part of an e-mail becomes. Args: part: counts from 0."""
    return f"{SOURCE}:{key}:{part}"


def came_by_mail(message: Message) -> bool:
    """Whether the customer sent it as an e-mail."""
    return (message.client_id or "").startswith(f"{SOURCE}:")
