"""The peer: the same web server pushing the same frames without storing anything."""

from __future__ import annotations

import asyncio
import json
import time
from statistics import quantiles
from typing import Any
from uuid import uuid4

import websockets
from sanic import Sanic

from heard.web_server import serving
from tests.ports import free_ports

_HOST = "127.0.0.1"


async def pushed(customers: int, replies: int) -> dict[str, float]:
    """Push to every customer in turn. Returns: milliseconds to arrival, median and 95 %."""
    app: Sanic[Any, Any] = Sanic(f"peer_{uuid4().hex}", configure_logging=False)
    ends: list[Any] = []
    arrived = asyncio.Semaphore(0)

    @app.websocket("/push")
    async def push(_: Any, ws: Any) -> None:
        ends.append(ws)
        arrived.release()
        await ws.recv()

    (port,) = free_ports(1)
    times: list[float] = []
    async with serving(app, _HOST, port):
        sockets = []
        for _ in range(customers):
            sockets.append(await websockets.connect(f"ws://{_HOST}:{port}/push", proxy=None))
            await arrived.acquire()
        for _ in range(replies):
            for end, socket in zip(ends, sockets, strict=True):
                begun = time.perf_counter()
                await end.send(json.dumps({"type": "message", "text": "a reply"}))
                await socket.recv()
                times.append((time.perf_counter() - begun) * 1000)
        for socket in sockets:
            await socket.close()
    cuts = quantiles(times, n=20) if len(times) > 1 else times * 19
    return {"p50_ms": round(cuts[9], 2), "p95_ms": round(cuts[18], 2)}
