"""What happens at the same moment: pages that go away, agents and customers who write together."""

import asyncio
import random
import sqlite3
from datetime import timedelta
from pathlib import Path

from conversation.clock import utc_now
from conversation.messages import Author, Draft, Message
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.briefing.briefing import Briefer
from handoff.case import AlreadyClaimed, CaseError
from handoff.casework.verbs import Casework
from handoff.handoffs import Handoffs
from staff.account import Role, Staff
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.door import ScriptedBot
from tests.patience import PATIENT_S
from website.idle import Idle
from website.turn import Turns


class Shop:
    """The parts that meet in a race, on one store."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        briefer = Briefer(SqlDirectory(store), SqlShop(store, utc_now), PATIENT_S)
        self.handoffs = Handoffs(store, briefer, utc_now)
        self.bot = ScriptedBot()
        self.turns = Turns(store, self.bot, self.handoffs, utc_now)
        self.casework = Casework(store, "slack", utc_now)

    async def conversation(self) -> str:
        async with self.store.work() as work:
            return (await work.conversations.start("visitor", None, utc_now())).id

    async def agent(self, name: str) -> Staff:
        async with self.store.work() as work:
            email = f"{name}@example.com"
            return await work.accounts.save(email, name, [Role.AGENT], "-", utc_now())

    async def transcript(self, conversation: str) -> list[Message]:
        async with self.store.read() as work:
            return list(await work.conversations.transcript(conversation))

    async def settled(self, conversation: str) -> None:
        async with asyncio.timeout(20):
            while True:
                async with self.store.read() as work:
                    if await work.conversations.unanswered(conversation) is None:
                        return
                await asyncio.sleep(0.02)


async def test_a_cancelled_transaction_lets_go_of_the_database(tmp_path: Path):
    path = tmp_path / "test.db"
    url = f"sqlite+aiosqlite:///{path}"
    await asyncio.to_thread(upgrade, url)
    store = SqlStore(connect(url), LocalLive())
    started = await Shop(store).conversation()
    chance = random.Random(7)

    async def write(number: int) -> None:
        async with store.work() as work:
            draft = Draft(Author.CUSTOMER, "hello", client_id=str(number))
            await work.conversations.append(started, draft, utc_now())

    for number in range(60):
        writing = asyncio.create_task(write(number))
        await asyncio.sleep(chance.uniform(0.001, 0.008))
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        del writing
        await asyncio.sleep(0.02)
        assert await asyncio.to_thread(_free, path), f"locked after cancellation {number}"
    await store.close()


def _free(path: Path) -> bool:
    probe = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        probe.close()
    return True


async def test_a_page_that_goes_away_in_the_middle_is_answered_all_the_same(store: SqlStore):
    shop = Shop(store)
    running = asyncio.create_task(shop.turns.run())
    chance = random.Random(7)
    conversations = [await shop.conversation() for _ in range(20)]
    for conversation in conversations:
        receiving = asyncio.create_task(shop.turns.receive(conversation, "hi", "c1"))
        await asyncio.sleep(chance.uniform(0, 0.02))
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
        await shop.turns.receive(conversation, "hi", "c1")
    for conversation in conversations:
        await shop.settled(conversation)
        texts = [message.text for message in await shop.transcript(conversation)]
        assert texts == ["hi", "You wrote: hi"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_waits_behind_a_turn_that_closes_is_answered(store: SqlStore):
    shop = Shop(store)
    conversation = await shop.conversation()
    shop.bot.gate.clear()
    await shop.turns.receive(conversation, "yes, solved", "c1")
    await shop.turns.receive(conversation, "wait, one more thing", "c2")
    async with store.work() as work:
        await work.conversations.close(conversation, Outcome.BOT_CONFIRMED, utc_now())
    shop.bot.gate.set()
    running = asyncio.create_task(shop.turns.run())
    await shop.settled(conversation)
    assert "You wrote: wait, one more thing" in [
        message.text for message in await shop.transcript(conversation)
    ]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_customer_and_agents_may_write_at_the_same_moment(store: SqlStore):
    shop = Shop(store)
    conversation = await shop.conversation()
    case = await shop.handoffs.request(conversation, HandoffReason.ASKED)
    ann, bob = await shop.agent("ann"), await shop.agent("bob")

    async def of(agent: Staff, number: int) -> None:
        await shop.casework.reply(
            case.id, agent, f"{agent.name} {number}", key=str(number), via="x"
        )

    await asyncio.gather(
        *(shop.turns.receive(conversation, f"customer {n}", f"c{n}") for n in range(8)),
        *(of(ann, n) for n in range(8)),
        *(of(bob, n + 8) for n in range(8)),
        shop.handoffs.request(conversation, HandoffReason.EFFORT),
    )
    said = [m for m in await shop.transcript(conversation) if m.author is not Author.SYSTEM]
    assert len(said) == 1 + 24
    assert [m.seq for m in await shop.transcript(conversation)] == list(range(1, 27))


async def test_who_loses_a_claim_is_told_who_won(store: SqlStore):
    shop = Shop(store)
    case = await shop.handoffs.request(await shop.conversation(), HandoffReason.ASKED)
    agents = [await shop.agent(name) for name in ("ann", "bob", "cid")]
    results = await asyncio.gather(
        *(shop.casework.claim(case.id, agent) for agent in agents), return_exceptions=True
    )
    lost = [result for result in results if isinstance(result, AlreadyClaimed)]
    (won,) = (result for result in results if not isinstance(result, BaseException))
    assert len(lost) == 2
    assert {str(one) for one in lost} == {f"{won.agent} has already claimed this case."}


async def test_leaving_the_queue_and_being_claimed_leave_one_truth(store: SqlStore):
    shop = Shop(store)
    for number in range(6):
        conversation = await shop.conversation()
        case = await shop.handoffs.request(conversation, HandoffReason.ASKED)
        agent = await shop.agent(f"agent{number}")
        left, claimed = await asyncio.gather(
            shop.handoffs.leave_queue(conversation),
            shop.casework.claim(case.id, agent),
            return_exceptions=True,
        )
        async with store.read() as work:
            responder = (await work.conversations.get(conversation)).responder
        if left is True:
            assert isinstance(claimed, CaseError)
            assert responder is Responder.BOT
        else:
            assert responder is Responder.AGENT


async def test_the_same_reply_again_changes_nothing_also_after_the_end(store: SqlStore):
    shop = Shop(store)
    conversation = await shop.conversation()
    case = await shop.handoffs.request(conversation, HandoffReason.ASKED)
    ann = await shop.agent("ann")
    first = await shop.casework.reply(case.id, ann, "hello", key="k1", via="browser")
    async with store.read() as work:
        waiting = len(await work.outbox.undone(case.id))
    assert await shop.casework.reply(case.id, ann, "hello", key="k1", via="browser") == first
    async with store.read() as work:
        assert len(await work.outbox.undone(case.id)) == waiting
    await shop.casework.resolve(case.id, ann)
    assert await shop.casework.reply(case.id, ann, "hello", key="k1", via="browser") == first


async def test_every_contact_is_asked_for_its_own_rating(store: SqlStore):
    shop = Shop(store)
    conversation = await shop.conversation()
    ann = await shop.agent("ann")
    for rating in (7, 2):
        case = await shop.handoffs.request(conversation, HandoffReason.ASKED)
        await shop.casework.resolve(case.id, ann)
        async with store.work() as work:
            assert await work.surveys.rate(conversation, rating, utc_now())
    async with store.read() as work:
        assert [one.score for one in await work.surveys.of(conversation)] == [7, 2]


async def test_what_has_just_come_back_to_the_bot_is_not_closed_as_silent(store: SqlStore):
    shop = Shop(store)
    conversation = await shop.conversation()
    async with store.work() as work:
        long_ago = utc_now() - timedelta(hours=3)
        await work.conversations.append(conversation, Draft(Author.CUSTOMER, "hi"), long_ago)
    idle = Idle(store, utc_now, timedelta(hours=1))
    case = await shop.handoffs.request(conversation, HandoffReason.ASKED)
    await shop.casework.hand_back(case.id, await shop.agent("ann"), "done")
    assert await idle.close_silent() == 0
    later = Idle(store, lambda: utc_now() + timedelta(hours=2), timedelta(hours=1))
    assert await later.close_silent() == 1
    async with store.read() as work:
        assert (await work.conversations.get(conversation)).outcome is Outcome.ABANDONED_BOT
