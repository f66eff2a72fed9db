"""The customer's door: chat API, widget files, shop page, put together."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, Sanic

from conversation.article import Articles
from conversation.clock import Clock
from conversation.customer import OF_VISIT, CustomerDirectory
from conversation.survey_rules import SurveyRules
from handoff.feedback import Feedback
from handoff.handoffs import Handoffs
from handoff.promises.callbacks import Callbacks
from store.live import LocalLive
from store.store import SqlStore
from website.chat_page import ChatPage
from website.files import Files
from website.gateway import Gateway
from website.headers import harden
from website.help_pages import HelpPages
from website.http_api import HttpApi
from website.limits import Limits
from website.origins import Origins
from website.reception import Reception
from website.shop_page import ShopPage
from website.touchpoints import Touchpoints
from website.turn import Turns
from website.visit import Visits

_HERE = Path(__file__).parent
_SHARED = ("/api/", "/widget/")


@dataclass(frozen=True)
class Site:
    """What the website needs.

    `secret` signs visitor tokens, `identity_key` checks the company's customer identities.
    `origins` are websites that may embed the widget, such as "https://shop.example".
    `demo` shows the demo shop, where anybody can sign in as a demo customer.
    `keeps`: what may be known of a visit, of OF_VISIT.
    `by_email`: answers can go out by e-mail. `link_after_close`: so long a link in one opens a
    closed conversation.
    `touchpoints_token` lets other systems report contacts; empty: none may.
    """

    store: SqlStore
    directory: CustomerDirectory
    live: LocalLive
    turns: Turns
    handoffs: Handoffs
    clock: Clock
    company: str
    secret: str
    identity_key: str
    origins: tuple[str, ...] = ()
    demo: bool = False
    limits: Limits = field(default_factory=Limits)
    articles: Articles = field(default_factory=Articles)
    survey_rules: SurveyRules = field(default_factory=SurveyRules)
    touchpoints_token: str = ""
    keeps: frozenset[str] = OF_VISIT
    by_email: bool = False
    link_after_close: timedelta = timedelta()


def blueprint(deps: Site) -> Blueprint:
    """The website's routes."""
    routes = Blueprint("website")
    origins = Origins(deps.origins)
    reception = Reception(
        deps.store,
        deps.directory,
        deps.handoffs,
        deps.clock,
        deps.secret,
        deps.identity_key,
        keeps=deps.keeps,
        link_after_close=deps.link_after_close,
    )
    feedback = Feedback(deps.store, deps.handoffs, deps.survey_rules, deps.clock)
    callbacks = Callbacks(deps.store, deps.clock, by_email=deps.by_email)
    visits = Visits(deps.store, deps.directory, deps.turns, deps.handoffs, feedback, callbacks)
    gateway = Gateway(reception, visits, deps.live, origins, deps.limits)
    api = HttpApi(deps.company, deps.by_email, reception, visits, deps.live, origins, deps.limits)

    async def say_goodbye(_: Sanic[Any, Any]) -> None:
        api.close()
        await gateway.close()

    async def finish(request: Request, response: HTTPResponse) -> None:
        harden(request, response)
        if request.path.startswith(_SHARED):
            origins.mark(request, response)

    routes.add_websocket_route(gateway.chat, "/api/chat", name="chat")
    api.add_to(routes)
    routes.static("/widget", _HERE / "widget", name="widget", use_modified_since=True)
    shop = ShopPage(deps.store, deps.clock, deps.company, deps.identity_key, demo=deps.demo)
    shop.add_to(routes)
    Files(deps.store, api, deps.clock).add_to(routes)
    ChatPage(deps.company).add_to(routes)
    Touchpoints(deps.store, deps.clock, deps.touchpoints_token, deps.limits).add_to(routes)
    HelpPages(deps.articles, deps.company).add_to(routes)
    routes.middleware(finish, "response")
    routes.before_server_stop(say_goodbye)
    return routes
