"""What people and programs read where no page is, and where something of ours broke."""

from html import escape
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import MethodNotAllowed, NotFound
from sanic.response import html, json

from staff.door import StaffDoor
from staff.frame import PLACES

log = structlog.get_logger()

_NOT_FOUND = "There is nothing at this address. Check it, or begin at the front page."
_NOT_ALLOWED = "This address does not take that kind of request. Begin at the front page."
_BROKE = "Something went wrong on our side. Try again in a moment."
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def plain_errors(app: "Sanic[Any, Any]", door: StaffDoor) -> None:
    """Answer unknown addresses and unexpected errors in one sentence: as JSON below /api, in the
    frame of the staff pages where these are."""

    def answer(request: Request, status: int, code: str, text: str) -> HTTPResponse:
        if any(place.contains(request.path) for place in PLACES):
            title, _, what_to_do = text.partition(". ")
            return door.problem(request, status, title, what_to_do)
        return _answer(request, status, code, text)

    async def not_found(request: Request, _: Exception) -> HTTPResponse:
        return answer(request, 404, "not_found", _NOT_FOUND)

    async def not_allowed(request: Request, _: Exception) -> HTTPResponse:
        return answer(request, 405, "not_allowed", _NOT_ALLOWED)

    async def broke(request: Request, error: Exception) -> HTTPResponse:
        if hasattr(error, "status_code"):  # Sanic's own, raised on purpose
            return app.error_handler.default(request, error)
        log.error("request_broke", path=request.path, exc_info=error)
        return answer(request, 500, "broke", _BROKE)

    app.error_handler.add(NotFound, not_found)
    app.error_handler.add(MethodNotAllowed, not_allowed)
    app.error_handler.add(Exception, broke)


def _answer(request: Request, status: int, code: str, text: str) -> HTTPResponse:
    if request.path.startswith("/api/"):
        return json({"error": {"code": code, "text": text}}, status=status, headers={**_HEADERS})
    page = f'<!doctype html><html lang="en"><title>{status}</title><p>{escape(text)}</p></html>'
    return html(page, status=status, headers={**_HEADERS})
