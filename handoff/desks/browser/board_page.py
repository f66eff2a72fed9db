"""The page of all cases: whose turn it is, of which group, and whether the desk can be reached."""

from datetime import timedelta
from typing import Any

from jinja2 import Environment
from sanic import Blueprint, HTTPResponse, Request

from handoff.desks.browser.board import read_board
from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.presence import AWAY_FOR
from handoff.desks.browser.stuck import stuck_of
from handoff.desks.browser.submitted import agent_of
from handoff.promises.waits import Wait, Waits
from staff.account import Role


class BoardPage:
    """Reads and renders the list."""

    def __init__(self, parts: DeskParts, environment: Environment) -> None:
        self._parts = parts
        self._environment = environment
        self._waits = Waits(parts.rules, parts.clock, fresh_for=timedelta())

    def add_to(self, pages: Blueprint) -> None:
        """Add the routes, for agents only."""
        door = self._parts.door
        pages.add_route(door.requires(Role.AGENT)(self.whole), "/", name="list")
        live = door.requires(Role.AGENT, passive=True)(self.live)
        pages.add_route(live, "/live", name="list_live")

    async def whole(self, request: Request) -> HTTPResponse:
        """The page."""
        return await self._render(request, "desk.html")

    async def live(self, request: Request) -> HTTPResponse:
        """What of it changes by itself."""
        return await self._render(request, "_board.html")

    async def _render(self, request: Request, template: str) -> HTTPResponse:
        context = await self._context(request)
        return self._parts.door.render(request, self._environment, template, **context)

    async def _context(self, request: Request) -> dict[str, Any]:
        parts, me, now = self._parts, agent_of(request), self._parts.clock()
        shown = str(request.args.get("group", ""))
        groups = {group.key: group.name for group in parts.rules.groups}
        async with parts.store.read() as work:
            board = await read_board(work, me.id, now, parts.masks, parts.rules)
            stuck = await stuck_of(work, parts, now)
            counts = board.by_group()
            told = {
                name: _told(await self._waits.at(work, key, counts[key] + 1))
                for key, name in groups.items()
                if key == shown or shown not in groups
            }
        return {
            "board": board.of_group(shown) if shown in groups else board,
            "shown": shown if shown in groups else "",
            "groups": groups,
            "counts": counts,
            "told": told,
            "me": await parts.staffing.status_of(me),
            "today": await parts.queue.today(),
            "away_for": AWAY_FOR,
            **stuck,
        }


def _told(wait: Wait) -> str:
    """What customers who ask for a person now are told of the wait, in short."""
    if wait.back:
        return f"back {wait.back}"
    if wait.away:
        return "nobody is at the desk"
    if wait.within_min is None:
        return "not known yet"
    return f"up to {wait.within_min} min"
