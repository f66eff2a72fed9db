"""The socket door: who may come in, how many, and a clean goodbye when the server stops."""

import asyncio
from collections import Counter
from contextlib import suppress

import structlog
from sanic import Request
from sanic.server.websockets.impl import WebsocketImplProtocol

from conversation.conversation import UnknownConversation
from store.live import LocalLive
from website.connection import Connection, Gone, Wire
from website.frames import Hello, parse
from website.identity import Pass
from website.limits import Limits
from website.origins import Origins
from website.reception import Reception
from website.refusal import (
    Refusal,
    no_hello,
    out_of_order,
    too_fast,
    too_many_sockets,
    unknown_conversation,
)
from website.state import Known
from website.visit import Visits

log = structlog.get_logger()

HELLO_TIMEOUT_S = 10.0
_GOING_AWAY = 1001
_GOODBYE_S = 2.0


class Gateway:
    """Serves pages over WebSocket."""

    def __init__(
        self,
        reception: Reception,
        visits: Visits,
        live: LocalLive,
        origins: Origins,
        limits: Limits,
    ) -> None:
        self._reception = reception
        self._visits = visits
        self._live = live
        self._origins = origins
        self._limits = limits
        self._open: set[Connection] = set()
        self._per_visitor: Counter[str] = Counter()

    async def chat(self, request: Request, socket: WebsocketImplProtocol) -> None:
        """Handle one socket, from its hello to its end."""
        wire = Wire(socket)
        try:
            self._origins.check(request)
            if wait_s := self._limits.address.take(request.client_ip):
                raise too_fast(wait_s)
            held, known = await self._greet(wire)
        except Refusal as refusal:
            await wire.refuse(refusal)
        except Gone:
            return
        except Exception:
            log.exception("hello_failed")
            await wire.refuse(out_of_order(), 1011)
        else:
            await self._serve(
                Connection(wire, held, known, self._visits, self._live, self._limits), held
            )

    async def close(self) -> None:
        """Ask every page to come back later; one that does not read is not waited for."""
        goodbyes = [one.close(_GOING_AWAY, "restart") for one in self._open]
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await asyncio.gather(*goodbyes, return_exceptions=True)

    async def _greet(self, wire: Wire) -> tuple[Pass, Known]:
        raw = await wire.receive(HELLO_TIMEOUT_S)
        if raw is None:
            raise no_hello()
        hello = parse(raw)
        if not isinstance(hello, Hello):
            raise no_hello()
        try:
            held = await self._reception.check(hello.token)
        except UnknownConversation as error:
            raise unknown_conversation() from error
        if self._per_visitor[held.visitor_id] >= self._limits.sockets_per_visitor:
            raise too_many_sockets()
        await self._visits.seen(held.conversation_id, hello.known.after)
        return held, hello.known

    async def _serve(self, connection: Connection, held: Pass) -> None:
        self._per_visitor[held.visitor_id] += 1
        self._open.add(connection)
        try:
            await connection.run()
        finally:
            self._open.discard(connection)
            self._per_visitor[held.visitor_id] -= 1
            if not self._per_visitor[held.visitor_id]:
                del self._per_visitor[held.visitor_id]
