"""One look for all open pages wakes those that lack something, and no others."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from conversation.messages import Author, Draft
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.case import Briefing, Case, Route
from handoff.promises.waits import Waits
from handoff.queue.groups import DeskRules, Group
from handoff.wakes import conversation_topic
from staff.account import Role
from store.live import LocalListener, LocalLive
from store.store import SqlStore
from tests.patience import PATIENT_S
from website.lookout import Lookout

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
RULES = DeskRules((Group("support", "Support"), Group("returns", "Returns")))


class Pages:
    """Customers with their pages open, in front of a lookout. `store` is another process's."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOON
        self.live = LocalLive()
        waits = Waits(RULES, lambda: self.now, timedelta())
        self.lookout = Lookout(store, self.live, waits, every_s=0.01)
        self.listeners: dict[str, LocalListener] = {}
        self.stack = AsyncExitStack()

    async def opens(self) -> str:
        """A page is opened with the assistant."""
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, NOON)
        listening = self.live.listen(conversation_topic(talk.id))
        self.listeners[talk.id] = await self.stack.enter_async_context(listening)
        return talk.id

    async def waits(self, group: str = "support") -> Case:
        """A page is opened whose customer waits for this group."""
        page = await self.opens()
        async with self.store.work() as work:
            await work.conversations.move(page, Responder.QUEUE, NOON)
            return await work.cases.open(
                page,
                HandoffReason.ASKED,
                Briefing("A visitor", "", ""),
                NOON,
                opened_seq=0,
                route=Route(group, NOON),
            )

    async def woken(self) -> set[str]:
        """Whom a look wakes."""
        await self.lookout.look()
        return {page for page, one in self.listeners.items() if await one.wait(0)}


@pytest.fixture
async def pages(store: SqlStore) -> AsyncIterator[Pages]:
    found = Pages(store)
    async with found.stack:
        yield found


def of(cases: Iterable[Case]) -> set[str]:
    return {case.conversation_id for case in cases}


async def test_a_new_page_is_woken_once(pages: Pages):
    page = await pages.opens()
    assert await pages.woken() == {page}
    assert await pages.woken() == set()


async def test_what_another_process_stored_is_told_to_its_page_alone(pages: Pages):
    page, _ = await pages.opens(), await pages.opens()
    await pages.woken()
    async with pages.store.work() as work:
        await work.conversations.append(page, Draft(Author.AGENT, "Hello"), NOON)
    assert await pages.woken() == {page}


async def test_who_moves_up_is_told_and_who_waits_for_others_is_not(pages: Pages):
    first, second, third = [await pages.waits() for _ in range(3)]
    returns = await pages.waits("returns")
    assert await pages.woken() == of([first, second, third, returns])
    async with pages.store.work() as work:
        agent = await work.accounts.save("ann@example.com", "Ann", [Role.AGENT], "-", NOON)
        assert await work.cases.claim(second.id, agent.id, NOON)
    assert await pages.woken() == of([second, third])


async def test_who_waits_is_told_when_all_of_the_group_go_away(pages: Pages):
    case, page = await pages.waits(), await pages.opens()
    async with pages.store.work() as work:
        agent = await work.accounts.save("ann@example.com", "Ann", [Role.AGENT], "-", NOON)
    assert await pages.woken() == {case.conversation_id, page}
    async with pages.store.work() as work:
        await work.presence.set_away(agent.id, NOON, None)
    assert await pages.woken() == of([case])


async def test_it_looks_by_itself_and_asks_nothing_while_no_page_is_open(pages: Pages):
    assert await pages.woken() == set()
    page = await pages.opens()
    looking = asyncio.create_task(pages.lookout.run())
    try:
        assert await pages.listeners[page].wait(PATIENT_S)
    finally:
        looking.cancel()
