"""The Away switch: whether cases are given to the agent who is signed in."""

from datetime import timedelta

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest

from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.submitted import INCOMPLETE, agent_of
from staff.account import Role
from staff.forms import field
from staff.sign_in import see_other

AWAY_FOR = {
    "": "until I say so",
    "30": "for 30 minutes",
    "60": "for an hour",
    "120": "for two hours",
}


class AwaySwitch:
    """The POST handlers of the switch."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    def add_to(self, pages: Blueprint) -> None:
        """Add the routes, for agents only."""
        guard = self._parts.door.requires(Role.AGENT)
        pages.add_route(guard(self.away), "/away", methods=["POST"], name="away")
        pages.add_route(guard(self.back), "/back", methods=["POST"], name="back")

    async def away(self, request: Request) -> HTTPResponse:
        """No case is given to this agent from now on."""
        minutes, now = field(request, "minutes"), self._parts.clock()
        if minutes not in AWAY_FOR:
            raise BadRequest(INCOMPLETE)
        until = now + timedelta(minutes=int(minutes)) if minutes else None
        await self._parts.staffing.set_away(agent_of(request), now, until)
        return see_other("/desk")

    async def back(self, request: Request) -> HTTPResponse:
        """Cases are given to this agent again."""
        await self._parts.staffing.set_back(agent_of(request))
        return see_other("/desk")
