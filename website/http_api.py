"""The same door over plain HTTP: sessions, and a way to chat where sockets are blocked."""

import asyncio
import json as encoder
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, empty, json

from conversation.conversation import UnknownConversation
from handoff.wakes import conversation_topic
from store.live import LocalListener, LocalLive
from website.arrival import read_arrival, read_left_token
from website.body import read_body
from website.frames import Back, read_email, read_person, read_say, read_survey
from website.identity import Pass
from website.limits import Limits
from website.origins import Origins
from website.reception import Admission, Reception
from website.refusal import (
    Refusal,
    bad_field,
    no_pass,
    out_of_order,
    too_fast,
    unknown_conversation,
)
from website.state import REREAD_S, Known, change_json, message_json
from website.visit import Visits

log = structlog.get_logger()

LONGEST_POLL_S = 25
_MAX_SEQ = 2**31 - 1
_Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class HttpApi:
    """The handlers under /api, the socket excepted."""

    def __init__(
        self,
        company: str,
        by_email: bool,
        reception: Reception,
        visits: Visits,
        live: LocalLive,
        origins: Origins,
        limits: Limits,
    ) -> None:
        self._company = company
        self._by_email = by_email
        self._reception = reception
        self._visits = visits
        self._live = live
        self._origins = origins
        self._limits = limits
        self._waiting: set[LocalListener] = set()
        self._closing = False

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        posts: dict[str, _Handler] = {
            "/api/session": self._session,
            "/api/continue": self._continue,
            "/api/messages": self._say,
            "/api/person": self._person,
            "/api/back": self._back,
            "/api/email": self._email,
            "/api/survey": self._survey,
        }
        for path, handler in posts.items():
            name = f"post_{path.removeprefix('/api/')}"
            blueprint.add_route(
                self.guarded(handler), path, methods=["POST"], stream=True, name=name
            )
        blueprint.add_route(self.guarded(self._news), "/api/messages", methods=["GET"], name="news")
        for path in posts:
            name = f"preflight_{path.removeprefix('/api/')}"
            blueprint.add_route(_preflight, path, methods=["OPTIONS"], name=name)

    def allow_preflight(self, blueprint: Blueprint, path: str, name: str) -> None:
        """Let browsers of other origins ask whether they may use the route."""
        blueprint.add_route(_preflight, path, methods=["OPTIONS"], name=f"preflight_{name}")

    def close(self) -> None:
        """Answer every waiting poll now."""
        self._closing = True
        for listener in self._waiting:
            listener.notify()

    def guarded(self, handler: _Handler) -> _Handler:
        """The handler behind origin and limits; what it refuses is an answer."""

        @wraps(handler)
        async def guarded(request: Request, **path: str) -> HTTPResponse:
            try:
                self._origins.check(request)
                if wait_s := self._limits.address.take(request.client_ip):
                    raise too_fast(wait_s)
                return await handler(request, **path)
            except Refusal as refusal:
                return refusal.response
            except Exception:
                log.exception("request_failed", path=request.path)
                return out_of_order().response

        return guarded

    async def _session(self, request: Request) -> HTTPResponse:
        if wait_s := self._limits.sessions.take(request.client_ip):
            raise too_fast(wait_s)
        admission = await self._reception.admit(read_arrival(await read_body(request)))
        return self._admitted(admission)

    async def _continue(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        left = read_left_token(await read_body(request))
        return self._admitted(await self._reception.take_along(held, left))

    def _admitted(self, admission: Admission) -> HTTPResponse:
        return json(
            {
                "token": admission.token,
                "conversation": admission.conversation_id,
                "company": self._company,
                "customer": admission.customer,
                "left": admission.left,
                "email": admission.email,
                "by_email": self._by_email,
            }
        )

    async def _say(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        said = read_say(await read_body(request))
        message = await self._visits.say(held, said)
        return json({"client_id": said.client_id, "seq": message.seq})

    async def _person(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        await self._visits.person(held.conversation_id, read_person(await read_body(request)))
        return json({})

    async def _back(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        await read_body(request)
        await self._visits.back(held.conversation_id, Back())
        return json({})

    async def _email(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        await self._visits.email(held, read_email(await read_body(request)))
        return json({})

    async def _survey(self, request: Request) -> HTTPResponse:
        held = await self.holder(request)
        await self._visits.survey(held.conversation_id, read_survey(await read_body(request)))
        return json({})

    async def _news(self, request: Request) -> HTTPResponse:
        held = await self.holder(request, acts=False)
        known = Known(_whole(request, "after", _MAX_SEQ), _whole(request, "changes", _MAX_SEQ))
        wait_s = _whole(request, "wait", LONGEST_POLL_S)
        await self._visits.seen(held.conversation_id, known.after)
        return json(await self._poll(held, known, wait_s, request.args.get("seen")))

    async def _poll(
        self, held: Pass, known: Known, wait_s: int, seen: str | None
    ) -> dict[str, Any]:
        clock = asyncio.get_running_loop().time
        until = clock() + wait_s
        async with self._listening(held.conversation_id) as listener:
            while True:
                news = await self._visits.news(held, known)
                left_s = until - clock()
                version = _version(news.state.as_json)
                told = news.messages or news.changed or version != (seen or version)
                if told or left_s <= 0 or self._closing:
                    break
                await listener.wait(min(left_s, REREAD_S))
        return {
            "changed": [change_json(number, message) for number, message in news.changed],
            "messages": [message_json(message) for message in news.messages],
            "state": news.state.as_json,
            "version": version,
        }

    @asynccontextmanager
    async def _listening(self, conversation_id: str) -> AsyncIterator[LocalListener]:
        async with self._live.listen(conversation_topic(conversation_id)) as listener:
            self._waiting.add(listener)
            try:
                yield listener
            finally:
                self._waiting.discard(listener)

    async def holder(self, request: Request, *, acts: bool = True) -> Pass:
        """Whose token the request carries. Args: acts: it counts against the visitor's limit."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise no_pass()
        try:
            held = await self._reception.check(token.strip())
        except UnknownConversation as error:
            raise unknown_conversation() from error
        if acts and (wait_s := self._limits.visitor.take(held.visitor_id)):
            raise too_fast(wait_s)
        return held


async def _preflight(_: Request, **path: str) -> HTTPResponse:
    return empty()


def _whole(request: Request, name: str, greatest: int) -> int:
    raw = request.args.get(name, "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10 and int(raw) <= greatest):
        raise bad_field(name, f"a whole number from 0 to {greatest}")
    return int(raw)


def _version(state: dict[str, Any]) -> str:
    return f"{zlib.crc32(encoder.dumps(state, sort_keys=True).encode()):08x}"
