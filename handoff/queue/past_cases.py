"""What is asked of a database about the cases of a while: for figures and for honest waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from handoff.case import Case


class PastCases(Protocol):
    """Reads cases, open and closed."""

    async def touched_since(self, since: datetime) -> Sequence[Case]:
        """All that were open at some moment since then, oldest first."""
        ...

    async def claimed_since(self, group: str, since: datetime, most: int) -> Sequence[Case]:
        """The group's cases that somebody claimed since then, the latest first."""
        ...

    async def unanswered(self, conversation_id: str | None = None) -> Mapping[str, datetime]:
        """When the customer wrote the first message that no agent has answered, by conversation
        with a claimed case; none where all is answered. Args: conversation_id: of this one alone.
        """
        ...
