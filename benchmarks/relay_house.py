"""The app as `heard run` starts it, the tests' Slack, and a bot that hands over the third time."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiohttp import ClientSession, web

from conversation.clock import utc_now
from heard.settings import ROOT
from staff.account import Role
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore
from tests.fake_slack import FakeSlack
from tests.fake_slack.server import APP_TOKEN, SECRET, TOKEN
from tests.fake_slack.workspace import SUPPORT
from tests.ports import free_ports

HOST = "127.0.0.1"
AGENT = "U0BENCH001"
HAND_OVER = "for the third time"
_READY_WITHIN_S = 120


@dataclass
class House:
    """The app in a process of its own; Slack is in ours."""

    url: str
    slack: FakeSlack


@asynccontextmanager
async def house(
    folder: Path, *, post_every_s: float, timeout_s: int, settle_s: float, socket_mode: bool
) -> AsyncIterator[House]:
    """Start everything; end it on leaving."""
    port, bot_port, actions_port = free_ports(3)
    url = f"http://{HOST}:{port}"
    await _database(folder)
    async with FakeSlack(url, socket_mode=socket_mode) as slack:
        slack.workspace.join(AGENT, "Nia")
        given = {
            "HOST": HOST,
            "PORT": port,
            "BOT_PORT": bot_port,
            "ACTIONS_PORT": actions_port,
            "ACTIONS_TOKEN": secrets.token_urlsafe(32),
            "VAR": folder,
            "DATABASE_URL": "",
            "DESK": "slack",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": APP_TOKEN if socket_mode else "",
            "SLACK_CHANNEL": SUPPORT,
            "SLACK_API_URL": slack.api_url,
            "SLACK_POST_EVERY_S": post_every_s,
            "SLACK_TIMEOUT_S": timeout_s,
            "SLACK_SETTLE_S": settle_s,
        }
        settings = {f"HEARD_{name}": str(value) for name, value in given.items()}
        async with (
            _bot(bot_port, actions_port, settings["HEARD_ACTIONS_TOKEN"]),
            _app(folder, settings, url),
        ):
            yield House(url, slack)


async def _database(folder: Path) -> None:
    address = f"sqlite+aiosqlite:///{folder / 'heard.db'}"
    await asyncio.to_thread(upgrade, address)
    store = SqlStore(connect(address), LocalLive())
    async with store.work() as work:
        agent = ("nia@example.com", "Nia", [Role.AGENT], "-", utc_now())
        await work.accounts.save(*agent, slack_user=AGENT)
    await store.close()


@asynccontextmanager
async def _app(folder: Path, settings: dict[str, str], url: str) -> AsyncIterator[None]:
    environment = {name: value for name, value in os.environ.items() if name[:6] != "HEARD_"}
    log = folder / "app.log"
    with log.open("wb") as out:
        app = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "heard", "app"),
            cwd=ROOT,
            env={**environment, **settings},
            stdout=out,
            stderr=out,
        )
    try:
        await _until_it_answers(app, url, log)
        yield
    finally:
        if app.returncode is None:
            app.terminate()
        await app.wait()


async def _until_it_answers(app: asyncio.subprocess.Process, url: str, log: Path) -> None:
    async with asyncio.timeout(_READY_WITHIN_S), httpx.AsyncClient(trust_env=False) as http:
        while True:
            if app.returncode is not None:
                said = await asyncio.to_thread(log.read_text)
                raise SystemExit(f"The app did not start:\n{said[-2000:]}")
            try:
                if (await http.get(f"{url}/readyz")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _bot(port: int, actions_port: int, token: str) -> AsyncIterator[None]:
    """Answers as Rasa does; what is said for the third time is handed over by the real action."""
    actions = f"http://{HOST}:{actions_port}/webhook"
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(headers=headers) as session:

        async def turn(request: web.Request) -> web.Response:
            asked: dict[str, Any] = await request.json()
            if HAND_OVER not in asked["text"]:
                return web.json_response({"replies": [{"text": "I am sorry to hear that."}]})
            async with session.post(actions, json=_hand_off(asked)) as answer:
                answer.raise_for_status()
            return web.json_response({"replies": []})

        async def ready(_: web.Request) -> web.Response:
            return web.json_response({})

        app = web.Application()
        app.router.add_post("/webhooks/gateway/turn", turn)
        app.router.add_get("/readyz", ready)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        try:
            yield
        finally:
            await runner.cleanup()


def _hand_off(asked: dict[str, Any]) -> dict[str, Any]:
    message = {"text": asked["text"], "metadata": asked["metadata"], "intent": {}, "entities": []}
    tracker = {
        "sender_id": asked["conversation"],
        "slots": {"handoff_reason": "effort"},
        "latest_message": message,
        "events": [],
        "paused": False,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {
        "next_action": "action_hand_off",
        "sender_id": asked["conversation"],
        "tracker": tracker,
        "domain": {},
        "version": "3.6.21",
    }
