"""The browser desk's pages: the list, a case, and the stream that keeps both fresh."""

from collections.abc import Collection
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.blueprints import BlueprintGroup

from conversation.clock import Clock
from handoff.case import UnknownCase
from handoff.casework import Casework
from handoff.desks.browser.board import Board, read_board
from handoff.desks.browser.case_page import CasePage
from handoff.desks.browser.events import stream
from handoff.desks.browser.verbs import Verbs
from handoff.ports import Store
from handoff.wakes import CASES_TOPIC, Live, case_topic, conversation_topic
from staff.account import Role
from staff.door import StaffDoor
from staff.frame import asset_url, assets

_STATIC = Path(__file__).parent / "static"
_STATIC_URL = "/desk/static"


def blueprint(
    door: StaffDoor, store: Store, casework: Casework, live: Live, clock: Clock
) -> BlueprintGroup:
    """/desk and everything below it, for agents."""
    pages = Blueprint("browser_desk", url_prefix="/desk")
    environment = door.environment("handoff.desks.browser")
    environment.globals["desk_script"] = asset_url(_STATIC_URL, _STATIC / "desk.js")
    page = CasePage(door, environment, store, clock)
    Verbs(casework, page).add_to(pages, door)

    async def board(request: Request) -> Board:
        async with store.read() as work:
            return await read_board(work, request.ctx.session.staff.id, clock())

    @pages.get("/")
    @door.requires(Role.AGENT)
    async def listed(request: Request) -> HTTPResponse:
        return door.render(request, environment, "desk.html", board=await board(request))

    @pages.get("/live")
    @door.requires(Role.AGENT, passive=True)
    async def list_parts(request: Request) -> HTTPResponse:
        return door.render(request, environment, "_board.html", board=await board(request))

    @pages.get("/cases/<case_id:str>")
    @door.requires(Role.AGENT)
    async def one(request: Request, case_id: str) -> HTTPResponse:
        return await page.whole(request, case_id)

    @pages.get("/cases/<case_id:str>/live")
    @door.requires(Role.AGENT, passive=True)
    async def case_parts(request: Request, case_id: str) -> HTTPResponse:
        return await page.parts(request, case_id)

    @pages.get("/events")
    @door.requires(Role.AGENT, passive=True)
    async def events(request: Request) -> None:
        case_id = request.args.get("case")

        async def of_the_case() -> Collection[str]:
            async with store.read() as work:
                case = await work.cases.get(str(case_id))
            return case_topic(case.id), conversation_topic(case.conversation_id)

        async def of_the_list() -> Collection[str]:
            async with store.read() as work:
                cases = await work.cases.listed(open_only=True)
            me = request.ctx.session.staff.id
            mine = (case.conversation_id for case in cases if case.agent_id == me)
            return CASES_TOPIC, *(conversation_topic(one) for one in mine)

        await stream(request, live, of_the_case if case_id else of_the_list)

    async def unknown(request: Request, error: UnknownCase) -> HTTPResponse:
        return door.problem(request, 404, "No such case", str(error))

    pages.exception(UnknownCase)(unknown)
    return Blueprint.group(pages, assets("browser_desk_assets", _STATIC_URL, _STATIC))
