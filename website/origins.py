"""Which websites may use the chat, and what their browsers are told about it."""

from collections.abc import Sequence

from sanic import HTTPResponse, Request

from website.refusal import foreign_origin

_PREFLIGHT_S = 600


class Origins:
    """The allowed origins, such as "https://shop.example". Our own is always allowed."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def check(self, request: Request) -> None:
        """Raises: Refusal where a browser sends the request from another website.

        Programs that are no browser send no origin; they need a token all the same.
        """
        origin = request.headers.get("origin")
        if origin is not None and not self._allows(origin, request.host):
            raise foreign_origin()

    def mark(self, request: Request, response: HTTPResponse) -> None:
        """Tell the browser of an allowed website that its page may read the response."""
        origin = request.headers.get("origin")
        response.headers["vary"] = "origin"
        if origin is None or not self._allows(origin, request.host):
            return
        response.headers["access-control-allow-origin"] = origin
        if request.method == "OPTIONS":
            response.headers["access-control-allow-methods"] = "GET, POST"
            response.headers["access-control-allow-headers"] = "authorization, content-type"
            response.headers["access-control-max-age"] = str(_PREFLIGHT_S)

    def _allows(self, origin: str, host: str) -> bool:
        origin = origin.lower()
        return origin in self._allowed or origin.partition("://")[2] == host.lower()
