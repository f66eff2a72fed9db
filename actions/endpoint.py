"""The action endpoint: what Rasa calls, on a loopback port of its own, behind a token."""

import hmac
import warnings

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from actions.services import Services, provide


def action_app(services: Services, token: str) -> Sanic:  # type: ignore[type-arg]
    """The Sanic app that runs every action of this package for callers who know `token`."""
    # rasa-sdk speaks Rasa 3.6's protocol, yet warns about the other version number at every call.
    warnings.filterwarnings("ignore", message="Your versions of rasa", module="rasa_sdk")
    provide(services)
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    expected = f"Bearer {token}".encode()

    async def check_token(request: Request) -> HTTPResponse | None:
        given = (request.headers.get("authorization") or "").encode()
        if request.path == "/health" or hmac.compare_digest(given, expected):
            return None
        return json({"error": "The action endpoint needs its token."}, status=401)

    app.register_middleware(check_token, "request")
    return app
