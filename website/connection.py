"""One open page on a socket: what it asks is done in order, what is new is sent as it happens."""

import asyncio
import json
import traceback
from dataclasses import replace
from typing import Any

import structlog
from sanic.exceptions import SanicException
from sanic.server.websockets.impl import WebsocketImplProtocol
from websockets.exceptions import ConnectionClosed

from handoff.wakes import conversation_topic
from store.live import LocalLive
from website.frames import (
    Back,
    Dismiss,
    Email,
    Frame,
    Hello,
    Person,
    Ping,
    Rate,
    Say,
    Seen,
    WantsFollowUp,
    Why,
    parse,
)
from website.identity import Pass
from website.limits import Limits
from website.refusal import MAX_BODY_BYTES, Refusal, bad_type, out_of_order, too_fast, too_large
from website.state import REREAD_S, Known, Shown, change_json, message_json
from website.visit import Visits

log = structlog.get_logger()

_SEND_TIMEOUT_S = 10.0
_RETRY_S = 1.0
_POLICY, _TOO_BIG, _TRY_LATER = 1008, 1009, 1013
_FINAL = {"unknown_conversation": _POLICY, "too_large": _TOO_BIG}


class Gone(Exception):
    """The page is no longer there, or takes nothing any more."""


class Wire:
    """A socket that speaks JSON and gives up on a page that does not read."""

    def __init__(self, socket: WebsocketImplProtocol) -> None:
        self._socket = socket

    async def receive(self, timeout_s: float | None = None) -> str | bytes | None:
        """The next frame, None after `timeout_s`. Raises: Gone; Refusal where it is too large."""
        try:
            raw: str | bytes | None = await self._socket.recv(timeout_s)
        except (SanicException, ConnectionClosed) as error:
            raise Gone from error
        if raw is not None and len(raw.encode() if isinstance(raw, str) else raw) > MAX_BODY_BYTES:
            raise too_large()
        return raw

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame. Raises: Gone."""
        try:
            async with asyncio.timeout(_SEND_TIMEOUT_S):
                await self._socket.send(json.dumps(frame, ensure_ascii=False))
        except TimeoutError as error:
            self._socket.fail_connection(_TRY_LATER)
            raise Gone from error
        except (SanicException, ConnectionClosed, OSError) as error:
            raise Gone from error

    async def refuse(self, refusal: Refusal, code: int = _POLICY) -> None:
        """Say why, then close."""
        try:
            await self.send(refusal.frame)
            await self.close(code, refusal.code)
        except Gone:
            return

    async def close(self, code: int, reason: str) -> None:
        """Close the socket."""
        await self._socket.close(code, reason)


class Connection:
    """A page that was let in. `known` is what it has of the conversation."""

    def __init__(
        self, wire: Wire, held: Pass, known: Known, visits: Visits, live: LocalLive, limits: Limits
    ) -> None:
        self._wire = wire
        self._held = held
        self._known = known
        self._visits = visits
        self._live = live
        self._limits = limits
        self._shown: Shown | None = None

    async def run(self) -> None:
        """Serve the page until it leaves."""
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait((writer, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            writer.cancel()
            reader.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def close(self, code: int, reason: str) -> None:
        """Ask the page to come back later."""
        await self._wire.close(code, reason)

    async def _read(self) -> None:
        while True:
            try:
                raw = await self._wire.receive()
                if raw is not None:
                    await self._take(raw)
            except Gone:
                return
            except Refusal as refusal:
                if not await self._refuse(refusal):
                    return
            except Exception as error:
                # Its words may be the customer's, so they stay out of the log.
                stack = "".join(traceback.format_tb(error.__traceback__))
                log.error("reader_failed", error=type(error).__name__, stack=stack)
                return

    async def _take(self, raw: str | bytes) -> None:
        wait_s = self._limits.visitor.take(self._held.visitor_id)
        frame = parse(raw)
        client_id = frame.client_id if isinstance(frame, Say | Person) else None
        if wait_s:
            raise too_fast(wait_s, client_id)
        try:
            await self._act(frame)
        except (Refusal, Gone):
            raise
        except Exception as error:
            log.exception("frame_failed", kind=type(frame).__name__)
            raise out_of_order(client_id) from error

    async def _act(self, frame: Frame) -> None:
        conversation_id = self._held.conversation_id
        if not isinstance(frame, Ping):
            await self._visits.check(self._held)
        match frame:
            case Say():
                message = await self._visits.say(self._held, frame)
                await self._acknowledge(frame.client_id, message.seq)
            case Person():
                await self._visits.person(conversation_id, frame)
                await self._acknowledge(frame.client_id, None)
            case Back():
                await self._visits.back(conversation_id, frame)
            case Email():
                await self._visits.email(self._held, frame)
            case Seen():
                await self._visits.seen(conversation_id, frame.seq)
            case Rate() | Why() | WantsFollowUp() | Dismiss():
                await self._visits.survey(conversation_id, frame)
            case Ping():
                await self._wire.send({"type": "pong"})
            case Hello():
                raise bad_type(
                    "say, person, back, email, seen, rate, why, follow_up, dismiss, ping "
                    "after the hello"
                )

    async def _acknowledge(self, client_id: str | None, seq: int | None) -> None:
        if client_id is not None:
            await self._wire.send({"type": "ack", "client_id": client_id, "seq": seq})

    async def _refuse(self, refusal: Refusal) -> bool:
        """Say why. False where that was the last word."""
        strikes_left = not self._limits.strikes.take(self._held.visitor_id)
        if strikes_left and refusal.code not in _FINAL:
            try:
                await self._wire.send(refusal.frame)
            except Gone:
                return False
            return True
        await self._wire.refuse(refusal, _FINAL.get(refusal.code, _POLICY))
        return False

    async def _write(self) -> None:
        topic = conversation_topic(self._held.conversation_id)
        async with self._live.listen(topic) as listener:
            while True:
                wait_s = _RETRY_S
                try:
                    await self._push()
                    wait_s = REREAD_S
                except Gone:
                    return
                except Refusal as refusal:
                    await self._wire.refuse(refusal)
                    return
                except Exception:
                    # The database may be back at the next look; the page has lost nothing.
                    log.exception("push_failed")
                await listener.wait(wait_s)

    async def _push(self) -> None:
        """Send what is new."""
        news = await self._visits.news(self._held, self._known)
        state = news.state
        if self._shown is None:
            await self._wire.send({"type": "welcome", **state.as_json})
        for number, message in news.changed:
            await self._wire.send(change_json(number, message))
            self._known = replace(self._known, changes=number)
        for message in news.messages:
            await self._wire.send(message_json(message))
            self._known = replace(self._known, after=message.seq)
        if self._shown not in (None, state):
            await self._wire.send({"type": "state", **state.as_json})
        self._shown = state
