"""A customer who was promised an e-mail, the agent who writes it, and a real post office."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from conversation.clock import utc_now
from conversation.conversation import Conversation
from conversation.messages import Author, Message
from conversation.reasons import HandoffReason
from handoff.briefing.briefing import Briefer
from handoff.case import Case, Note
from handoff.casework.verbs import Casework
from handoff.handoffs import Handoffs
from handoff.mail.build import mail
from handoff.mail.letterbox import Letterbox
from handoff.mail.reply_address import ReplyAddresses
from handoff.mail.settings import MailSettings
from handoff.promises.callbacks import Callbacks
from handoff.returns import REOPEN_FOR, Returns
from handoff.wakes import MAIL_TOPIC
from staff.account import Role, Staff
from store.database import connect
from store.live import LocalLive
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.desks.site import empty_database, end
from tests.mail.post_office import HOST, PostOffice
from tests.patience import PATIENT_S

SECRET = "a-secret-for-addresses-of-at-least-32-bytes"
ADDRESS = "ada@example.com"
SENDER = "support@shop.example"
TOKEN = "a-token-of-the-mail-server-of-32-characters"


class MovableClock:
    """Real time, and what the test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Now."""
        return utc_now() + self.ahead


class Talk:
    """One conversation with a person."""

    def __init__(self, store: SqlStore, live: LocalLive, settings: MailSettings) -> None:
        self.store = store
        self.live = live
        self.clock = MovableClock()
        self.settings = settings
        self.addresses = ReplyAddresses(SENDER, SECRET)
        self.letterbox = Letterbox(store, self.addresses, self.clock)
        self.callbacks = Callbacks(store, self.clock)
        self.casework = Casework(store, "none", self.clock)
        briefer = Briefer(SqlDirectory(store), SqlShop(store, self.clock), PATIENT_S)
        self.handoffs = Handoffs(store, briefer, self.clock)
        self.id = ""
        self.nia: Staff

    async def begin(self) -> None:
        """A visitor waits for a person; Nia is an agent."""
        async with self.store.work() as work:
            self.id = (await work.conversations.start(str(uuid4()), None, self.clock())).id
            self.nia = await work.accounts.save(
                "nia@example.com", "Nia", [Role.AGENT], "-", self.clock()
            )
        await self.handoffs.request(self.id, HandoffReason.ASKED)

    async def is_promised(self) -> None:
        """The customer leaves an address and closes the page."""
        assert await self.callbacks.leave_address(self.id, ADDRESS)

    def time_passes(self, by: timedelta) -> None:
        """Set the clock ahead, and let who waits look at it."""
        self.clock.ahead += by
        self.live.wake(MAIL_TOPIC)

    async def replies(self, *texts: str) -> list[Message]:
        """Nia writes."""
        case = await self.case()
        return [
            await self.casework.reply(case.id, self.nia, text, key=str(uuid4()), via="test")
            for text in texts
        ]

    async def case(self) -> Case:
        """The newest case."""
        async with self.store.read() as work:
            case = await work.cases.latest_of(self.id)
        assert case is not None
        return case

    async def conversation(self) -> Conversation:
        """The conversation as it is."""
        async with self.store.read() as work:
            return await work.conversations.get(self.id)

    async def customer_said(self) -> list[str]:
        """What the customer wrote, by whatever way."""
        async with self.store.read() as work:
            said = await work.conversations.transcript(self.id)
        return [message.text for message in said if message.author is Author.CUSTOMER]

    async def notes(self) -> list[Note]:
        """The private notes on the case."""
        case = await self.case()
        async with self.store.read() as work:
            return list(await work.cases.notes(case.id))

    async def all_mail_is_done(self) -> bool:
        """Whether nothing waits to go out."""
        async with self.store.read() as work:
            return await work.mails.next_at() is None

    @asynccontextmanager
    async def mail_runs(self) -> AsyncIterator[None]:
        """The background work of e-mail."""
        built = mail(
            self.settings,
            self.store,
            self.handoffs,
            Returns(self.clock, REOPEN_FOR),
            self.live,
            self.clock,
            company="Northpine",
            secret=SECRET,
            links=lambda conversation, _: f"https://shop.example/chat#{conversation.id}",
        )
        running = [asyncio.create_task(work()) for work in built.work.values()]
        try:
            yield
        finally:
            for task in running:
                await end(task)


def settings_for(office: PostOffice, **changes: object) -> MailSettings:
    """E-mail through the post office, at once."""
    settings = MailSettings(
        host=HOST,
        port=office.port,
        tls="none",
        sender=SENDER,
        timeout_s=PATIENT_S,
        join=timedelta(0),
        inbound_token=TOKEN,
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def talk_on(database: str, settings: MailSettings) -> AsyncIterator[Talk]:
    """A conversation on a database that has the newest schema."""
    live = LocalLive()
    store = SqlStore(connect(database), live)
    talk = Talk(store, live, settings)
    await talk.begin()
    try:
        yield talk
    finally:
        await store.close()


def database_in(folder: Path) -> str:
    """A new SQLite database."""
    shutil.copy(empty_database(), folder / "mail.db")
    return f"sqlite+aiosqlite:///{folder / 'mail.db'}"
