"""Socket Mode: tickets for one connection each, envelopes that wait for their acknowledgement."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.fake_slack.limits import Json, NotOkError
from tests.fake_slack.request import Request

_ACKNOWLEDGED_WITHIN_S = 3.0
_MOST = 10


class Socket:
    """One connection of the app. `deaf`: it is there for us and dead for the app."""

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self.ws = ws
        self.deaf = False
        self.envelopes = 0


class Sockets:
    """The connections that the app holds. Envelopes go to them in turn."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self.open: list[Socket] = []
        self.opened = 0
        self.rejections = 0
        self.switched_off = False
        self.acknowledged: list[Json] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def apps_connections_open(self, _: Json) -> Json:
        """The method: an address that is good for one connection."""
        if self.switched_off:
            raise NotOkError("not_allowed_token_type")
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return {"url": f"{self._url().replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id=x"}

    def reject(self, times: int = 1) -> None:
        """Turn the next connections away."""
        self.rejections = times

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The route that the address leads to."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self.open) >= _MOST:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        if self.rejections:
            self.rejections -= 1
            return web.Response(status=408)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        socket = Socket(ws)
        self.open.append(socket)
        self.opened += 1
        try:
            await ws.send_json({"type": "hello", "num_connections": len(self.open)})
            await self._listen(socket)
        finally:
            self.open.remove(socket)
        return ws

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if socket.deaf:
                continue
            if message.type is WSMsgType.PING:
                await socket.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                self.acknowledged.append(said)
                waiting = self._waiting.pop(str(said.get("envelope_id")), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(said)

    async def deliver(self, request: Request, retry: int) -> bool:
        """Send the request to the next connection. True where it was acknowledged in time."""
        said = {"retry_attempt": retry, "accepts_response_payload": True, **request.envelope}
        answer = await self.send(said)
        if answer is not None:
            request.answer = json.dumps(answer.get("payload") or {}).encode()
        return answer is not None

    async def send(self, said: Json) -> Json | None:
        """Send any envelope. Returns: its acknowledgement, None where none came."""
        if not self.open:
            return None
        socket = min(self.open, key=lambda one: one.envelopes)
        socket.envelopes += 1
        envelope_id = str(uuid4())
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        with suppress(ConnectionError, TimeoutError):
            if not socket.deaf:
                await socket.ws.send_json({"envelope_id": envelope_id, **said})
            return await asyncio.wait_for(waiting, _ACKNOWLEDGED_WITHIN_S)
        return None

    async def announce(self, reason: str, *, close_after_s: float | None = 0.0) -> None:
        """Tell every connection that it is about to end, and end it; None leaves it open."""
        for socket in list(self.open):
            notice: dict[str, Any] = {"type": "disconnect", "reason": reason, "debug_info": {}}
            await socket.ws.send_json(notice)
        if close_after_s is not None:
            going = list(self.open)
            await asyncio.sleep(close_after_s)
            for socket in going:
                await socket.ws.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self.open):
            transport = socket.ws._req.transport if socket.ws._req else None
            if transport is not None:
                transport.abort()

    def go_deaf(self) -> None:
        """Leave every connection open and take nothing in any more: half of it is gone."""
        for socket in self.open:
            socket.deaf = True
