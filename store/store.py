"""The unit of work: one transaction, its repositories, and whom to wake once it is committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from store.accounts import AccountRows
from store.cases import CaseRows
from store.conversations import ConversationRows
from store.data_requests import DataRequestRows
from store.database import transaction
from store.effort import EffortRows
from store.files import FileRows
from store.gaps import GapRows
from store.history_rows import HistoryRows
from store.inbox import InboxRows
from store.letters import LetterRows
from store.live import LocalLive
from store.mails import MailRows
from store.nudges import DutyRows, NudgeRows
from store.outbox import OutboxRows
from store.pages import PageRows
from store.presence import PresenceRows
from store.queue import QueueRows
from store.receipts import ReceiptRows
from store.remedies import RemedyRows
from store.review import ReviewRows
from store.revisions import RevisionRows
from store.shop_rows import ShopRows
from store.stock import StockRows
from store.surveys import SurveyRows
from store.timeline import TimelineRows
from store.touchpoints import TouchpointRows
from store.turns import TurnRows
from store.voices import VoiceRows


class SqlWork:
    """One transaction with its repositories."""

    def __init__(self, session: AsyncSession, *, locks: bool) -> None:
        self.woken: set[str] = set()
        self.conversations = ConversationRows(session, self.woken, locks=locks)
        self.revisions = RevisionRows(session, self.woken)
        self.pages = PageRows(session)
        self.cases = CaseRows(session, self.woken, locks=locks)
        self.outbox = OutboxRows(session, self.woken)
        self.inbox = InboxRows(session, self.woken)
        self.receipts = ReceiptRows(session, self.woken)
        self.mails = MailRows(session, self.woken)
        self.files = FileRows(session)
        self.timeline = TimelineRows(session)
        self.turns = TurnRows(session)
        self.surveys = SurveyRows(session, self.woken)
        self.accounts = AccountRows(session)
        self.presence = PresenceRows(session, self.woken)
        self.queue = QueueRows(session)
        self.nudges = NudgeRows(session)
        self.duties = DutyRows(session)
        self.voices = VoiceRows(session)
        self.remedies = RemedyRows(session)
        self.shop = ShopRows(session)
        self.stock = StockRows(session)
        self.letters = LetterRows(session)
        self.data_requests = DataRequestRows(session)
        self.review = ReviewRows(session)
        self.gaps = GapRows(session)
        self.effort = EffortRows(session)
        self.touchpoints = TouchpointRows(session)
        self.history = HistoryRows(session)


class SqlStore:
    """Opens transactions on the database."""

    def __init__(self, engine: AsyncEngine, live: LocalLive) -> None:
        self._engine = engine
        self._live = live

    @asynccontextmanager
    async def work(self) -> AsyncIterator[SqlWork]:
        """A transaction that writes; listeners are woken after it is committed."""
        async with transaction(self._engine, writes=True) as session:
            work = SqlWork(session, locks=True)
            yield work
        for topic in work.woken:
            self._live.wake(topic)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlWork]:
        """A transaction that only reads."""
        async with transaction(self._engine, writes=False) as session:
            yield SqlWork(session, locks=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
