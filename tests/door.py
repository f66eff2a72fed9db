"""A running website on a loopback port: our own parts, a bot that a test scripts."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from sanic import Sanic

from conversation.article import Articles
from conversation.clock import utc_now
from conversation.customer import Customer
from conversation.messages import Author, Button, Draft
from conversation.shop import Order, OrderState
from handoff.briefing.briefing import Briefer
from handoff.casework.verbs import Casework
from handoff.handoffs import Handoffs
from heard.settings import ROOT
from heard.web_server import serving
from staff.account import Role, Staff
from store.articles import load_articles
from store.database import connect
from store.live import LocalLive
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.desks.site import empty_database
from tests.patience import PATIENT_S
from tests.ports import HOST, free_ports
from website.bot_client import Question
from website.limits import Limits
from website.site import Site, blueprint
from website.turn import Turns

SECRET = "a-secret-for-visitor-tokens-of-32-bytes"
TOUCHPOINTS_TOKEN = "a-token-for-other-systems-of-32-bytes"
IDENTITY_KEY = "a-key-for-customer-identities-of-32-bytes"


class ScriptedBot:
    """Answers what the test wants; `gate` holds answers back while it is not set."""

    def __init__(self) -> None:
        self.answer: Callable[[Question], tuple[Draft, ...]] = _echo
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, question: Question) -> tuple[Draft, ...]:
        """The scripted answer."""
        await self.gate.wait()
        return self.answer(question)

    async def ready(self) -> bool:
        """Always."""
        return True


class Door:
    """A website that can be stopped and started again on the same port and database."""

    def __init__(self, site: Site, bot: ScriptedBot, port: int) -> None:
        self.site = site
        self.bot = bot
        self.store = site.store
        self.casework = Casework(site.store, "none", site.clock)
        self.port = port
        self._running = AsyncExitStack()

    @property
    def url(self) -> str:
        """The website's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def socket_url(self) -> str:
        """The chat socket's address."""
        return f"ws://{HOST}:{self.port}/api/chat"

    async def start(self) -> None:
        """Listen, and answer what customers write."""
        app = Sanic(f"door_{uuid4().hex}", configure_logging=False)
        app.config.FALLBACK_ERROR_FORMAT = "auto"
        app.blueprint(blueprint(self.site))
        await self._running.enter_async_context(serving(app, HOST, self.port))
        answering = asyncio.create_task(self.site.turns.run())
        self._running.push_async_callback(_end, answering)

    async def stop(self) -> None:
        """Stop as a server does that is told to."""
        await self._running.aclose()
        await _end_what_is_left()

    async def agent(self, name: str = "Grace") -> Staff:
        """An agent with an account."""
        async with self.store.work() as work:
            return await work.accounts.save(
                f"{name.lower()}@example.com", name, [Role.AGENT], "-", utc_now()
            )

    async def close(self) -> None:
        """Stop, and let go of the database."""
        await self.stop()
        await self.store.close()


@asynccontextmanager
async def open_door(
    folder: Path,
    *,
    limits: Limits | None = None,
    origins: tuple[str, ...] = (),
    demo: bool = True,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Door]:
    """A started website with demo customers, stopped on leaving."""
    url = f"sqlite+aiosqlite:///{folder / 'door.db'}"
    await asyncio.to_thread(_new_database, folder / "door.db")
    live = LocalLive()
    store = SqlStore(connect(url), live)
    handoffs = Handoffs(
        store, Briefer(SqlDirectory(store), SqlShop(store, clock), PATIENT_S), clock
    )
    bot = ScriptedBot()
    site = Site(
        store=store,
        directory=SqlDirectory(store),
        live=live,
        turns=Turns(store, bot, handoffs, clock),
        handoffs=handoffs,
        clock=clock,
        company="Northpine",
        secret=SECRET,
        identity_key=IDENTITY_KEY,
        origins=origins,
        demo=demo,
        limits=limits or Limits(),
        articles=shipped_articles(),
        touchpoints_token=TOUCHPOINTS_TOKEN,
        by_email=True,
        link_after_close=timedelta(days=7),
    )
    async with store.work() as work:
        for customer, orders in _demo_customers(clock().date()):
            await work.shop.add(customer, orders)
    door = Door(site, bot, free_ports(1)[0])
    await door.start()
    try:
        yield door
    finally:
        await door.close()


def _new_database(file: Path) -> None:
    if not file.exists():
        shutil.copy(empty_database(), file)


@cache
def shipped_articles() -> Articles:
    """The articles of the demo shop."""
    return load_articles(ROOT / "data" / "articles")


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until they have ended: on Python 3.11 `wait_for`, as in Sanic, can lose one."""
    for _ in range(20):
        for task in tasks:
            task.cancel()
        _, left = await asyncio.wait(tasks, timeout=0.5)
        if not left:
            return
    raise AssertionError(f"{tasks} cannot be cancelled")


async def _end_what_is_left() -> None:
    """End what the server still does for pages: the loop would cancel it only once, and wait."""
    if left := [task for task in asyncio.all_tasks() if _is_of_server(task)]:
        await _end(*left)


def _is_of_server(task: asyncio.Task[Any]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    folders = Path(code.co_filename).parts if code else ()
    return "sanic" in folders or "website" in folders


def _echo(question: Question) -> tuple[Draft, ...]:
    buttons = (Button("Where is my order?", "Where is my order?"),)
    return (Draft(Author.BOT, f"You wrote: {question.text}", buttons=buttons),)


def _demo_customers(today: date) -> list[tuple[Customer, list[Order]]]:
    ada = Customer("demo-ada", "Ada Demo", "ada@example.com", "en", "Trail Club", date(2021, 3, 1))
    order = Order(
        number="1001",
        customer_id="demo-ada",
        items=("Fell jacket",),
        total_cents=18900,
        currency="GBP",
        state=OrderState.SHIPPED,
        placed_on=today - timedelta(days=9),
        address="1 Demo Street, Leeds",
        due_on=today - timedelta(days=4),
        carrier="Demo Post",
        tracking="DP1001",
    )
    bea = replace(ada, id="demo-bea", name="Bea Demo", email="bea@example.com", tier="Standard")
    return [(ada, [order]), (bea, [])]


NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
