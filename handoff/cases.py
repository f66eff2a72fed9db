"""What is asked of a database for cases and their notes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from conversation.reasons import HandoffReason
from handoff.case import Briefing, Case, CaseRef, CaseStatus, Ended, Note, Priority, Route


class Cases(Protocol):
    """Cases and their notes."""

    async def open(
        self,
        conversation_id: str,
        reason: HandoffReason,
        briefing: Briefing,
        at: datetime,
        *,
        opened_seq: int,
        route: Route = Route(),
    ) -> Case:
        """Add a waiting case, opened with the messages up to `opened_seq`."""
        ...

    async def get(self, case_id: str) -> Case:
        """The case. Raises: UnknownCase."""
        ...

    async def conversation_of(self, case_id: str) -> str:
        """The id of the case's conversation; locks nothing. Raises: UnknownCase."""
        ...

    async def open_of(self, conversation_id: str) -> Case | None:
        """The conversation's open case, if it has one."""
        ...

    async def latest_of(self, conversation_id: str) -> Case | None:
        """The conversation's newest case, open or closed, or None."""
        ...

    async def before(self, case: Case) -> Case | None:
        """The newest case before this one, of its conversation or of its customer, or None."""
        ...

    async def by_ref(self, ref: CaseRef) -> Case | None:
        """The case that a desk keeps there, or None."""
        ...

    async def listed(self, *, open_only: bool) -> Sequence[Case]:
        """Cases, open ones oldest first; with closed ones, these follow, newest first."""
        ...

    async def claim(
        self, case_id: str, agent_id: str, at: datetime, *, owner: str | None = None
    ) -> bool:
        """Make the agent the owner in place of `owner`; True where that succeeded (compare and
        set). When a case was claimed stays as it was where it only changes hands."""
        ...

    async def call_back(self, case_id: str, at: datetime) -> None:
        """From now on the case's answers go out by e-mail; who has claimed it keeps it."""
        ...

    async def release(self, case_id: str) -> None:
        """Put the case back into the queue, or among the callbacks where it was one; it keeps its
        place by age."""
        ...

    async def snooze(self, case_id: str, until: datetime | None) -> None:
        """Let the case rest until then; None ends that."""
        ...

    async def prioritise(self, case_id: str, priority: Priority) -> None:
        """Set how much the case matters."""
        ...

    async def replied(self, case_id: str, at: datetime) -> None:
        """Note when the customer had the first answer of a person; later ones change nothing."""
        ...

    async def end(
        self, case_id: str, status: CaseStatus, at: datetime, ended: Ended | None = None
    ) -> None:
        """Close the case with this status. Args: ended: by whom and as what, where an agent did."""
        ...

    async def reopen(self, case_id: str, agent_id: str | None, at: datetime) -> None:
        """Open a closed case again, for this agent, or in the queue where that is None."""
        ...

    async def rebrief(self, case_id: str, briefing: Briefing) -> None:
        """Replace what the agents need to know."""
        ...

    async def route(self, case_id: str, route: Route) -> None:
        """Give the case to this group, from the moment of the route on."""
        ...

    async def by_former_ref(self, ref: CaseRef) -> Case | None:
        """The case that a desk kept there before, or None."""
        ...

    async def set_ref(self, case_id: str, ref: CaseRef, *, opening: str | None) -> None:
        """Remember where the desk keeps the case, and where it was kept before.

        Args: opening: see `Case`.
        """
        ...

    async def waiting(self, group: str) -> int:
        """How many cases wait for this group."""
        ...

    async def ahead_of(self, case: Case) -> int:
        """How many cases that wait for its group are older than this one."""
        ...

    async def note(self, case_id: str, author: str, text: str, key: str, at: datetime) -> Note:
        """Add a private note; the same key again returns the first."""
        ...

    async def noted(self, case_id: str, key: str) -> bool:
        """Whether there is a note with this key."""
        ...

    async def notes(self, case_id: str) -> Sequence[Note]:
        """The notes, oldest first."""
        ...
