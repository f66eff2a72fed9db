"""What came in is kept for a while as it came; that it came is known for good."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from conversation.reasons import HandoffReason
from handoff.case import Briefing
from handoff.delivery.boxes import Delivery, Incoming, Notice
from handoff.delivery.retention import Retention
from store.database import connect, transaction
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore
from store.tables import OutboxRow

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
KEEP = timedelta(days=7)
WORDS = b'{"text": "my flat burnt down"}'
HEADERS = {"content-type": "application/json"}


async def _came(store: SqlStore, key: str, done_at: datetime | None) -> str:
    """Something came in and was worked off then. Returns: its id."""
    async with store.work() as work:
        assert await work.inbox.put("slack", key, HEADERS, WORDS, NOON, thread=key, rank=1)
        incoming = await work.inbox.next("slack", NOON + timedelta(days=30))
        assert isinstance(incoming, Incoming)
        if done_at is not None:
            await work.inbox.done(incoming, done_at)
    return incoming.id


async def _found(store: SqlStore, incoming_id: str) -> Incoming | None:
    async with store.read() as work:
        return await work.inbox.find(incoming_id)


async def test_words_are_emptied_after_a_while_and_the_key_stays(store: SqlStore):
    old = await _came(store, "old", NOON)
    young = await _came(store, "young", NOON + timedelta(hours=1))
    undone = await _came(store, "undone", None)
    await Retention(store, lambda: NOON + KEEP + timedelta(seconds=1), KEEP).empty()
    assert await _found(store, old) is None
    assert [(await _found(store, one)) is not None for one in (young, undone)] == [True, True]
    async with store.work() as work:
        again = await work.inbox.put("slack", "old", HEADERS, WORDS, NOON, thread="old")
        assert not again, "what comes again, however late, is no news"
        assert await work.inbox.holds("slack", "old", 1)


async def test_emptied_words_stand_nowhere_in_the_file(tmp_path: Path):
    file = tmp_path / "heard.db"
    address = f"sqlite+aiosqlite:///{file}"
    await asyncio.to_thread(upgrade, address)
    store = SqlStore(connect(address), LocalLive())
    await _came(store, "old", NOON)
    await Retention(store, lambda: NOON + KEEP * 2, KEEP).empty()
    await store.close()
    assert not _stands_in(tmp_path, b"burnt down")


def _stands_in(folder: Path, words: bytes) -> bool:
    return any(words in file.read_bytes() for file in folder.iterdir())


async def test_the_words_of_a_notice_are_gone_once_the_desk_has_it(store: SqlStore, database: str):
    briefing = Briefing("Ada Demo", "A parcel that is late", "where is it")
    async with store.work() as work:
        started = await work.conversations.start("visitor", "demo-ada", NOON)
        case = await work.cases.open(started.id, HandoffReason.ASKED, briefing, NOON, opened_seq=0)
        notice = Notice("Private note by Nia: be generous")
        await work.outbox.put(case.id, Delivery.NOTICE, NOON, notice=notice)
    async with store.work() as work:
        [entry] = await work.outbox.undone(case.id)
        assert entry.notice == notice
        await work.outbox.done(entry, NOON)
    engine = connect(database)
    async with transaction(engine, writes=False) as session:
        assert [row.notice for row in await session.scalars(select(OutboxRow))] == [None]
    await engine.dispose()
