"""The browser desk's pages: the list, a case, and the stream that keeps both fresh."""

from collections.abc import Collection
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.blueprints import BlueprintGroup

from handoff.case import UnknownCase
from handoff.desks.browser.board_page import BoardPage
from handoff.desks.browser.case_page import CasePage
from handoff.desks.browser.endings import Ending
from handoff.desks.browser.events import stream
from handoff.desks.browser.owning import Owning
from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.presence import AwaySwitch
from handoff.desks.browser.reveals import Revealing
from handoff.desks.browser.shop_page import ShopPage
from handoff.desks.browser.verbs import Talk
from handoff.wakes import CASES_TOPIC, case_topic, conversation_topic
from staff.account import Role
from staff.frame import asset_url, assets

_STATIC = Path(__file__).parent / "static"
_STATIC_URL = "/desk/static"


def blueprint(parts: DeskParts) -> BlueprintGroup:
    """/desk and everything below it, for agents."""
    door, store = parts.door, parts.store
    pages = Blueprint("browser_desk", url_prefix="/desk")
    environment = door.environment("handoff.desks.browser")
    environment.globals["desk_script"] = asset_url(_STATIC_URL, _STATIC / "desk.js")
    page = CasePage(parts, environment)
    for verbs in (Talk, Owning, Ending, Revealing):
        verbs(parts, page).add_to(pages)
    ShopPage(parts, environment).add_to(pages)
    AwaySwitch(parts).add_to(pages)
    BoardPage(parts, environment).add_to(pages)

    @pages.get("/cases/<case_id:str>")
    @door.requires(Role.AGENT)
    async def one(request: Request, case_id: str) -> HTTPResponse:
        return await page.whole(request, case_id)

    @pages.get("/cases/<case_id:str>/live")
    @door.requires(Role.AGENT, passive=True)
    async def case_parts(request: Request, case_id: str) -> HTTPResponse:
        return await page.live(request, case_id)

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

        await stream(request, parts.live, of_the_case if case_id else of_the_list)

    async def unknown(request: Request, error: UnknownCase) -> HTTPResponse:
        return door.problem(request, 404, "No such case", str(error))

    pages.exception(UnknownCase)(unknown)
    return Blueprint.group(pages, assets("browser_desk_assets", _STATIC_URL, _STATIC))
