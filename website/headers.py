"""What every response of the website tells the browser to be careful about."""

from sanic import HTTPResponse, Request

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def harden(_: Request, response: HTTPResponse) -> None:
    """Add the security headers to a response."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
