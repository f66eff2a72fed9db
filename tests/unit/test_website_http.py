"""The chat over plain HTTP, for pages whose sockets are blocked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.surveys import SurveyKind
from handoff.wakes import conversation_topic
from tests.door import IDENTITY_KEY, Door, open_door
from tests.patience import PATIENT_S, only_woken
from website.identity import sign_identity
from website.limits import Limits, TokenBuckets


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path, origins=("https://shop.example",)) as opened:
        yield opened


@pytest.fixture
async def http(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as client:
        yield client


@asynccontextmanager
async def visitor(door: Door) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A client that holds a session, and its conversation."""
    async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as client:
        opened = (await client.post("/api/session", json={})).json()
        client.headers["authorization"] = f"Bearer {opened['token']}"
        yield client, opened["conversation"]


def code_of(response: httpx.Response) -> str:
    error = response.json()["error"]
    assert error["text"].endswith(".")
    code: str = error["code"]
    return code


async def test_a_whole_conversation_works_without_sockets(door: Door) -> None:
    async with visitor(door) as (http, conversation):
        said = await http.post("/api/messages", json={"client_id": "m1", "text": "hello"})
        assert (said.status_code, said.json()) == (200, {"client_id": "m1", "seq": 1})
        news = (await http.get("/api/messages", params={"after": 1, "wait": 5})).json()
        assert [m["text"] for m in news["messages"]] == ["You wrote: hello"]
        assert (await http.post("/api/person")).status_code == 200
        news = (await http.get("/api/messages", params={"after": 2})).json()
        assert (news["state"]["responder"], news["state"]["position"]) == ("queue", 1)
        assert (await http.post("/api/back", json={})).status_code == 200
        async with door.store.work() as work:
            now = door.site.clock()
            await work.conversations.close(conversation, Outcome.BOT_CONFIRMED, now)
            await work.surveys.ask(conversation, SurveyKind.CSAT, now)
        assert code_of(await rated(http, "ces", 3)) == "no_survey"
        assert code_of(await rated(http, "csat", 6)) == "bad_field"
        assert code_of(await rated(http, "mood", 6)) == "bad_field"
        assert code_of(await http.post("/api/survey", json={"follow_up": True})) == "no_survey"
        assert (await rated(http, "csat", 2)).status_code == 200
        assert (await http.post("/api/survey", json={"why": "slow"})).status_code == 200
        assert code_of(await http.post("/api/survey", json={"follow_up": "yes"})) == "bad_field"
        assert (await http.post("/api/survey", json={"follow_up": False})).status_code == 200
        assert code_of(await http.post("/api/survey", json={"dismiss": True})) == "no_survey"


async def rated(http: httpx.AsyncClient, kind: str, score: int) -> httpx.Response:
    return await http.post("/api/survey", json={"kind": kind, "score": score})


async def test_a_poll_waits_for_news_and_returns_when_it_comes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_woken(monkeypatch)
    async with visitor(door) as (http, conversation):
        poll = asyncio.create_task(http.get("/api/messages", params={"wait": 20}))
        await asyncio.sleep(0.2)
        assert not poll.done()
        async with door.store.work() as work:
            await work.conversations.append(
                conversation, Draft(Author.BOT, "news"), door.site.clock()
            )
        assert (await poll).json()["messages"][0]["text"] == "news"


async def test_a_poll_returns_at_once_when_the_state_is_not_the_one_seen(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_woken(monkeypatch)
    async with visitor(door) as (http, _):
        seen = (await http.get("/api/messages")).json()["version"]
        await http.post("/api/person")
        after = (await http.get("/api/messages")).json()["messages"][-1]["seq"]
        news = await http.get("/api/messages", params={"after": after, "wait": 20, "seen": seen})
        assert news.json()["state"]["responder"] == "queue"


async def test_a_poll_returns_with_an_edit_of_a_message_that_the_page_has(door: Door) -> None:
    async with visitor(door) as (http, conversation):
        case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
        agent = await door.agent()
        reply = await door.casework.reply(case.id, agent, "on Mondey", key="1", via="test")
        known = {"after": reply.seq, "changes": 0, "wait": 20}
        poll = asyncio.create_task(http.get("/api/messages", params=known))
        await door.casework.edit_reply(case.id, agent, "1", "on Monday", "test")
        [changed] = (await poll).json()["changed"]
        assert (changed["seq"], changed["text"], changed["change"]) == (reply.seq, "on Monday", 1)
        known = {"after": reply.seq, "changes": 1, "wait": 0}
        assert (await http.get("/api/messages", params=known)).json()["changed"] == []


async def test_polls_that_are_over_are_forgotten(door: Door) -> None:
    async with visitor(door) as (http, conversation):
        await http.get("/api/messages", params={"wait": 0})
        async with door.site.live.listen(conversation_topic(conversation)) as listener:
            await door.stop()
            assert not await listener.wait(0.1)


async def test_a_waiting_poll_is_answered_when_the_server_stops(door: Door) -> None:
    async with visitor(door) as (http, _):
        poll = asyncio.create_task(http.get("/api/messages", params={"wait": 25}))
        await asyncio.sleep(0.2)
        stopping = asyncio.create_task(door.stop())
        assert (await asyncio.wait_for(poll, 20)).status_code == 200
        await stopping


async def test_a_visitor_comes_back_to_the_same_conversation(http: httpx.AsyncClient) -> None:
    first = (await http.post("/api/session", json={})).json()
    again = (await http.post("/api/session", json={"token": first["token"]})).json()
    other = (await http.post("/api/session", json={})).json()
    assert again["conversation"] == first["conversation"] != other["conversation"]
    assert first["company"] == "Northpine"
    assert first["customer"] is None


async def test_a_useless_earlier_token_begins_anew(http: httpx.AsyncClient) -> None:
    response = await http.post("/api/session", json={"token": "forged"})
    assert response.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic"}])
@pytest.mark.parametrize("path", ["messages", "person", "back", "survey"])
async def test_without_a_token_nothing_opens(
    http: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    response = await http.post(f"/api/{path}", json={}, headers=headers)
    assert (response.status_code, code_of(response)) == (401, "no_pass")


async def test_a_conversation_that_is_gone_is_said_to_be_gone(door: Door, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with (
        open_door(elsewhere) as other,
        visitor(other) as (stranger, _),
        httpx.AsyncClient(base_url=door.url, headers=stranger.headers, timeout=PATIENT_S) as http,
    ):
        for response in (
            await http.get("/api/messages"),
            await http.post("/api/messages", json={"client_id": "a", "text": "x"}),
        ):
            assert (response.status_code, code_of(response)) == (404, "unknown_conversation")


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"client_id=a&text=x", "application/x-www-form-urlencoded", 415, "wrong_content_type"),
        (b'{"client_id":"a","text":"x"}', "text/plain", 415, "wrong_content_type"),
        (b"{", "application/json", 400, "bad_json"),
        (b"[]", "application/json", 400, "bad_json"),
        (b"", "application/json", 400, "bad_field"),
        (b"\xff\xff", "application/json", 400, "bad_json"),
        (
            json.dumps({"client_id": "a", "text": "x" * 4001}).encode(),
            "application/json",
            400,
            "too_long",
        ),
        (
            b'{"client_id":"a","text":"' + b"x" * 900_000 + b'"}',
            "application/json",
            413,
            "too_large",
        ),
    ],
)
async def test_a_bad_body_gets_the_right_status_and_a_sentence(
    door: Door, content: bytes, kind: str, status: int, code: str
) -> None:
    async with visitor(door) as (http, _):
        response = await http.post("/api/messages", content=content, headers={"content-type": kind})
        assert (response.status_code, code_of(response)) == (status, code)
        assert (await http.get("/api/messages")).status_code == 200


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=99999999999", "wait=26", "after=²"]
)
async def test_a_bad_query_gets_a_sentence(door: Door, query: str) -> None:
    async with visitor(door) as (http, _):
        response = await http.get(f"/api/messages?{query}")
        assert (response.status_code, code_of(response)) == (400, "bad_field")


async def test_only_listed_websites_may_use_the_api(http: httpx.AsyncClient, door: Door) -> None:
    refused = await http.post("/api/session", json={}, headers={"origin": "https://evil.example"})
    assert (refused.status_code, code_of(refused)) == (403, "foreign_origin")
    assert "access-control-allow-origin" not in refused.headers
    for origin in ("https://shop.example", door.url):
        allowed = await http.post("/api/session", json={}, headers={"origin": origin})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == origin
    asked = await http.options("/api/messages", headers={"origin": "https://shop.example"})
    assert asked.status_code == 204
    assert "authorization" in asked.headers["access-control-allow-headers"]


async def test_the_browser_is_told_to_be_careful(http: httpx.AsyncClient) -> None:
    for path in ("/", "/api/messages", "/widget/support-chat.js"):
        headers = (await http.get(path)).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


async def test_too_many_requests_are_told_when_to_come_back(tmp_path: Path) -> None:
    limits = Limits(visitor=TokenBuckets(per_s=0.5, burst=2))
    async with open_door(tmp_path, limits=limits) as door, visitor(door) as (http, _):
        answers: list[Any] = [
            await http.post("/api/messages", json={"client_id": f"m{n}", "text": "x"})
            for n in range(3)
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "in 2 s" in answers[2].json()["error"]["text"]


async def test_one_address_cannot_open_sessions_without_end(tmp_path: Path) -> None:
    limits = Limits(sessions=TokenBuckets(per_s=0.1, burst=2))
    async with (
        open_door(tmp_path, limits=limits) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        statuses = [(await http.post("/api/session", json={})).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_an_address_can_be_left_while_waiting_and_is_shown_shortened(door: Door) -> None:
    async with visitor(door) as (http, conversation):
        early = await http.post("/api/email", json={"address": "ada@example.com"})
        assert (early.status_code, code_of(early)) == (409, "nobody_to_answer")
        await http.post("/api/person")
        wrong = await http.post("/api/email", json={"address": "ada"})
        assert (wrong.status_code, code_of(wrong)) == (400, "bad_address")
        unknown = await http.post("/api/email", json={"known": True})
        assert (unknown.status_code, code_of(unknown)) == (409, "no_known_address")
        left = await http.post("/api/email", json={"address": "ada@example.com"})
        assert left.status_code == 200, left.text
        state = (await http.get("/api/messages", params={"after": 0})).json()["state"]
        assert (state["responder"], state["email"]) == ("callback", "a…@example.com")
        async with door.store.read() as work:
            assert (await work.conversations.get(conversation)).email == "ada@example.com"


async def test_a_customer_is_offered_the_address_of_the_account_without_seeing_it_whole(
    door: Door,
) -> None:
    identity = sign_identity("demo-ada", IDENTITY_KEY, utc_now(), timedelta(minutes=5))
    async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
        opened = (await http.post("/api/session", json={"identity": identity})).json()
        assert opened["email"] == "a…@example.com"
        http.headers["authorization"] = f"Bearer {opened['token']}"
        await http.post("/api/person")
        assert (await http.post("/api/email", json={"known": True})).status_code == 200
        async with door.store.read() as work:
            talk = await work.conversations.get(opened["conversation"])
        assert talk.email == "ada@example.com"


async def test_asking_for_what_comes_after_a_message_confirms_it(door: Door) -> None:
    async with visitor(door) as (http, conversation):
        await http.post("/api/person")
        async with door.store.work() as work:
            await work.conversations.append(conversation, Draft(Author.AGENT, "hi"), utc_now())
        news = (await http.get("/api/messages", params={"after": 0})).json()["messages"]
        async with door.store.read() as work:
            assert (await work.conversations.get(conversation)).shown_seq == 0
        await http.get("/api/messages", params={"after": news[-1]["seq"]})
        async with door.store.read() as work:
            talk = await work.conversations.get(conversation)
        assert talk.shown_seq == news[-1]["seq"] == talk.last_seq
