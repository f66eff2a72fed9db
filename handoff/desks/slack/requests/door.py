"""Where Slack knocks: verified, stored, then acknowledged; the work comes later."""

from typing import Any

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, json, text
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier

from conversation.clock import Clock
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.requests.intake import Foreign, Intake
from handoff.desks.slack.requests.request import payload

log = structlog.get_logger()

_MOST_BYTES = 500_000
_TYPES = ("application/json", "application/x-www-form-urlencoded")
_KEPT_HEADERS = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")


class Door:
    """Takes Slack's requests at POST /slack/events."""

    def __init__(self, signing_secret: str, intake: Intake, forms: Forms, clock: Clock) -> None:
        self._verifier = SignatureVerifier(signing_secret, _Time(clock))
        self._intake = intake
        self._forms = forms

    @property
    def blueprint(self) -> Blueprint:
        """The route, for the app."""
        blueprint = Blueprint("slack")

        @blueprint.post("/slack/events", name="events", stream=True)
        async def events(request: Request) -> HTTPResponse:
            return await self._receive(request)

        return blueprint

    async def _receive(self, request: Request) -> HTTPResponse:
        content_type = request.headers.get("content-type", "").lower()
        if not content_type.startswith(_TYPES):
            return _refuse(415, "content_type", "Send JSON or a form, as Slack does.")
        body = await _read(request)
        if body is None:
            return _refuse(413, "too_large", f"At most {_MOST_BYTES} bytes are taken.")
        if not self._signed(request, body):
            return _refuse(
                401,
                "signature",
                "The signature does not fit, or the request is older than five minutes. Check "
                "the signing secret, and this machine's clock.",
            )
        try:
            found = payload(body, content_type)
        except ValueError:
            return _refuse(400, "payload", "There is no payload in this request.")
        if found.get("type") == "url_verification":
            return text(str(found.get("challenge", "")))
        if (answer := await self._forms.answer(found)) is not None:
            return json(answer)  # the form stays open and says what to correct
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        try:
            await self._intake.take(found, headers, body)
        except Foreign:
            return _refuse(403, "foreign", "This is meant for another app or another workspace.")
        return empty(status=200)

    def _signed(self, request: Request, body: bytes) -> bool:
        try:
            return self._verifier.is_valid(
                body,
                request.headers.get("x-slack-request-timestamp"),
                request.headers.get("x-slack-signature"),
            )
        except (ArithmeticError, TypeError, ValueError):  # no time, no text or no signature at all
            return False


async def _read(request: Request) -> bytes | None:
    """The body, None where it is too large: it is not read to its end then."""
    body = bytearray()
    stream: Any = request.stream
    while (chunk := await stream.read()) is not None:
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)


def _refuse(status: int, code: str, words: str) -> HTTPResponse:
    log.warning("slack_request_refused", status=status, code=code)
    return json({"error": {"code": code, "text": words}}, status=status)


class _Time(SlackClock):
    """Our clock, as Slack's verifier asks for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        """Unix seconds."""
        return self._clock().timestamp()
