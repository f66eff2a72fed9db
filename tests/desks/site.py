"""Heard without its bot: database, handoffs, casework, dispatcher and web server, all real."""

import asyncio
import atexit
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

from sanic import Sanic
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.clock import utc_now
from conversation.customer import Customer
from conversation.messages import Author, Draft, Message
from conversation.reasons import HandoffReason
from conversation.shop import Order
from conversation.survey_rules import SurveyRules
from conversation.surveys import Survey, SurveyKind
from handoff.briefing.briefing import Briefer
from handoff.case import Case
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.delivery.outbox import OUTBOX_TOPIC, Dispatcher
from handoff.desk import Desk
from handoff.desks.browser.parts import DeskParts
from handoff.feedback import Feedback
from handoff.handoffs import Handoffs
from handoff.queue.groups import DeskRules
from handoff.queue.staffing import Staffing
from handoff.queue.view import QueueView
from handoff.remedies.remedies import Remedies
from heard.settings import REMEDIES
from heard.web_server import serving
from staff.door import StaffDoor
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.remedy_rules import load_remedy_rules
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from store.tables import CaseRow, OutboxRow
from tests.patience import PATIENT_S
from website.bot_client import BotFailure, Question
from website.turn import Turns

HOST = "127.0.0.1"
T = TypeVar("T")
_PARKED_FOR_LONGER = timedelta(minutes=2)


async def eventually(look: Callable[[], Awaitable[T]], patience_s: float = PATIENT_S) -> T:
    """Look again until there is something true to see. Raises: AssertionError in the end."""
    until = asyncio.get_running_loop().time() + patience_s
    while True:
        seen = await look()
        if seen:
            return seen
        assert asyncio.get_running_loop().time() < until, f"nothing came within {patience_s} s"
        await asyncio.sleep(0.01)


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel the task until it has ended. Raises: AssertionError where it does not."""
    for _ in range(5):
        task.cancel()
        await asyncio.wait({task}, timeout=1)
        if task.done():
            return
    raise AssertionError(f"{task} cannot be cancelled")


class NoBot:
    """The assistant is out of order: persons alone answer here."""

    async def ask(self, question: Question) -> tuple[Draft, ...]:
        """Raises: BotFailure, always."""
        raise BotFailure("There is no bot here")


class Site:
    """The parts of one installation, and the work that runs in it."""

    def __init__(
        self, engine: AsyncEngine, desk_name: str, port: int, rules: DeskRules | None = None
    ) -> None:
        self.engine = engine
        self.rules = rules or DeskRules()
        self._desk_name = desk_name
        self.live = LocalLive()
        self.store = SqlStore(engine, self.live)
        self.clock = utc_now
        self.shop = SqlShop(self.store, self.clock)
        briefer = Briefer(SqlDirectory(self.store), self.shop, PATIENT_S)
        self.handoffs = Handoffs(self.store, briefer, self.clock, self.rules)
        self.casework = Casework(self.store, desk_name, self.clock, None, self.rules)
        self.staffing = Staffing(self.store, self.rules, self.clock)
        limits = load_remedy_rules(REMEDIES)
        self.remedies = Remedies(self.store, self.shop, self.casework, self.clock, limits)
        self.feedback = Feedback(self.store, self.handoffs, SurveyRules(), self.clock)
        self.turns = Turns(self.store, NoBot(), self.handoffs, self.clock)
        self.url = f"http://{HOST}:{port}"
        self._dispatching: asyncio.Task[None] | None = None
        self._desk: Desk | None = None

    def desk_parts(self, door: StaffDoor) -> DeskParts:
        """What the browser desk works with here."""
        return DeskParts(
            door,
            self.store,
            self.casework,
            self.remedies,
            self.staffing,
            QueueView(self.store, self.rules, self.clock),
            self.rules,
            self.live,
            self.clock,
            self._desk_name,
        )

    def dispatch(self, desk: Desk) -> None:
        """Begin to deliver to the desk."""
        self._desk = desk
        dispatcher = Dispatcher(self.store, desk, self.live, self.clock, self.url, self.rules)
        self._dispatching = asyncio.create_task(dispatcher.run())

    async def stop_dispatching(self) -> None:
        """Stop, wherever the dispatcher is: as a crash does."""
        if self._dispatching is not None:
            await end(self._dispatching)

    async def crash_before_marking(self, kind: Delivery) -> None:
        """Leave the database as a crash leaves it between a delivery and noting that it is done.

        The lease of the delivery has ended.
        """
        assert self._desk is not None
        await self.delivered()
        await self.stop_dispatching()
        async with self.engine.begin() as connection:
            await connection.execute(
                update(OutboxRow)
                .where(OutboxRow.kind == kind.value)
                .values(done_at=None, due_at=self.clock())
            )
            if kind is Delivery.OPEN_CASE:
                await connection.execute(update(CaseRow).values(ref=None))
        self.dispatch(self._desk)
        self.live.wake(OUTBOX_TOPIC)

    async def crash(self) -> None:
        """Stop wherever the dispatcher is, and begin anew once the lease of that has ended."""
        assert self._desk is not None
        await self.stop_dispatching()
        async with self.engine.begin() as connection:
            undone = update(OutboxRow).where(OutboxRow.done_at.is_(None))
            await connection.execute(undone.values(due_at=self.clock()))
        self.dispatch(self._desk)

    async def delivered(self, patience_s: float = PATIENT_S) -> None:
        """Wait until the outbox is empty, but for what is parked."""

        async def empty() -> bool:
            async with self.store.read() as work:
                next_at = await work.outbox.next_at()
            return next_at is None or next_at > self.clock() + _PARKED_FOR_LONGER

        await eventually(empty, patience_s)

    async def customer(self, name: str = "Ada", *orders: Order) -> "Customers":
        """A customer with a conversation of their own. The orders become theirs."""
        customer = Customer(
            id=f"C-{uuid4().hex[:6]}",
            name=name,
            email=f"{uuid4().hex[:6]}@example.com",
            language="en",
            tier="Standard",
            since=date(2024, 3, 1),
        )
        async with self.store.work() as work:
            theirs = [replace(order, customer_id=customer.id) for order in orders]
            await work.shop.add(customer, theirs)
            conversation = await work.conversations.start(str(uuid4()), customer.id, self.clock())
        return Customers(self, conversation.id, name)


class Customers:
    """A customer, as the website serves them."""

    def __init__(self, site: Site, conversation_id: str, name: str) -> None:
        self._site = site
        self.conversation_id = conversation_id
        self.name = name

    async def says(self, *texts: str) -> None:
        """Write messages, one after the other."""
        for text in texts:
            await self._site.turns.receive(self.conversation_id, text, str(uuid4()))

    async def asks_for_a_person(self) -> Case:
        """Press "talk to a person"."""
        return await self._site.handoffs.request(self.conversation_id, HandoffReason.ASKED)

    async def looks(self) -> None:
        """Have the chat open: the page confirms what it shows."""
        last = (await self.sees())[-1].seq
        async with self._site.store.work() as work:
            await work.conversations.shown(self.conversation_id, last)

    async def case(self) -> Case:
        """The newest case, as it stands."""
        async with self._site.store.read() as work:
            case = await work.cases.latest_of(self.conversation_id)
        assert case is not None
        return case

    async def sees(self) -> list[Message]:
        """All that the chat shows."""
        async with self._site.store.read() as work:
            return list(await work.conversations.transcript(self.conversation_id))

    async def reads_from_agents(self) -> list[tuple[str | None, str]]:
        """Who of the agents said what."""
        return [(m.name, m.text) for m in await self.sees() if m.author is Author.AGENT]

    async def notices(self) -> list[str]:
        """What the chat says about itself."""
        return [m.text for m in await self.sees() if m.author is Author.SYSTEM]

    async def rates(self, ease: int, why: str | None) -> None:
        """Answer the survey: the effort rating, then why."""
        feedback, here = self._site.feedback, self.conversation_id
        assert await feedback.rate(here, SurveyKind.CES, ease)
        assert await feedback.tell(here, why)

    async def wants_a_follow_up(self) -> Case:
        """Say yes to a colleague. Returns: the new case."""
        assert await self._site.feedback.wants_follow_up(self.conversation_id, True)
        return await self.case()

    async def wants_no_follow_up(self) -> None:
        """Say no to a colleague."""
        assert await self._site.feedback.wants_follow_up(self.conversation_id, False)

    async def survey(self) -> Survey | None:
        """The survey that is open, or None."""
        async with self._site.store.read() as work:
            return await work.surveys.open_of(self.conversation_id)


@asynccontextmanager
async def open_site(
    folder: Path,
    desk_name: str,
    build: Callable[[Site, "Sanic[Any, Any]"], Desk],
    port: int,
    rules: DeskRules | None = None,
) -> AsyncIterator[Site]:
    """A site that serves and delivers. Args: build: adds the desk's routes and returns it."""
    file = folder / "heard.db"
    empty = await asyncio.to_thread(empty_database)
    await asyncio.to_thread(shutil.copy, empty, file)
    site = Site(connect(f"sqlite+aiosqlite:///{file}"), desk_name, port, rules)
    app: Sanic[Any, Any] = Sanic(f"desks_{uuid4().hex}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "auto"
    desk = build(site, app)
    try:
        async with serving(app, HOST, port):
            site.dispatch(desk)
            yield site
            await site.stop_dispatching()
    finally:
        await site.store.close()


@cache
def empty_database() -> Path:
    """A file with the newest schema, made once: the migrations take longer than most tests."""
    folder = TemporaryDirectory(prefix="heard-desks-")
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "empty.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file
