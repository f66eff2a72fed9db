"""The route by which a mail server hands over customers' replies: the raw e-mail as the body."""

import hmac

import structlog
from sanic import Blueprint, HTTPResponse, Request, json

from handoff.mail.letterbox import Letterbox

log = structlog.get_logger()

PATH = "/api/mail/inbound"
MOST_BYTES = 10_000_000


def inbound_door(letterbox: Letterbox, token: str) -> Blueprint:
    """The route. Whoever hands over e-mails proves themselves by `token`."""
    routes = Blueprint("mail_inbound")

    async def take(request: Request) -> HTTPResponse:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        good = hmac.compare_digest(given.strip().encode(), token.encode())
        if scheme.lower() != "bearer" or not good:
            why = "Send the token of HEARD_MAIL_INBOUND_TOKEN as Authorization: Bearer TOKEN."
            return _refused("no_token", why, 401)
        raw = await _read(request)
        if raw is None:
            return _refused("too_large", f"At most {MOST_BYTES // 1_000_000} MB are taken.", 413)
        if not raw.strip():
            return _refused("empty", "Send the raw e-mail, headers and all, as the body.", 400)
        taken = await letterbox.put(raw)
        log.info("mail_handed_over", taken=taken, bytes=len(raw))
        return json({"taken": taken})

    routes.add_route(take, PATH, methods=["POST"], stream=True, name="take")
    return routes


async def _read(request: Request) -> bytes | None:
    """The body, None where it is too large."""
    body = bytearray()
    while (chunk := await request.stream.read()) is not None:  # type: ignore[union-attr]
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _refused(code: str, text: str, status: int) -> HTTPResponse:
    return json({"error": {"code": code, "text": text}}, status=status)
