"""The staff pages on a loopback port, and people in front of them with a browser each."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic

from conversation.clock import utc_now
from conversation.shop import Order, OrderState
from conversation.survey_rules import SurveyRules
from handoff.casework.verbs import Casework
from handoff.desk import Desk
from handoff.desks.browser.desk import BrowserDesk
from handoff.desks.browser.files import file_pages
from handoff.desks.browser.pages import blueprint as desk_pages
from handoff.digests.editor import Editor
from handoff.queue.groups import DeskRules
from review.digests import blueprint as digest_pages
from review.pages import blueprint as review_pages
from staff import passwords
from staff.account import Role, Staff
from staff.door import StaffDoor
from tests.desks.site import Site, open_site
from tests.patience import PATIENT_S
from tests.ports import free_ports

PASSWORD = "a long enough password"
_HASH = passwords.hash(PASSWORD)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class MovableClock:
    """Real time, and what the test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Now."""
        return utc_now() + self.ahead


class Browser:
    """A signed-in person's browser, without scripts."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Send the sign-in form."""
        return await self.http.post(
            "/sign-in", data={"email": email, "password": password, **fields}
        )

    async def reads(self, path: str, status: int = 200) -> str:
        """The text of a page, without its markup."""
        return text_of(await self.gets(path, status))

    async def gets(self, path: str, status: int = 200) -> str:
        """The source of a page."""
        answer = await self.http.get(path)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.text

    async def sends(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Fill in and send the form of the page that leads to `action`."""
        return await self.http.post(
            action, data={**hidden_fields(await self.gets(page), action), **fields}
        )


class StaffSite:
    """A site with its staff pages."""

    def __init__(self, site: Site, clock: MovableClock, open_browsers: AsyncExitStack) -> None:
        self.site = site
        self.clock = clock
        self.casework = Casework(site.store, "browser", site.clock)
        self._open = open_browsers

    async def account(self, name: str, *roles: Role) -> Staff:
        """An account with the password of all tests."""
        async with self.site.store.work() as work:
            return await work.accounts.save(
                f"{name.lower()}@example.com", name, roles, _HASH, utc_now()
            )

    async def an_order(self, conversation_id: str) -> Order:
        """Order 7 of the conversation's customer, which came today."""
        today = self.site.clock().date()
        async with self.site.store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            order = Order(
                number="7",
                customer_id=str(conversation.customer_id),
                items=("Tent", "Pegs"),
                total_cents=9000,
                currency="EUR",
                state=OrderState.DELIVERED,
                placed_on=today,
                address="1 Street",
                delivered_on=today,
            )
            await work.shop.put(order)
        return order

    async def browser(self) -> Browser:
        """A browser that nobody has signed in with."""
        client = httpx.AsyncClient(base_url=self.site.url, trust_env=False, timeout=PATIENT_S)
        return Browser(await self._open.enter_async_context(client))

    async def signed_in(self, name: str, *roles: Role) -> Browser:
        """The browser of a new member of staff."""
        account = await self.account(name, *roles)
        browser = await self.browser()
        answer = await browser.sign_in(account.email)
        assert answer.status_code == 303, answer.text
        return browser


@asynccontextmanager
async def staff_site(
    folder: Path, *, secure: bool = False, rules: DeskRules | None = None, chosen: str = "browser"
) -> AsyncIterator[StaffSite]:
    """Desk and review pages on a database of their own.

    Args: rules: the desk's groups; chosen: the name of the desk where cases are announced.
    """
    clock = MovableClock()

    def build(site: Site, app: "Sanic[Any, Any]") -> Desk:
        door = StaffDoor(site.store, clock, secure_cookies=secure, company="Demo shop")
        app.blueprint(door.blueprint)
        app.blueprint(desk_pages(replace(site.desk_parts(door), chosen=chosen, clock=clock)))
        app.blueprint(file_pages(door, site.store))
        app.blueprint(review_pages(door, site.store, site.clock, SurveyRules()))
        editor = Editor(site.store, site.rules, SurveyRules(), clock, site.url, lambda: str)
        app.blueprint(digest_pages(door, editor))
        return BrowserDesk(site.live)

    async with (
        open_site(folder, "browser", build, free_ports(1)[0], rules) as site,
        AsyncExitStack() as open_browsers,
    ):
        yield StaffSite(site, clock, open_browsers)


def hidden_fields(page: str, action: str) -> Mapping[str, str]:
    """The hidden fields of the form that leads to `action`."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form is not None, f"the page has no form that leads to {action}"
    return dict(_HIDDEN.findall(form[0]))


def text_of(markup: str) -> str:
    """What a person reads of it, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
