"""Tell open pages that something changed; they fetch what is new themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from time import monotonic

from sanic import Request

from handoff.wakes import Listener, Live
from staff.frame import page_headers

Topics = Callable[[], Awaitable[Collection[str]]]

_BEAT_S = 20.0  # waiting times on the page are kept fresh by this, too
_LONGEST_S = 300.0  # then the browser comes again, and its session is looked at again
_CHANGED = "event: changed\ndata: \n\n"


async def stream(request: Request, live: Live, topics: Topics) -> None:
    """Answer with server-sent events: `changed` at once, on every wake, and every 20 s.

    `topics` is asked again after every wake: there may be more to listen to by then.
    """
    response = await request.respond(content_type="text/event-stream", headers=page_headers())
    ends = monotonic() + _LONGEST_S
    listeners: dict[str, Listener] = {}
    async with AsyncExitStack() as stack:
        while monotonic() < ends:
            for topic in set(await topics()) - listeners.keys():
                listeners[topic] = await stack.enter_async_context(live.listen(topic))
            await response.send(_CHANGED)
            await _any(listeners.values(), _BEAT_S)


async def _any(listeners: Collection[Listener], timeout_s: float) -> None:
    waits = [asyncio.ensure_future(listener.wait(timeout_s)) for listener in listeners]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
