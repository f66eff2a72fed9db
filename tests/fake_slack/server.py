"""The server: Web API, file upload, a page to look at, and people who act."""

import asyncio
import json
import struct
import time
from email.utils import formatdate
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Self
from uuid import uuid4

from aiohttp import web

from tests.fake_slack import page
from tests.fake_slack.faults import (
    Broken,
    Fault,
    Faults,
    Limit,
    NotOk,
    RateLimited,
    Reset,
    Silence,
    Terse,
)
from tests.fake_slack.hands import Hands
from tests.fake_slack.limits import Json, NotOkError
from tests.fake_slack.methods import SCOPES, Methods
from tests.fake_slack.request import Request
from tests.fake_slack.sender import Sender, event_request
from tests.fake_slack.sockets import Sockets
from tests.fake_slack.views import Views
from tests.fake_slack.workspace import Channel, Workspace

TOKEN, SECRET = "xoxb-fake-token", "fake-signing-secret"
APP_TOKEN = "xapp-1-A0HEARD001-1-fake"
_FOR_APPS = "apps.connections.open"
ALL_SCOPES = frozenset({*SCOPES.values(), "chat:write.customize", "commands", "files:read"} - {""})


class FakeSlack:
    """A workspace with a server. Used as `async with FakeSlack(app_url) as slack`."""

    def __init__(
        self,
        app_url: str = "",
        *,
        port: int = 0,
        scopes: frozenset[str] = ALL_SCOPES,
        retry_after_s: tuple[float, ...] = (0.1, 0.3, 0.6),
        socket_mode: bool = False,
        post_every_s: float | None = None,
    ) -> None:
        self.workspace = Workspace(lambda event: self._happened(event))
        self.faults = Faults()
        self.sender = Sender(app_url, SECRET, retry_after_s)
        self.sockets = Sockets(lambda: self.url)
        if socket_mode:
            self.sender.sockets = self.sockets
        self.calls: list[tuple[str, Json]] = []
        self.call_times: list[tuple[str, float]] = []
        self.limit = Limit(post_every_s) if post_every_s else None
        self.clock_ahead_s = 0.0
        self.tells_scopes = True
        self._scopes = scopes
        self._port = port
        self.views = Views(changed=self.workspace.changed)
        self.hands = Hands(self.workspace, self.views, self.sender)
        self.methods = Methods(self.workspace, lambda: self.url, self.views)
        self._next_times = 1
        self._last: Request | None = None

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """The setting for Heard."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file_id}", self._upload)
        app.router.add_get("/files-pri/{file_id}/{name}", self._private_file)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{whom}", self._respond)
        page.add_routes(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.hands.url = self.url
        self._sending = asyncio.create_task(self.sender.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sending.cancel()
        await self._runner.cleanup()

    async def says(
        self,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        channel: str | None = None,
        times: int = 1,
        **fields: Any,
    ) -> str:
        """A person writes `text` (in Slack's notation). `times`: how often the event is sent.

        Returns: the message's ts, once the app has acknowledged the event.
        """
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        message = {
            "user": user,
            "text": text,
            "client_msg_id": str(uuid4()),
            "blocks": [{"type": "rich_text", "block_id": "x", "elements": [section]}],
            **fields,
        }
        found = self._channel(channel)
        self.redeliver(times)
        ts: str = self.workspace.add(found, message, thread_ts)["ts"]
        await self.settled()
        return ts

    async def presses(self, user: str, label: str, ts: str, *, times: int = 1) -> None:
        """A person presses the button, or chooses the entry, with this label on the message."""
        await self.hands.presses(user, label, self._channel(None), ts, times=times)

    async def send(self, event: Json, *, times: int = 1) -> None:
        """Send any event as it is."""
        await self.sender.put(event_request(event, times=times)).sent.wait()

    def redeliver(self, times: int) -> None:
        """Send the next event so often."""
        self._next_times = times

    @property
    def wall_to_monotonic(self) -> float:
        """What a message's `ts` is ahead of this machine's monotonic clock, in seconds."""
        return time.time() - time.monotonic()

    async def settled(self) -> None:
        """Wait until the app has every event so far."""
        if self._last is not None:
            await self._last.sent.wait()

    def _happened(self, event: Json) -> None:
        times, self._next_times = self._next_times, 1
        self._last = self.sender.put(event_request(event, times=times))

    def _channel(self, channel: str | None) -> Channel:
        return self.workspace.channels[channel or next(iter(self.workspace.channels))]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        self.calls.append((method, args))
        self.call_times.append((method, time.monotonic()))
        fault = self.faults.take(method) or self._too_fast(method, args)
        if fault is None or fault.accepted:
            answer = await self._answer(request, method, args)
        if fault is None:
            return answer
        if isinstance(fault, Terse):
            return web.json_response(_without(json.loads(answer.text or "{}"), fault.left_out))
        if isinstance(fault, Silence) and not fault.cut:
            await asyncio.sleep(fault.seconds)
            return answer
        return await _go_wrong(request, fault)

    def _too_fast(self, method: str, args: Json) -> Fault | None:
        if self.limit is None or method != "chat.postMessage":
            return None
        return None if self.limit.take(str(args.get("channel"))) else RateLimited(retry_after_s=1)

    async def _answer(self, request: web.Request, method: str, args: Json) -> web.Response:
        headers = {"Date": formatdate(time.time() + self.clock_ahead_s, usegmt=True)}
        if self.tells_scopes:
            headers["X-OAuth-Scopes"] = ",".join(sorted(self._scopes))
        try:
            given = request.headers.get("Authorization")
            if given == f"Bearer {APP_TOKEN}" and method == _FOR_APPS:
                found = self.sockets.apps_connections_open(args)
            elif given != f"Bearer {TOKEN}":
                raise NotOkError("invalid_auth" if given else "not_authed")
            else:
                found = await self._call(method, args)
        except NotOkError as error:
            answer = {"ok": False, "error": error.error, **error.detail}
            return web.json_response(answer, headers=headers)
        return web.json_response({"ok": True, **found}, headers=headers)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if (fault := self.faults.take("response")) is not None:
            return await _go_wrong(request, fault)
        channel, _, user = request.match_info["whom"].partition(":")
        answer = await request.json()
        if answer.get("response_type") != "ephemeral" or not answer.get("text"):
            return web.Response(status=400, text="invalid_payload")
        self.workspace.whispers.append(
            {**answer, "user": user, "channel": channel, "thread_ts": None}
        )
        self.workspace.changed()
        return web.Response(text="ok")

    async def _call(self, method: str, args: Json) -> Json:
        """The method's answer without `ok`. Raises: NotOkError."""
        return self.methods.call(method, args, self._scopes)

    def keeps(self, name: str, content: bytes) -> Json:
        """A file that a person has attached, as events tell of it."""
        file_id = f"F{len(self.workspace.files):09d}"
        self.workspace.files[file_id] = {"name": name, "content": content}
        return {"id": file_id, "name": name, "url_private": f"{self.url}/files-pri/{file_id}/x"}

    async def _private_file(self, request: web.Request) -> web.Response:
        """What people attached: for who has the token and the scope; a sign-in page for others."""
        file = self.workspace.files.get(request.match_info["file_id"])
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token != TOKEN or "files:read" not in self._scopes:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        if file is None:
            return web.Response(status=404, text="<html>Not found</html>", content_type="text/html")
        if (fault := self.faults.take(f"file {file['name']}")) is not None:
            return await _go_wrong(request, fault)
        return web.Response(body=file["content"], content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["file_id"])
        if file is None:
            return web.Response(status=404)
        file["content"] = await request.read()
        return web.Response(text=f"OK - {len(file['content'])}")


def _without(answer: Any, name: str) -> Any:
    if not isinstance(answer, dict):
        return answer
    return {key: _without(value, name) for key, value in answer.items() if key != name}


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        args |= dict(await request.post())
    for name in ("blocks", "metadata", "view"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args


async def _go_wrong(request: web.Request, fault: Fault) -> web.StreamResponse:
    if isinstance(fault, NotOk):
        return web.json_response({"ok": False, "error": fault.error})
    if isinstance(fault, RateLimited):
        headers = {"Retry-After": str(fault.retry_after_s)}
        answer = {"ok": False, "error": "ratelimited"}
        return web.json_response(answer, status=429, headers=headers)
    if isinstance(fault, Broken):
        words = "<html><body><h1>Server error</h1></body></html>"
        return web.Response(status=fault.status, text=words, content_type="text/html")
    if isinstance(fault, Silence):
        await asyncio.sleep(fault.seconds)
    if isinstance(fault, Reset | Silence) and request.transport is not None:
        # lingering for no time makes the close a reset, as a broken middle box does
        socket = request.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
