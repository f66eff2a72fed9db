"""The walk of an answer by e-mail, through the whole app: the customer needs no open page."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic

from conversation.clock import utc_now
from conversation.outcome import Outcome
from handoff.mail.door import PATH
from heard.settings import load
from heard.web_server import serving
from heard.wiring import House, build
from staff import passwords
from staff.account import Role
from tests.desks.site import HOST, empty_database, end, eventually
from tests.mail.post_office import PostOffice, text_of
from tests.mail.talk import ADDRESS, SENDER, TOKEN
from tests.mail.test_mail_in import QUOTED
from tests.patience import PATIENT_S
from tests.ports import free_ports
from tests.unit.staff_site import hidden_fields
from tests.unit.staff_site import text_of as words_of

_PASSWORD = "a long enough password"


@dataclass
class Company:
    """The running app, and a post office."""

    house: House
    office: PostOffice
    url: str
    open: AsyncExitStack

    async def customer(self) -> httpx.AsyncClient:
        """A page with the chat."""
        page = await self._client()
        await self.lets_in(page, {})
        return page

    async def lets_in(self, page: httpx.AsyncClient, arrival: dict[str, str]) -> dict[str, Any]:
        """Open a session on the page."""
        answer = await page.post("/api/session", json=arrival)
        assert answer.status_code == 200, answer.text
        page.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return dict(answer.json())

    async def agent(self) -> httpx.AsyncClient:
        """Nia, signed in to the browser desk."""
        async with self.house.store.work() as work:
            hashed = passwords.hash(_PASSWORD)
            await work.accounts.save("nia@example.com", "Nia", [Role.AGENT], hashed, utc_now())
        browser = await self._client()
        form = {"email": "nia@example.com", "password": _PASSWORD}
        await browser.get("/sign-in")
        assert (await browser.post("/sign-in", data=form)).status_code == 303
        return browser

    async def hands_over(self, raw: bytes) -> None:
        """The company's mail server hands over what came in."""
        async with httpx.AsyncClient(
            base_url=self.url, trust_env=False, timeout=PATIENT_S
        ) as server:
            headers = {"authorization": f"Bearer {TOKEN}"}
            answer = await server.post(PATH, content=raw, headers=headers)
            assert answer.json() == {"taken": True}

    async def letter(self, number: int) -> str:
        """The text of the letter with this number, once it is there."""

        async def there() -> bool:
            return len(self.office.taken) >= number

        await eventually(there, 20)
        return text_of(self.office.taken[number - 1])

    async def _client(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20)
        return await self.open.enter_async_context(client)


@pytest.fixture
async def company(tmp_path: Path, office: PostOffice) -> AsyncIterator[Company]:
    async with _running(tmp_path, office) as running:
        yield running


@asynccontextmanager
async def _running(folder: Path, office: PostOffice) -> AsyncIterator[Company]:
    database = await asyncio.to_thread(empty_database)
    (folder / "heard.db").write_bytes(database.read_bytes())
    port = free_ports(1)[0]
    settings = load(
        _env_file=None,
        var=folder,
        port=port,
        actions_port=free_ports(1)[0],
        bot_port=free_ports(1)[0],
        mail_host=HOST,
        mail_port=office.port,
        mail_tls="none",
        mail_from=SENDER,
        mail_join_s=0.0,
        mail_inbound_token=TOKEN,
    )
    house = build(settings)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(house.close)
        opened.callback(Sanic.unregister_app, house.actions)
        await opened.enter_async_context(serving(house.site, HOST, port))
        for work in house.work.values():
            opened.push_async_callback(end, asyncio.create_task(work()))  # type: ignore[arg-type]
        yield Company(house, office, f"http://{HOST}:{port}", opened)


async def _state(page: httpx.AsyncClient) -> dict[str, Any]:
    answer = await page.get("/api/messages", params={"after": 0})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _does(browser: httpx.AsyncClient, case: str, verb: str, **fields: str) -> None:
    action = f"/desk/cases/{case}/{verb}"
    shown = (await browser.get(f"/desk/cases/{case}")).text
    answer = await browser.post(action, data={**hidden_fields(shown, action), **fields})
    assert answer.status_code == 303, words_of(answer.text)


async def _waiting(company: Company) -> tuple[httpx.AsyncClient, str, httpx.AsyncClient, str]:
    """A customer who left an address, and the agent who sees the case. Returns: with both ids."""
    page = await company.customer()
    opened = await company.lets_in(page, {})
    assert opened["by_email"] is True
    await page.post("/api/person")
    left = await page.post("/api/email", json={"address": ADDRESS})
    assert left.status_code == 200, left.text
    nia = await company.agent()
    board = (await nia.get("/desk")).text
    assert "Answer by e-mail" in words_of(board)
    found = re.search(r"/desk/cases/([0-9a-f-]{36})", board)
    assert found is not None
    return page, opened["conversation"], nia, found[1]


async def test_an_answer_by_e_mail_from_the_promise_to_the_outcome(company: Company):
    page, conversation, nia, case = await _waiting(company)
    assert "You can close this page." in (await _state(page))["messages"][-1]["text"]

    await _does(nia, case, "reply", text="Your parcel comes on Friday.")
    assert "Your parcel comes on Friday." in await company.letter(1)

    [letter] = company.office.taken
    await company.hands_over(
        f"From: {ADDRESS}\r\nTo: {letter['Reply-To']}\r\nMessage-ID: <1@mail.example.com>\r\n"
        f"In-Reply-To: {letter['Message-ID']}\r\n\r\nThank you. Before noon?{QUOTED}".encode()
    )

    async def agent_reads() -> bool:
        return "Thank you. Before noon?" in words_of((await nia.get(f"/desk/cases/{case}")).text)

    await eventually(agent_reads, 20)
    await _does(nia, case, "reply", text="Yes, before noon.")
    assert "Yes, before noon." in await company.letter(2)
    assert company.office.taken[1]["In-Reply-To"] == "<1@mail.example.com>"
    assert company.office.taken[1]["Subject"].startswith("Re: ")

    await _does(nia, case, "resolve", closing="", resolution="solved", needed="yes")
    async with company.house.store.read() as work:
        assert (await work.conversations.get(conversation)).outcome is Outcome.CALLBACK


async def test_the_link_opens_the_chat_on_another_device_and_nothing_else(company: Company):
    page, conversation, nia, case = await _waiting(company)
    await _does(nia, case, "reply", text="Your parcel comes on Friday.")
    found = re.search(r"/chat#(\S+)", await company.letter(1))
    assert found is not None
    phone = await company.customer()  # has a chat of its own
    opened = await company.lets_in(phone, {"link": found[1]})
    assert (opened["conversation"], opened["email"]) == (conversation, None)
    texts = [message["text"] for message in (await _state(phone))["messages"]]
    assert "Your parcel comes on Friday." in texts

    said = await phone.post("/api/messages", json={"client_id": str(uuid4()), "text": "Good."})
    assert said.status_code == 200
    assert (await _state(page))["messages"][-1]["text"] == "Good."

    token = phone.headers["authorization"].removeprefix("Bearer ")
    later = await company.lets_in(phone, {"token": token})
    assert later["conversation"] != conversation  # the link makes nobody that visitor

    chat = await page.get("/chat")
    assert (chat.status_code, chat.headers["referrer-policy"]) == (200, "no-referrer")
    assert (await page.post("/api/session", json={"link": found[1][:-2]})).status_code == 401
    assert (await page.post("/api/session", json={"link": token})).status_code == 401
