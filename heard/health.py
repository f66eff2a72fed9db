"""What says whether Heard works, to whoever watches over it: /healthz and /readyz."""

from typing import Any, Protocol

from sanic import HTTPResponse, Sanic, json

from store.store import SqlStore


class Ready(Protocol):
    """What has to be there before customers are answered."""

    async def ready(self) -> bool:
        """Whether it is."""
        ...


def add_health(site: "Sanic[Any, Any]", store: SqlStore, bot: Ready) -> None:
    """Add the routes. What agents' desk or the mail server does not take keeps nobody from the
    chat: it is told of, with why, and the answer is 200 all the same."""

    async def healthz(_: object) -> HTTPResponse:
        return json({"status": "ok"})

    async def readyz(_: object) -> HTTPResponse:
        bot_ready = await bot.ready()
        facts = {"bot": "ready" if bot_ready else "not ready", **await _waits(store)}
        return json(facts, status=200 if bot_ready else 503)

    site.add_route(healthz, "/healthz")
    site.add_route(readyz, "/readyz")


async def _waits(store: SqlStore) -> dict[str, object]:
    async with store.read() as work:
        return {
            "parked_deliveries": await work.outbox.parked(),
            "parked_because": await work.outbox.parked_because(),
            "failing_mails": await work.mails.failing(),
        }
