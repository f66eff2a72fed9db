"""The chat socket, spoken to as a browser does."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from conversation.messages import Author, Draft
from conversation.responder import Responder
from handoff.case import Case
from tests.door import Door, open_door
from tests.patience import PATIENT_S, only_woken
from website.frames import Frame
from website.limits import Limits, TokenBuckets


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


async def session(door: Door, **arrival: object) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
        response = await http.post("/api/session", json=arrival)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


class Page:
    """A page with an open socket; frames are kept by type until they are asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.frames: list[dict[str, Any]] = []

    async def send(self, **frame: object) -> None:
        await self._socket.send(json.dumps(frame))

    async def leave(self) -> None:
        await self._socket.close()

    async def raw(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def next(self, kind: str, timeout_s: float = PATIENT_S) -> dict[str, Any]:
        async with asyncio.timeout(timeout_s):
            while True:
                for frame in self.frames:
                    if frame["type"] == kind:
                        self.frames.remove(frame)
                        return frame
                self.frames.append(json.loads(await self._socket.recv()))

    async def ended(self) -> int:
        """The close code, once the server has closed."""
        async with asyncio.timeout(PATIENT_S):
            while True:
                try:
                    self.frames.append(json.loads(await self._socket.recv()))
                except ConnectionClosed as closed:
                    assert closed.rcvd is not None
                    return closed.rcvd.code


async def page(door: Door, token: str, after: int = 0, changes: int = 0, **options: Any) -> Page:
    opened = Page(await connect(door.socket_url, **options))
    with suppress(ConnectionClosed):  # where the server has refused before the hello
        await opened.send(type="hello", token=token, after=after, changes=changes)
    return opened


async def test_a_message_is_acknowledged_stored_and_answered(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    welcome = await chat.next("welcome")
    assert (welcome["responder"], welcome["thinking"]) == ("bot", False)
    await chat.send(type="say", client_id="m1", text="  Where is my parcel?  ")
    assert await chat.next("ack") == {"type": "ack", "client_id": "m1", "seq": 1}
    mine, answer = await chat.next("message"), await chat.next("message")
    assert (mine["author"], mine["text"], mine["client_id"]) == (
        "customer",
        "Where is my parcel?",
        "m1",
    )
    assert (answer["seq"], answer["author"]) == (2, "bot")
    assert answer["buttons"] == [{"title": "Where is my order?", "payload": "Where is my order?"}]


async def test_the_same_client_id_is_the_same_message(door: Door) -> None:
    opened = await session(door)
    chat = await page(door, opened["token"])
    for _ in range(3):
        await chat.send(type="say", client_id="m1", text="once")
        assert (await chat.next("ack"))["seq"] == 1
    async with door.store.read() as work:
        said = await work.conversations.transcript(opened["conversation"])
    assert [m.text for m in said if m.author is Author.CUSTOMER] == ["once"]


async def test_thinking_is_shown_until_the_answer_comes(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.next("welcome")
    door.bot.gate.clear()
    await chat.send(type="say", client_id="m1", text="hello")
    assert (await chat.next("state"))["thinking"] is True
    door.bot.gate.set()
    assert (await chat.next("state"))["thinking"] is False


async def test_a_page_resumes_after_the_last_message_it_has(door: Door) -> None:
    opened = await session(door)
    chat = await page(door, opened["token"])
    await chat.send(type="say", client_id="m1", text="one")
    await chat.next("message")
    await chat.next("message")
    again = await page(door, opened["token"], after=1)
    assert (await again.next("message"))["seq"] == 2
    whole = await page(door, opened["token"])
    assert [(await whole.next("message"))["seq"] for _ in range(2)] == [1, 2]


async def test_an_agents_reply_is_brought_to_the_page(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_woken(monkeypatch)
    opened = await session(door)
    chat = await page(door, opened["token"])
    await chat.next("welcome")
    await chat.send(type="person", client_id="p1")
    assert await chat.next("ack") == {"type": "ack", "client_id": "p1", "seq": None}
    waiting = await chat.next("state")
    assert (waiting["responder"], waiting["position"]) == ("queue", 1)
    agent = await door.agent()
    async with door.store.read() as work:
        case = await work.cases.open_of(opened["conversation"])
    assert case is not None
    await door.casework.claim(case.id, agent)
    joined = await chat.next("state")
    assert (joined["responder"], joined["agent"]) == ("agent", "Grace")
    chat.frames.clear()
    await door.casework.reply(case.id, agent, "I have it here.", key="k1", via="test")
    while (reply := await chat.next("message"))["author"] != "agent":
        continue
    assert (reply["name"], reply["text"], reply["client_id"]) == ("Grace", "I have it here.", None)


async def test_a_wake_that_is_lost_costs_seconds_not_messages(door: Door) -> None:
    opened = await session(door)
    chat = await page(door, opened["token"])
    await chat.next("welcome")
    await chat.send(type="person", client_id="p1")
    await chat.next("message")
    door.site.live.wake = lambda topic: None  # type: ignore[method-assign]
    async with door.store.work() as work:
        await work.conversations.append(
            opened["conversation"], Draft(Author.BOT, "still here"), door.site.clock()
        )
    assert (await chat.next("message"))["text"] == "still here"


async def test_the_queue_can_be_left(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.next("welcome")
    await chat.send(type="back")
    assert (await chat.next("error"))["code"] == "not_waiting"
    await chat.send(type="person", client_id="p1")
    assert (await chat.next("state"))["responder"] == "queue"
    await chat.send(type="back")
    assert (await chat.next("state"))["responder"] == "bot"


async def test_after_a_resolution_the_survey_asks_for_the_rating_then_why(door: Door) -> None:
    opened = await session(door)
    chat = await page(door, opened["token"])
    await chat.next("welcome")
    await chat.send(type="rate", kind="ces", score=5)
    assert (await chat.next("error"))["code"] == "no_survey"
    await chat.send(type="person", client_id="p1")
    await chat.next("ack")
    agent = await door.agent()
    async with door.store.read() as work:
        case = await work.cases.open_of(opened["conversation"])
    assert case is not None
    await door.casework.resolve(case.id, agent)
    while (state := await chat.next("state"))["responder"] != "closed":
        continue
    assert state["survey"] == {"kind": "ces", "step": "rate"}
    await chat.send(type="rate", kind="ces", score=6)
    assert (await chat.next("state"))["survey"] == {"kind": "ces", "step": "why"}
    await chat.send(type="why", text="It was quick.")
    assert (await chat.next("state"))["survey"] is None
    async with door.store.read() as work:
        (survey,) = await work.surveys.of(opened["conversation"])
    assert (survey.score, survey.why) == (6, "It was quick.")


async def test_writing_after_the_end_opens_the_conversation_again(door: Door) -> None:
    opened = await session(door)
    async with door.store.work() as work:
        await work.conversations.move(opened["conversation"], Responder.CLOSED, door.site.clock())
    chat = await page(door, opened["token"])
    assert (await chat.next("welcome"))["responder"] == "closed"
    await chat.send(type="say", client_id="m1", text="one more thing")
    await chat.next("ack")
    assert (await chat.next("state"))["responder"] == "bot"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("not json", "bad_json"),
        ("[1,2]", "bad_json"),
        ("[" * 15000, "bad_json"),
        (b"\xff\xfe\x00", "bad_json"),
        ('{"type":"sing"}', "bad_type"),
        ('{"type":["say"]}', "bad_type"),
        ('{"type":"say","client_id":"a","text":"   "}', "empty"),
        ('{"type":"say","client_id":"a","text":7}', "bad_field"),
        ('{"type":"say","client_id":"../a","text":"x"}', "bad_field"),
        ('{"type":"say","text":"x"}', "bad_field"),
        (json.dumps({"type": "say", "client_id": "a", "text": "x" * 4001}), "too_long"),
        ('{"type":"rate","kind":"ces","score":8}', "bad_field"),
        ('{"type":"rate","kind":"csat","score":true}', "bad_field"),
        ('{"type":"rate","kind":["nps"],"score":3}', "bad_field"),
        ('{"type":"rate","score":3}', "bad_field"),
        ('{"type":"follow_up","wanted":"yes"}', "bad_field"),
        ('{"type":"follow_up","wanted":true}', "no_survey"),
        ('{"type":"dismiss"}', "no_survey"),
        ('{"type":"hello","token":"x","after":0}', "bad_type"),
    ],
)
async def test_a_frame_that_makes_no_sense_gets_a_sentence_and_the_chat_goes_on(
    door: Door, raw: str | bytes, code: str
) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.next("welcome")
    await chat.raw(raw)
    error = await chat.next("error")
    assert error["code"] == code
    assert error["text"].endswith(".")
    await chat.send(type="ping")
    await chat.next("pong")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "'; DROP TABLE messages; --",
        "<!channel> *bold* <https://x|y>",
        "\u202eevil\u202c \u200b\u200d zero width",
        "👩‍👩‍👧‍👦 Ω≈ç√ 你好 مرحبا",
    ],
)
async def test_hostile_text_is_kept_as_it_is(door: Door, text: str) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.send(type="say", client_id="m1", text=text)
    assert (await chat.next("message"))["text"] == text


async def test_characters_no_database_takes_are_left_out(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.raw('{"type":"say","client_id":"m1","text":"a\\u0000b\\ud800c"}')
    assert (await chat.next("message"))["text"] == "ab?c"


async def test_a_frame_over_16_kb_is_refused_and_the_socket_closed(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.send(type="say", client_id="m1", text="x" * 17_000)
    assert await chat.ended() == 1009
    assert chat.frames[-1]["code"] == "too_large"


async def test_a_megabyte_does_not_fell_the_server(door: Door) -> None:
    opened = await session(door)
    chat = await page(door, opened["token"])
    await chat.send(type="say", client_id="m1", text="x" * 1_100_000)
    assert await chat.ended() == 1009
    other = await page(door, opened["token"])
    await other.next("welcome")


async def test_a_flood_is_told_to_wait_and_then_shut_out(tmp_path: Path) -> None:
    limits = Limits(
        visitor=TokenBuckets(per_s=0.1, burst=5), strikes=TokenBuckets(per_s=0.1, burst=3)
    )
    async with open_door(tmp_path, limits=limits) as door:
        chat = await page(door, (await session(door))["token"])
        for number in range(12):
            await chat.send(type="say", client_id=f"m{number}", text="x")
        assert await chat.ended() == 1008
        refused = [frame for frame in chat.frames if frame["type"] == "error"]
        assert {frame["code"] for frame in refused} == {"too_fast"}
        assert refused[0]["client_id"] == "m5"
        assert len(refused) == 4


@pytest.mark.parametrize("token", ["", "forged", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_forged_token_opens_nothing(door: Door, token: str) -> None:
    chat = await page(door, token)
    assert await chat.ended() == 1008
    assert chat.frames[-1]["code"] == "no_pass"


async def test_a_conversation_id_alone_opens_nothing(door: Door) -> None:
    chat = await page(door, (await session(door))["conversation"])
    assert await chat.ended() == 1008


async def test_the_first_frame_must_be_a_hello(door: Door) -> None:
    chat = Page(await connect(door.socket_url))
    await chat.send(type="say", client_id="m1", text="hi")
    assert await chat.ended() == 1008
    assert chat.frames[-1]["code"] == "no_hello"


async def test_another_websites_page_is_shut_out(tmp_path: Path) -> None:
    async with open_door(tmp_path, origins=("https://shop.example",)) as door:
        token = (await session(door))["token"]
        foreign = await page(door, token, origin="https://evil.example")
        assert await foreign.ended() == 1008
        assert foreign.frames[-1]["code"] == "foreign_origin"
        for origin in ("https://shop.example", door.url):
            chat = await page(door, token, origin=origin)
            await chat.next("welcome")


async def test_too_many_tabs_are_refused(tmp_path: Path) -> None:
    async with open_door(tmp_path, limits=Limits(sockets_per_visitor=2)) as door:
        token = (await session(door))["token"]
        for _ in range(2):
            await (await page(door, token)).next("welcome")
        third = await page(door, token)
        assert await third.ended() == 1008
        assert third.frames[-1]["code"] == "too_many_sockets"


async def test_when_the_server_stops_pages_are_asked_to_come_back(door: Door) -> None:
    chat = await page(door, (await session(door))["token"])
    await chat.next("welcome")
    stopping = asyncio.create_task(door.stop())
    assert await chat.ended() == 1001
    await stopping


async def test_two_tabs_show_the_same_conversation(door: Door) -> None:
    token = (await session(door))["token"]
    one, other = await page(door, token), await page(door, token)
    await other.next("welcome")
    await one.send(type="say", client_id="m1", text="hello")
    assert (await other.next("message"))["client_id"] == "m1"


async def test_a_fault_of_ours_ends_the_socket_and_is_logged_without_the_customers_words(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(raw: object) -> Frame:
        raise LookupError(f"cannot read {raw!r}")

    opened = await session(door)
    async with connect(door.socket_url) as socket:
        page = Page(socket)
        await page.send(type="hello", token=opened["token"], after=0)
        await page.next("welcome")
        monkeypatch.setattr("website.connection.parse", broken)
        with capture_logs() as logs:
            await page.send(type="say", client_id="1", text="a secret")
            await page.ended()
    (entry,) = [entry for entry in logs if entry["event"] == "reader_failed"]
    assert entry["error"] == "LookupError"
    assert "in _take" in entry["stack"]
    assert "a secret" not in str(logs)


async def test_an_edit_and_a_deletion_reach_an_open_page_and_one_that_was_away(door: Door) -> None:
    opened = await session(door)
    open_page = await page(door, opened["token"])
    await open_page.send(type="person", client_id="p1")
    agent = await door.agent()
    case = (await _cases(door))[0]
    for key in ("k1", "k2", "k3"):
        await door.casework.reply(case.id, agent, f"reply {key}", key=key, via="test")
    away = await page(door, opened["token"])
    for _ in range(5):
        last = (await away.next("message"))["seq"]
    await away.leave()
    await door.casework.edit_reply(case.id, agent, "k2", "reply k2, corrected", "test")
    await door.casework.delete_reply(case.id, agent, "k3", "test")
    back = await page(door, opened["token"], after=last)
    for seen in (open_page, back):
        edited, deleted = await seen.next("changed"), await seen.next("changed")
        assert (edited["seq"], edited["text"], edited["edited"]) == (4, "reply k2, corrected", True)
        assert (deleted["seq"], deleted["text"], deleted["deleted"]) == (5, "", True)
        assert (edited["change"], deleted["change"]) == (1, 2)
    newest = await page(door, opened["token"], after=last, changes=2)
    await newest.next("welcome")
    fresh = await page(door, opened["token"])
    assert [(await fresh.next("message"))["text"] for _ in range(5)][2:] == [
        "reply k1",
        "reply k2, corrected",
        "",
    ]
    assert [frame for frame in newest.frames if frame["type"] == "changed"] == []


async def _cases(door: Door) -> Sequence[Case]:
    async with asyncio.timeout(PATIENT_S):
        while True:
            async with door.store.read() as work:
                cases = await work.cases.listed(open_only=True)
            if cases:
                return cases
            await asyncio.sleep(0.01)
