"""Whose Slack account is deactivated is not at the desk; whose is active again may be back."""

from conversation.clock import Clock
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.web_api.calls import Payload
from handoff.ports import Store
from handoff.queue.staffing import Staffing


class Leavers:
    """Hears of changes to the workspace's people."""

    def __init__(self, store: Store, agents: Agents, staffing: Staffing, clock: Clock) -> None:
        self._store = store
        self._agents = agents
        self._staffing = staffing
        self._clock = clock

    async def on_change(self, event: Payload) -> None:
        """A person's account was changed in some way."""
        user = event.get("user")
        if not isinstance(user, dict):
            return
        staff = await self._agents.listed(str(user.get("id")), str(user.get("team_id") or ""))
        async with self._store.read() as work:
            known = await work.presence.of(staff.id) if staff else None
        if staff is None or known is None:
            return
        deactivated = user.get("deleted") is True
        if deactivated and not known.gone:
            await self._staffing.set_gone(staff, self._clock())
        elif known.gone and not deactivated:
            await self._staffing.set_back(staff)
