"""Sends to the app what Slack sends: signed, in order, again where it was not acknowledged."""

import asyncio
import hashlib
import hmac
import json
import time
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from tests.fake_slack.limits import Json
from tests.fake_slack.request import Request
from tests.fake_slack.sockets import Sockets
from tests.fake_slack.workspace import APP, BOT_USER, TEAM

_TIMEOUT = ClientTimeout(total=3)


def event_request(event: Json, *, times: int = 1) -> Request:
    """An Events API request, with an id of its own."""
    wrapper = {
        "token": "legacy",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{uuid4().hex[:9].upper()}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        "is_ext_shared_channel": False,
    }
    return Request(json.dumps(wrapper).encode(), "application/json", times)


def action_request(payload: Json, *, times: int = 1) -> Request:
    """An interactivity request: the payload in a form."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return Request(body, "application/x-www-form-urlencoded", times)


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The headers that prove where the body comes from."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


class Sender:
    """Delivers requests to the app's URL one after the other."""

    def __init__(self, app_url: str, secret: str, retry_after_s: tuple[float, ...]) -> None:
        self.app_url = app_url
        self.other_urls: tuple[str, ...] = ()
        self._turn = 0
        self.statuses: list[int] = []
        self._secret = secret
        self._pauses = (0.0, *retry_after_s)
        self._queue: asyncio.Queue[Request] = asyncio.Queue()
        self.sockets: Sockets | None = None
        self.disorder: Random | None = None

    def put(self, request: Request) -> Request:
        """Send it when its turn comes. `request.sent` tells when it was."""
        self._queue.put_nowait(request)
        return request

    async def run(self) -> None:
        """Send until cancelled."""
        connector = TCPConnector(force_close=True)
        async with ClientSession(timeout=_TIMEOUT, connector=connector) as session:
            while True:
                requests = await self._next()
                for request in requests:
                    await self._deliver(session, request)
                for request in requests:
                    for _ in range(request.times - 1):
                        await self._deliver(session, request)
                    request.sent.set()

    def _next_url(self) -> str:
        """Where the next request goes: to one process of the app after the other."""
        urls = (self.app_url, *self.other_urls)
        self._turn += 1
        return urls[self._turn % len(urls)]

    async def _next(self) -> list[Request]:
        """The next request; with `disorder`, the next two, sometimes the later one first."""
        first = await self._queue.get()
        if self.disorder is None or self._queue.empty():
            return [first]
        two = [first, self._queue.get_nowait()]
        return two[::-1] if self.disorder.random() < 0.5 else two

    async def _deliver(self, session: ClientSession, request: Request) -> None:
        for number, pause in enumerate(self._pauses):
            await asyncio.sleep(pause)
            if self.sockets is not None:
                if await self.sockets.deliver(request, number):
                    return
                continue
            headers = {"Content-Type": request.content_type, **signed(request.body, self._secret)}
            if number:
                headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"}
            try:
                url = f"{self._next_url()}/slack/events"
                async with session.post(url, data=request.body, headers=headers) as response:
                    self.statuses.append(response.status)
                    request.answer = await response.read()
                    if response.status == 200:
                        return
            except (ClientError, TimeoutError):
                self.statuses.append(0)
