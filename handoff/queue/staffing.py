"""Who is at the desk, with how much to do: the Away switch and the state of every agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from conversation.clock import Clock
from handoff.case import CaseError
from handoff.ports import Store
from handoff.queue.groups import DeskRules, Group
from handoff.queue.presence import Presence
from staff.account import Role, Staff

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """An agent as routing sees them. `load`: open cases on hand. Times are set while away."""

    staff: Staff
    groups: tuple[Group, ...]
    capacity: int
    load: int
    away: bool = False
    away_since: datetime | None = None
    away_until: datetime | None = None

    @property
    def free(self) -> bool:
        """Whether there is room for one more case."""
        return not self.away and self.load < self.capacity


class Staffing:
    """The agents' presence. What is set here decides; presence elsewhere is no more than a hint.

    Raises, everywhere: CaseError where the person is no agent.
    """

    def __init__(self, store: Store, rules: DeskRules, clock: Clock) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock

    async def set_away(self, staff: Staff, at: datetime, until: datetime | None = None) -> None:
        """No case is given to this agent from `at` on. Args: until: when they come back by itself.

        Raises: CaseError where `until` is past.
        """
        _check_agent(staff)
        if until is not None and until <= at:
            raise CaseError("That moment has passed. Name one to come, or leave it out.")
        async with self._store.work() as work:
            await work.presence.set_away(staff.id, at, until)
        log.info("agent_away", staff=staff.id, until=until)

    async def set_back(self, staff: Staff) -> None:
        """The agent takes cases again."""
        _check_agent(staff)
        async with self._store.work() as work:
            await work.presence.set_back(staff.id)
        log.info("agent_back", staff=staff.id)

    async def set_gone(self, staff: Staff, at: datetime) -> None:
        """The agent's account elsewhere was deactivated: their cases go back to the queue."""
        async with self._store.work() as work:
            await work.presence.set_gone(staff.id, at)
        log.warning("agent_gone", staff=staff.id)

    async def status(self) -> Sequence[AgentStatus]:
        """Every agent, by name."""
        now = self._clock()
        async with self._store.read() as work:
            agents = await work.presence.agents()
            loads = await work.presence.loads(now)
        return statuses(self._rules, agents, loads, now)

    async def status_of(self, staff: Staff) -> AgentStatus:
        """This agent."""
        _check_agent(staff)
        found = {status.staff.id: status for status in await self.status()}
        return found[staff.id]


def statuses(
    rules: DeskRules, agents: Sequence[Presence], loads: Mapping[str, int], now: datetime
) -> Sequence[AgentStatus]:
    """The agents as they stand at `now`. Args: loads: open cases by account."""
    return [_status(rules, one, loads.get(one.staff.id, 0), now) for one in agents]


def _status(rules: DeskRules, presence: Presence, load: int, now: datetime) -> AgentStatus:
    email, away = presence.staff.email, presence.away(now)
    return AgentStatus(
        staff=presence.staff,
        groups=rules.groups_of(email),
        capacity=rules.capacity(email),
        load=load,
        away=away,
        away_since=presence.since if away else None,
        away_until=presence.until if away else None,
    )


def _check_agent(staff: Staff) -> None:
    if Role.AGENT not in staff.roles:
        raise CaseError("Only agents are at the desk or away. Ask an admin for the agent role.")
