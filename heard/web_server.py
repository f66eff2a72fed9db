"""Serve a Sanic app in the running event loop, beside whatever else runs there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sanic import Sanic

_GRACE_S = 3.0
_LOOK_EVERY_S = 0.05


@asynccontextmanager
async def serving(app: "Sanic[Any, Any]", host: str, port: int) -> AsyncIterator[None]:
    """Serve `app` until the block is left; requests under way then get a moment to end.

    Raises: OSError where the port cannot be had.
    """
    app.config.TOUCHUP = False  # it rewrites Sanic's classes, which several apps here share
    app.config.ACCESS_LOG = False
    server: Any = await app.create_server(  # Sanic leaves the server's methods untyped
        host=host, port=port, return_asyncio_server=True, access_log=False
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield
    finally:
        await server.before_stop()
        server.close()
        await _drain(server.connections)
        await server.after_stop()
        Sanic.unregister_app(app)


async def _drain(connections: set[Any]) -> None:
    for connection in tuple(connections):
        connection.close_if_idle()
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_S):
            while connections:  # noqa: ASYNC110 - Sanic tells nobody when one ends
                await asyncio.sleep(_LOOK_EVERY_S)
    for connection in tuple(connections):
        if getattr(connection, "websocket", None):
            connection.websocket.fail_connection(code=1001)
        else:
            connection.abort()
