"""What is asked of a database where authors change their messages."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from conversation.messages import Message, Revision, Version


class Revisions(Protocol):
    """What authors make of their messages afterwards."""

    async def apply(self, message: Message, revision: Revision) -> Message:
        """Change the message; what it said until now is kept. An older revision than one that
        was applied, or one that changes nothing, is passed over."""
        ...

    async def keep(self, conversation_id: str, client_id: str, revision: Revision) -> None:
        """Keep a revision of a message that has not arrived yet."""
        ...

    async def kept(self, conversation_id: str, client_id: str) -> Revision | None:
        """The revision that was kept for the message with this client id, or None."""
        ...

    async def versions(self, conversation_id: str) -> Mapping[int, Sequence[Version]]:
        """What the conversation's changed messages said before, by `seq`, oldest first."""
        ...
