"""What other systems report: contacts with customers outside the chat. See docs/touchpoints.md."""

import hmac
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, json

from conversation.clock import Clock
from conversation.contacts import ELSEWHERE, Channel, Contact
from conversation.topics import topics
from store.store import SqlStore
from store.touchpoints import OtherCustomer, Touchpoint
from website.body import read_body
from website.frames import Fields, read_optional
from website.limits import Limits
from website.refusal import Refusal, bad_field, out_of_order, too_fast

log = structlog.get_logger()

PATH = "/api/touchpoints"
LONGEST_ID, LONGEST_SUMMARY = 64, 300
REQUIRED = ("id", "customer", "kind", "at", "topic", "outcome")
OPTIONAL = ("summary", "promised_by")
OUTCOMES = ("open", "solved")
_YEARS = range(2000, 2100)
_CLOCKS_DIFFER = timedelta(minutes=5)
_Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class Touchpoints:
    """The route for other systems, which prove themselves by `token`."""

    def __init__(self, store: SqlStore, clock: Clock, token: str, limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self._token = token
        self._limits = limits

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the route; without a token there is none."""
        if not self._token:
            return
        taken, forgotten = self._guarded(self._take), self._guarded(self._forget)
        blueprint.add_route(taken, PATH, methods=["POST"], stream=True, name="touchpoint")
        blueprint.add_route(forgotten, PATH, methods=["DELETE"], name="forget_touchpoints")

    def _guarded(self, handler: _Handler) -> _Handler:
        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            try:
                self._admit(request)
                return await handler(request)
            except Refusal as refusal:
                return refusal.response
            except Exception:
                log.exception("touchpoint_failed")
                return out_of_order().response

        return guarded

    def _admit(self, request: Request) -> None:
        if wait_s := self._limits.reports.take(request.client_ip):
            raise too_fast(wait_s)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given, expected = token.strip().encode(), self._token.encode()
        if scheme.lower() != "bearer" or not hmac.compare_digest(given, expected):
            text = "Send the token of HEARD_TOUCHPOINTS_TOKEN as Authorization: Bearer TOKEN."
            raise Refusal("no_token", text, 401)

    async def _take(self, request: Request) -> HTTPResponse:
        now = self._clock()
        report = read_touchpoint(await read_body(request), now)
        try:
            async with self._store.work() as work:
                new = await work.touchpoints.put(report, now)
        except OtherCustomer as error:
            text = "This id is known as a contact with another customer. Send another id."
            raise Refusal("other_customer", text, 409) from error
        log.info("touchpoint_taken", kind=report.contact.channel.value, new=new)
        return json({"id": report.id, "new": new}, status=201 if new else 200)

    async def _forget(self, request: Request) -> HTTPResponse:
        customer = request.args.get("customer")
        if not customer:
            raise bad_field("customer", "in the address: ?customer=ID")
        async with self._store.work() as work:
            count = await work.touchpoints.forget(customer)
        log.info("touchpoints_forgotten", count=count)
        return json({"forgotten": count})


def read_touchpoint(fields: Fields, now: datetime) -> Touchpoint:
    """A report as docs/touchpoints.md says it. Raises: Refusal naming the first wrong field."""
    for name in fields:
        if name not in (*REQUIRED, *OPTIONAL):
            raise bad_field(
                name[:LONGEST_ID], f"left out: known are {', '.join((*REQUIRED, *OPTIONAL))}"
            )
    at = _moment(fields, "at")
    if at is None or at > now + _CLOCKS_DIFFER:
        raise bad_field("at", "a moment that has passed")
    return Touchpoint(
        id=_name(fields, "id"),
        customer_id=_name(fields, "customer"),
        contact=Contact(
            channel=Channel(_one_of(fields, "kind", tuple(one.value for one in ELSEWHERE))),
            at=at,
            until=at,
            topics=(_one_of(fields, "topic", topics()),),
            solved=_one_of(fields, "outcome", OUTCOMES) == "solved",
            summary=read_optional(fields, "summary", LONGEST_SUMMARY) or "",
            promised_by=_moment(fields, "promised_by"),
        ),
    )


def _name(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise bad_field(name, "a text that is not empty")
    if len(value) > LONGEST_ID:
        raise bad_field(name, f"a text of at most {LONGEST_ID} characters")
    return value


def _one_of(fields: Fields, name: str, allowed: tuple[str, ...]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise bad_field(name, f"one of {', '.join(allowed)}")
    return value


def _moment(fields: Fields, name: str) -> datetime | None:
    value = fields.get(name)
    if value is None and name in OPTIONAL:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None or moment.year not in _YEARS:
        raise bad_field(name, "a moment with its zone, such as 2026-03-04T10:15:00Z")
    return moment
