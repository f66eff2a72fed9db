"""The queue as an agent sees it: what is theirs, what waits for anybody; and the day's figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from conversation.clock import Clock
from conversation.masking import Mask
from conversation.messages import Author, Message
from handoff.briefing.masked import brief
from handoff.case import Case
from handoff.ports import Store
from handoff.queue.figures import Today, figures
from handoff.queue.groups import DeskRules
from staff.account import Staff


@dataclass(frozen=True, slots=True)
class Queue:
    """Open cases, none of them twice, the oldest first.

    `mine`: this agent's, where the customer waits for an answer. `waiting_for_customer`: this
    agent's, where the last word was an agent's or the case rests. `unclaimed`: of the agent's
    groups.
    """

    mine: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    waiting_for_customer: tuple[Case, ...]


class QueueView:
    """Reads the queue. Nothing is changed."""

    def __init__(
        self, store: Store, rules: DeskRules, clock: Clock, mask: Callable[[], Mask] = Mask
    ) -> None:
        """Args: mask: gives a new mask for each case."""
        self._store = store
        self._mask = mask
        self._rules = rules
        self._clock = clock

    async def of(self, staff: Staff) -> Queue:
        """The queue of this agent."""
        groups = {group.key for group in self._rules.groups_of(staff.email)}
        async with self._store.read() as work:
            listed = await work.cases.listed(open_only=True)
            cases = [brief(self._mask(), case) for case in listed]
            asked = await work.queue.unanswered()
        now = self._clock()
        own = [case for case in cases if case.agent_id == staff.id]
        due = {case.id for case in own if case.conversation_id in asked and not case.rests(now)}
        return Queue(
            mine=tuple(case for case in own if case.id in due),
            unclaimed=tuple(
                case
                for case in cases
                if case.agent_id is None and self._rules.group(case.route.group).key in groups
            ),
            waiting_for_customer=tuple(case for case in own if case.id not in due),
        )

    async def today(self) -> Today:
        """The figures since the day began where the desk is."""
        now = self._clock()
        begins = datetime.combine(now.astimezone(self._rules.zone), time(), self._rules.zone)
        async with self._store.read() as work:
            cases = await work.queue.touched_since(begins)
        return figures(cases, begins, begins + timedelta(days=1), now)


def unanswered_since(thread: Sequence[Message]) -> datetime | None:
    """When the customer wrote the first message that no agent has answered, or None."""
    since: datetime | None = None
    for message in thread:
        if message.author is Author.AGENT:
            since = None
        elif message.author is Author.CUSTOMER and since is None:
            since = message.at
    return since
