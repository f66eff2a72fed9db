"""The link in an e-mail opens one conversation, for a while, and makes nobody a customer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from tests.door import IDENTITY_KEY, SECRET, Door, open_door
from tests.mail.talk import MovableClock
from website.chat_page import links_to
from website.identity import sign_identity

_LASTS = timedelta(days=30)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def door(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Door]:
    async with open_door(tmp_path, clock=clock) as opened:
        yield opened


@asynccontextmanager
async def _page(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=door.url, timeout=10) as http:
        yield http


async def _arrives(http: httpx.AsyncClient, **arrival: str) -> dict[str, Any]:
    answer = await http.post("/api/session", json=arrival)
    assert answer.status_code == 200, answer.text
    http.headers["authorization"] = f"Bearer {answer.json()['token']}"
    return dict(answer.json())


async def _link(door: Door, conversation: str) -> str:
    async with door.store.read() as work:
        talk = await work.conversations.get(conversation)
    return links_to(door.url, SECRET, _LASTS)(talk, door.site.clock()).partition("#")[2]


async def _ada(door: Door, http: httpx.AsyncClient) -> str:
    key = sign_identity("demo-ada", IDENTITY_KEY, door.site.clock(), timedelta(minutes=5))
    conversation: str = (await _arrives(http, identity=key))["conversation"]
    return conversation


async def test_a_link_runs_out(door: Door, clock: MovableClock) -> None:
    async with _page(door) as http:
        link = await _link(door, (await _arrives(http))["conversation"])
        clock.ahead = _LASTS - timedelta(minutes=1)
        await _arrives(http, link=link)
        clock.ahead = _LASTS + timedelta(minutes=1)
        answer = await http.post("/api/session", json={"link": link})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "link_over")


async def test_some_days_after_the_end_a_link_opens_nothing_also_where_it_is_open(
    door: Door, clock: MovableClock
) -> None:
    async with _page(door) as http, _page(door) as phone:
        conversation = (await _arrives(http))["conversation"]
        link = await _link(door, conversation)
        await _arrives(phone, link=link)
        async with door.store.work() as work:
            await work.conversations.close(conversation, Outcome.AGENT, clock())
        assert (await phone.get("/api/messages")).status_code == 200
        clock.ahead = timedelta(days=7, minutes=-1)
        await _arrives(phone, link=link)
        clock.ahead = timedelta(days=7, minutes=1)
        assert (await phone.get("/api/messages")).json()["error"]["code"] == "link_over"
        answer = await phone.post("/api/session", json={"link": link})
    assert answer.json()["error"]["code"] == "link_over"


async def test_what_was_taken_along_by_a_customer_is_closed_to_the_old_link(door: Door) -> None:
    async with _page(door) as http, _page(door) as phone:
        conversation = (await _arrives(http))["conversation"]
        link = await _link(door, conversation)
        async with door.store.work() as work:
            await work.conversations.take_along(
                conversation, "visitor", "demo-ada", door.site.clock()
            )
        answer = await phone.post("/api/session", json={"link": link})
    assert answer.json()["error"]["code"] == "link_over"


async def test_whoever_holds_a_customers_link_is_answered_by_people_not_by_the_assistant(
    door: Door,
) -> None:
    async with _page(door) as http, _page(door) as phone:
        conversation = await _ada(door, http)
        await _arrives(phone, link=await _link(door, conversation))
        said = await phone.post(
            "/api/messages", json={"client_id": "m1", "text": "cancel my order 1001"}
        )
        assert said.status_code == 200
        state = (await phone.get("/api/messages")).json()
        async with door.store.read() as work:
            case = await work.cases.open_of(conversation)
    assert state["state"]["responder"] == "queue"
    assert case is not None
    assert case.reason is HandoffReason.BY_EMAIL


async def test_a_link_tells_no_address_and_takes_nothing_along(door: Door) -> None:
    async with _page(door) as http, _page(door) as phone, _page(door) as visitor:
        conversation = await _ada(door, http)
        opened = await _arrives(phone, link=await _link(door, conversation))
        assert opened["email"] is None
        await phone.post("/api/person")
        known = await phone.post("/api/email", json={"known": True})
        assert known.json()["error"]["code"] == "no_known_address"
        other = await _arrives(visitor)
        await visitor.post("/api/messages", json={"client_id": "m1", "text": "hello"})
        taken = await phone.post("/api/continue", json={"token": other["token"]})
        assert taken.json()["error"]["code"] == "nothing_left"


async def test_no_other_token_of_ours_is_a_link_and_no_link_is_a_token(door: Door) -> None:
    async with _page(door) as http:
        opened = await _arrives(http)
        link = await _link(door, opened["conversation"])
        for wrong in (opened["token"], link[:-3], "x", link.replace(".", "")):
            answer = await http.post("/api/session", json={"link": wrong})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "link_over")
        http.headers["authorization"] = f"Bearer {link}"
        assert (await http.get("/api/messages")).status_code == 401
