"""Agents in the browser: forms filled in and sent as a browser without scripts does."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic

from conversation.clock import utc_now
from handoff.case import Case
from handoff.desk import Desk
from handoff.desks.browser.desk import BrowserDesk
from handoff.desks.browser.pages import blueprint
from staff import passwords
from staff.account import Role
from staff.door import StaffDoor
from tests.desks.harness import Person
from tests.desks.site import Site, open_site
from tests.patience import PATIENT_S
from tests.ports import free_ports

_PASSWORD = "correct horse battery"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ENTRY = re.compile(r'<p class="entry-text">(.*?)</p>', re.DOTALL)
_HEAD = re.compile(r'<span class="pill [^"]*">(.*?)</span>', re.DOTALL)
_REFUSED = (403, 409)


class BrowserHarness:
    """Satisfies `Harness`."""

    def __init__(self, site: Site, open_browsers: AsyncExitStack) -> None:
        self.site = site
        self._open = open_browsers
        self._browsers: dict[str, httpx.AsyncClient] = {}
        self._told: dict[str, str] = {}
        self._hash = passwords.hash(_PASSWORD)

    async def agent(self, name: str) -> Person:
        """An agent, signed in."""
        return await self._sign_in(name, Role.AGENT)

    async def stranger(self) -> Person:
        """A lead, signed in."""
        return await self._sign_in("Lea", Role.LEAD)

    async def claims(self, who: Person, case: Case) -> None:
        """Press Claim."""
        await self._send(who, case, "claim")

    async def replies(self, who: Person, case: Case, text: str, *, times: int = 1) -> None:
        """Send the reply form."""
        await self._send(who, case, "reply", times=times, text=text)

    async def notes(self, who: Person, case: Case, text: str) -> None:
        """Send the note form."""
        await self._send(who, case, "note", text=text)

    async def hands_back(self, who: Person, case: Case) -> None:
        """Send the hand-back form."""
        await self._send(who, case, "hand-back", summary="All is said.")

    async def resolves(self, who: Person, case: Case) -> None:
        """Send the resolve form with its box for the survey ticked."""
        await self._send(who, case, "resolve", survey="on", closing="", needed="yes")

    async def told(self, who: Person) -> str:
        """The text of the page that refused the last act."""
        return self._told[who.handle]

    async def state(self, who: Person, case: Case) -> str:
        """The state at the head of the case page."""
        page = await self._page(who, case)
        return _text(" ".join(_HEAD.findall(page)))

    async def card(self, who: Person, case: Case) -> str:
        """The head of the case page and what stands beside the conversation."""
        page = await self._page(who, case)
        head = page.split('id="case-head"')[1].split("</header>")[0]
        return _text(head + page.split('id="card"')[1].split("</section>")[0])

    async def reads(self, who: Person, case: Case) -> list[str]:
        """The conversation on the case page."""
        return [_text(entry) for entry in _ENTRY.findall(await self._page(who, case))]

    async def cases_shown(self, who: Person) -> int:
        """The rows of the list."""
        listed = await self._browsers[who.handle].get("/desk", follow_redirects=True)
        return listed.text.count('class="case-row"')

    async def next_delivery_is_cut(self) -> None:
        """The pages read the database: there is no connection that could break."""

    async def _sign_in(self, name: str, role: Role) -> Person:
        person = Person(name, f"{name.lower()}@example.com")
        async with self.site.store.work() as work:
            await work.accounts.save(person.handle, name, [role], self._hash, utc_now())
        client = httpx.AsyncClient(base_url=self.site.url, trust_env=False, timeout=PATIENT_S)
        browser = self._browsers[person.handle] = await self._open.enter_async_context(client)
        form = dict(_HIDDEN.findall((await browser.get("/sign-in")).text))
        answer = await browser.post(
            "/sign-in", data={**form, "email": person.handle, "password": _PASSWORD}
        )
        assert answer.status_code == 303, answer.text
        return person

    async def _page(self, who: Person, case: Case) -> str:
        answer = await self._browsers[who.handle].get(f"/desk/cases/{case.id}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def _send(
        self, who: Person, case: Case, verb: str, *, times: int = 1, **fields: str
    ) -> None:
        browser = self._browsers[who.handle]
        shown = (await browser.get(f"/desk/cases/{case.id}")).text
        # A closed case has no reply form; somebody may still send the one of an old page.
        hidden = {"key": f"old-page-{verb}", **dict(_HIDDEN.findall(_form(shown, verb) or shown))}
        for _ in range(times):
            url = f"/desk/cases/{case.id}/{verb}"
            answer = await browser.post(url, data={**hidden, **fields})
            assert answer.status_code in (303, *_REFUSED), answer.text
            if answer.status_code in _REFUSED:
                self._told[who.handle] = _text(answer.text)
        await self.site.delivered()


@asynccontextmanager
async def browser_harness(folder: Path) -> AsyncIterator[BrowserHarness]:
    """A site whose agents work in the browser."""

    def build(site: Site, app: "Sanic[Any, Any]") -> Desk:
        door = StaffDoor(site.store, site.clock, secure_cookies=False, company="Demo shop")
        app.blueprint(door.blueprint)
        app.blueprint(blueprint(site.desk_parts(door)))
        return BrowserDesk(site.live)

    async with (
        open_site(folder, "browser", build, free_ports(1)[0]) as site,
        AsyncExitStack() as open_browsers,
    ):
        yield BrowserHarness(site, open_browsers)


def _form(page: str, verb: str) -> str | None:
    found = re.search(rf'<form[^>]*action="[^"]*/{verb}".*?</form>', page, re.DOTALL)
    return found[0] if found else None


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup)).strip()
