"""Calls to the action endpoint: bounded in time, over kept connections, no failure forgotten."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import ujson
from rasa.utils.endpoints import EndpointConfig

TIMEOUT_S = 10.0
_KEEP_S = 2.0  # shorter than any server keeps an idle connection, so none breaks under a call

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

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Lend the session of this event loop; Rasa opens one and a connection for each call."""
        loop = asyncio.get_running_loop()
        if getattr(self, "_loop", None) is not loop:
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=_KEEP_S, limit=0),
                json_serialize=ujson.dumps,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        yield self._session

    async def close(self) -> None:
        """Close the kept connections."""
        if getattr(self, "_loop", None) is asyncio.get_running_loop():
            await self._session.close()

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the endpoint, giving up after `TIMEOUT_S` seconds."""
        kwargs["timeout"] = aiohttp.ClientTimeout(total=TIMEOUT_S)
        call = kwargs.get("json") or {}
        call.setdefault("domain", {})  # rasa-sdk refuses a call without one; no action reads it
        action = call.get("next_action", "?")
        try:
            return await super().request(*args, **kwargs)
        except Exception as error:
            noted = failures.get()
            if noted is not None:
                noted.append(f"{action}: {type(error).__name__}")
            raise
