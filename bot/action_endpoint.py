"""Calls to the action endpoint: bounded in time, and failures are not forgotten."""

from __future__ import annotations

import contextvars
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig

TIMEOUT_S = 10.0

# The failures of the turn that is being handled in this task; None outside a turn.
failures: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar(
    "failures", default=None
)


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """The configured endpoint, noting each call that failed.

    Rasa logs a failed slot extraction and goes on as if it had not been due; whoever handles the
    turn can tell from `failures` that it was not finished.
    """

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> ActionEndpoint:
        """Return `endpoint` with this behaviour."""
        return cls(
            url=endpoint.url,
            params=endpoint.params,
            headers=endpoint.headers,
            basic_auth=endpoint.basic_auth,
            token=endpoint.token,
            token_name=endpoint.token_name,
            cafile=endpoint.cafile,
            **endpoint.kwargs,
        )

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the endpoint, giving up after `TIMEOUT_S` seconds."""
        kwargs["timeout"] = aiohttp.ClientTimeout(total=TIMEOUT_S)
        action = (kwargs.get("json") or {}).get("next_action", "?")
        try:
            return await super().request(*args, **kwargs)
        except Exception as error:
            noted = failures.get()
            if noted is not None:
                noted.append(f"{action}: {type(error).__name__}")
            raise
