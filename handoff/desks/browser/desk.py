"""The browser desk. Its pages read the database, so delivering means waking whoever looks."""

from collections.abc import Sequence

from conversation.messages import Message
from handoff.briefing.card import Card
from handoff.case import CaseRef, Note
from handoff.desk import Act, Line
from handoff.digests.digests import Digest
from handoff.queue.groups import Group
from handoff.wakes import CASES_TOPIC, Live, case_topic
from staff.account import Staff

NAME = "browser"


class BrowserDesk:
    """Satisfies `handoff.desk.Desk`. A second delivery only wakes once more: nothing doubles."""

    name = NAME

    def __init__(self, live: Live) -> None:
        self._live = live

    async def open_case(self, card: Card, *, key: str, again: bool) -> CaseRef:
        """Put the case on every open list."""
        self._live.wake(CASES_TOPIC)
        return CaseRef(f"{NAME}:{card.case.id}")

    async def tell(
        self,
        ref: CaseRef,
        card: Card,
        transcript: Sequence[Message],
        notes: Sequence[Note],
        *,
        key: str,
        again: bool,
    ) -> None:
        """Nothing: the case's page reads all of it from the database."""

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        """Refresh the lists and the case where they are open."""
        self._live.wake(CASES_TOPIC)
        self._live.wake(case_topic(card.case.id))

    async def move_case(self, ref: CaseRef, card: Card, *, key: str, again: bool) -> CaseRef:
        """Refresh the lists: they show every group's cases."""
        await self.update_case(ref, card)
        return ref

    async def relay(
        self, ref: CaseRef, lines: Sequence[Line], customer: str, *, again: bool
    ) -> None:
        """Refresh the case where it is open."""
        self._live.wake(case_topic(ref.removeprefix(f"{NAME}:")))

    async def notify(
        self,
        ref: CaseRef,
        text: str,
        call: Staff | Group | None,
        *,
        aloud: bool,
        key: str,
        again: bool,
    ) -> None:
        """Refresh the case where it is open: what was said stands among its notes."""
        self._live.wake(case_topic(ref.removeprefix(f"{NAME}:")))
        if aloud:
            self._live.wake(CASES_TOPIC)

    async def add_acts(self, ref: CaseRef, acts: Sequence[Act], *, again: bool) -> None:
        """Refresh the case where it is open: its page reads from the timeline what was done."""
        self._live.wake(case_topic(ref.removeprefix(f"{NAME}:")))

    async def publish(self, digest: Digest, channel: str, *, key: str, again: bool) -> None:
        """Nothing: the review pages show it to whoever looks."""
