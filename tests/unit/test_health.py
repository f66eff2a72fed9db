"""What /healthz and /readyz say to whoever watches over Heard."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic

from conversation.clock import utc_now
from conversation.reasons import HandoffReason
from handoff.case import Briefing
from handoff.delivery.boxes import Delivery
from heard.health import add_health
from heard.web_server import serving
from store.store import SqlStore
from tests.patience import PATIENT_S
from tests.ports import free_ports

_OUT = "Slack refused chat.postMessage: not_in_channel. Invite the app into the channel."
_REVOKED = "Slack refused chat.postMessage: token_revoked. Install the app again."


class _Bot:
    is_ready = True

    async def ready(self) -> bool:
        return self.is_ready


@pytest.fixture
def bot() -> _Bot:
    return _Bot()


@pytest.fixture
async def http(store: SqlStore, bot: _Bot) -> AsyncIterator[httpx.AsyncClient]:
    app = Sanic(f"health_{uuid4().hex}", configure_logging=False)
    add_health(app, store, bot)
    port = free_ports(1)[0]
    url = f"http://127.0.0.1:{port}"
    async with (
        serving(app, "127.0.0.1", port),
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENT_S) as client,
    ):
        yield client


async def _parked(store: SqlStore, error: str, times: int = 1) -> None:
    now = utc_now()
    async with store.work() as work:
        for _ in range(times):
            conversation = await work.conversations.start(str(uuid4()), None, now)
            briefing = Briefing("Ada Demo", "", "")
            case = await work.cases.open(
                conversation.id, HandoffReason.ASKED, briefing, now, opened_seq=0
            )
            await work.outbox.put(case.id, Delivery.OPEN_CASE, now)
            [entry] = [one for one in await work.outbox.due(now) if one.case_id == case.id]
            assert await work.outbox.begin(entry, now)
            await work.outbox.park(entry, now, now, error, holds=True)


async def test_all_is_well(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    answer = await http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "bot": "ready",
        "parked_deliveries": 0,
        "parked_because": [],
        "failing_mails": 0,
    }


async def test_why_the_desk_takes_nothing_is_said_once_with_what_to_do(
    http: httpx.AsyncClient, store: SqlStore
) -> None:
    await _parked(store, _OUT)
    await _parked(store, _REVOKED, times=2)
    answer = await http.get("/readyz")
    assert answer.status_code == 200, "customers are served as before"
    assert answer.json()["parked_deliveries"] == 3
    assert answer.json()["parked_because"] == [_REVOKED, _OUT]


async def test_without_the_bot_it_is_not_ready(http: httpx.AsyncClient, bot: _Bot) -> None:
    bot.is_ready = False
    assert (await http.get("/readyz")).status_code == 503
