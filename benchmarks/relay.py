# environment: app
"""How long an agent's reply takes to the customer's page, against a bare socket push.

    make -s bench NAME=relay ARGS="--customers 50 --replies 10 [--json]"

Ours: `Casework.reply` into SQLite on disk, the wake-up, the gateway, a real WebSocket client. The
peer, in the same run: the same web server pushing the same frame without storing anything. Counts
what was lost, doubled or reordered on the way.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

import httpx
import structlog
import websockets
from sanic import Sanic

from conversation.reasons import HandoffReason
from heard.web_server import serving
from staff.account import Staff
from tests.door import HOST, Door, open_door
from tests.product import free_ports
from website.limits import Limits, TokenBuckets

Sent = dict[str, float]
_PATIENCE_S = 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--replies", type=int, default=10, help="per customer")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    if given.customers < 1 or given.replies < 1:
        parser.error("--customers and --replies must be at least 1")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found = asyncio.run(_measure(given.customers, given.replies))
    print(json.dumps(found) if given.json else _table(found))


async def _measure(customers: int, replies: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        plenty = Limits(sessions=TokenBuckets(per_s=1e6, burst=1_000_000))
        async with open_door(Path(folder), limits=plenty) as door:
            ours = await _ours(door, customers, replies)
    return {"ours": ours, "peer": await _peer(customers, replies), "customers": customers}


async def _ours(door: Door, customers: int, replies: int) -> dict[str, Any]:
    agent = await door.agent()
    people = [await _waiting(door, agent) for _ in range(customers)]

    async def send(number: int, text: str) -> None:
        await door.casework.reply(people[number][1], agent, text, key=text, via="browser")

    return await _run([socket for socket, _ in people], replies, send)


async def _waiting(door: Door, agent: Staff) -> tuple[Any, str]:
    """A customer with an open socket and a claimed case."""
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as http:
        session = (await http.post("/api/session", json={})).json()
    case = await door.site.handoffs.request(session["conversation"], HandoffReason.ASKED)
    await door.casework.claim(case.id, agent)
    socket = await websockets.connect(door.socket_url, proxy=None)
    await socket.send(json.dumps({"type": "hello", "token": session["token"], "after": 0}))
    return socket, case.id


async def _peer(customers: int, replies: int) -> dict[str, Any]:
    app: Sanic[Any, Any] = Sanic(f"peer_{uuid4().hex}", configure_logging=False)
    ends: list[Any] = []
    arrived = asyncio.Semaphore(0)

    @app.websocket("/push")
    async def push(_: Any, ws: Any) -> None:
        ends.append(ws)
        arrived.release()
        await ws.recv()

    (port,) = free_ports(1)
    async with serving(app, HOST, port):
        sockets = []
        for _ in range(customers):
            sockets.append(await websockets.connect(f"ws://{HOST}:{port}/push", proxy=None))
            await arrived.acquire()

        async def send(number: int, text: str) -> None:
            await ends[number].send(json.dumps({"type": "message", "text": text}))

        return await _run(sockets, replies, send)


async def _run(
    sockets: list[Any], replies: int, send: Callable[[int, str], Awaitable[None]]
) -> dict[str, Any]:
    """Send every customer their replies, one customer after the other; time each on arrival."""
    sent: Sent = {}
    heard = [asyncio.create_task(_hear(socket, replies, sent)) for socket in sockets]
    for turn in range(replies):
        for number in range(len(sockets)):
            text = f"reply {number} {turn}"
            sent[text] = time.perf_counter()
            await send(number, text)
    arrived = await asyncio.gather(*heard)
    for socket in sockets:
        await socket.close()
    times = [delay * 1000 for one in arrived for _, delay in one]
    texts = [[text for text, _ in one] for one in arrived]
    cuts = quantiles(times, n=20) if len(times) > 1 else times * 19
    return {
        "messages": len(sent),
        "p50_reply_ms": round(cuts[9], 2),
        "p95_reply_ms": round(cuts[18], 2),
        "lost": len(sent) - len({text for one in texts for text in one}),
        "doubled": sum(len(one) - len(set(one)) for one in texts),
        "reordered": sum(one != sorted(one, key=lambda t: int(t.split()[2])) for one in texts),
    }


async def _hear(socket: Any, replies: int, sent: Sent) -> list[tuple[str, float]]:
    """What arrived, in the order of arrival, with the seconds since it was sent."""
    arrived: list[tuple[str, float]] = []
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while len(arrived) < replies:
                frame = json.loads(await socket.recv())
                if frame["type"] == "message" and frame["text"] in sent:
                    arrived.append((frame["text"], time.perf_counter() - sent[frame["text"]]))
    except TimeoutError:
        pass  # what is missing is counted as lost
    return arrived


def _table(found: dict[str, Any]) -> str:
    rows = [f"{'':<16}{'ours':>10}{'bare push':>12}"]
    for key in ("messages", "p50_reply_ms", "p95_reply_ms", "lost", "doubled", "reordered"):
        rows.append(f"{key:<16}{found['ours'][key]:>10}{found['peer'][key]:>12}")
    ratio = found["ours"]["p50_reply_ms"] / found["peer"]["p50_reply_ms"]
    return "\n".join([*rows, f"{'p50 ratio':<16}{ratio:>10.1f}"])


if __name__ == "__main__":
    main()
