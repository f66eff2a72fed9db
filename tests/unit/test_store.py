"""The store keeps the guarantees, on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from conversation.conversation import UnknownConversation
from conversation.messages import Author, Button, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.shop import Refused
from handoff.case import Briefing, Case, CaseStatus
from handoff.delivery.boxes import Delivery, Entry
from heard.settings import ROOT
from staff.account import Role
from store.demo import load_demo_shop
from store.migrate import config, upgrade
from store.shop import SqlShop
from store.store import SqlStore, SqlWork

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PARKED_FOR = timedelta(minutes=5)
LATER = NOON + PARKED_FOR
BRIEFING = Briefing("Ada Demo", "A parcel that is late", "where is it", facts=(("Tier", "gold"),))


async def conversation(store: SqlStore) -> str:
    async with store.work() as work:
        return (await work.conversations.start("visitor", "demo-ada", NOON)).id


async def opened(store: SqlStore) -> Case:
    started = await conversation(store)
    async with store.work() as work:
        return await work.cases.open(started, HandoffReason.ASKED, BRIEFING, NOON, opened_seq=0)


async def agent(store: SqlStore, name: str) -> str:
    async with store.work() as work:
        email = f"{name}@example.com"
        return (await work.accounts.save(email, name, [Role.AGENT], "-", NOON)).id


def test_the_migrations_make_exactly_the_tables(database: str):
    upgrade(database)
    command.check(config(database))
    command.downgrade(config(database), "base")
    upgrade(database)


async def test_messages_are_numbered_without_gaps_however_many_write_at_once(store: SqlStore):
    started = await conversation(store)

    async def say(number: int) -> None:
        async with store.work() as work:
            draft = Draft(Author.CUSTOMER, f"line {number}", client_id=str(number))
            await work.conversations.append(started, draft, NOON)

    await asyncio.gather(*(say(number) for number in range(20)))
    async with store.read() as work:
        transcript = await work.conversations.transcript(started)
    assert [message.seq for message in transcript] == list(range(1, 21))
    assert len({message.text for message in transcript}) == 20


async def test_the_same_client_id_is_the_same_message(store: SqlStore):
    started = await conversation(store)
    draft = Draft(Author.BOT, "hello", client_id="c1", buttons=(Button("Yes", "yes"),))
    async with store.work() as work:
        first = await work.conversations.append(started, draft, NOON)
    async with store.work() as work:
        again = await work.conversations.append(
            started, Draft(Author.BOT, "x", client_id="c1"), NOON
        )
    assert again == first
    assert first.at == NOON
    assert first.at.tzinfo is not None


async def test_an_exception_leaves_nothing_behind(store: SqlStore):
    started = await conversation(store)
    with pytest.raises(RuntimeError):
        async with store.work() as work:
            await work.conversations.append(started, Draft(Author.BOT, "half"), NOON)
            raise RuntimeError
    async with store.read() as work:
        assert await work.conversations.transcript(started) == []


async def test_an_unknown_conversation_is_named(store: SqlStore):
    async with store.read() as work:
        with pytest.raises(UnknownConversation, match="nowhere"):
            await work.conversations.get("nowhere")


async def test_of_many_claims_at_once_one_wins(store: SqlStore):
    case = await opened(store)
    agents = [await agent(store, name) for name in ("ann", "bob", "cid", "dot")]

    async def claim(agent_id: str) -> bool:
        async with store.work() as work:
            return await work.cases.claim(case.id, agent_id, NOON)

    won = await asyncio.gather(*(claim(one) for one in agents))
    assert sum(won) == 1
    async with store.read() as work:
        claimed = await work.cases.get(case.id)
    assert claimed.agent_id == agents[won.index(True)]
    assert claimed.status is CaseStatus.CLAIMED
    assert claimed.briefing == BRIEFING


async def test_the_queue_counts_who_came_before(store: SqlStore):
    first, second = await opened(store), await opened(store)
    async with store.work() as work:
        assert await work.cases.ahead_of(second) == 1
        await work.cases.end(first.id, CaseStatus.WITHDRAWN, NOON)
        assert await work.cases.ahead_of(second) == 0
        assert [case.id for case in await work.cases.listed(open_only=True)] == [second.id]
        assert len(await work.cases.listed(open_only=False)) == 2


async def test_deliveries_of_a_case_go_out_in_order_and_cases_do_not_wait_for_each_other(
    store: SqlStore,
):
    one, other = await opened(store), await opened(store)
    async with store.work() as work:
        await work.outbox.put(one.id, Delivery.OPEN_CASE, NOON)
        await work.outbox.put(one.id, Delivery.RELAY, NOON, seq=1)
        await work.outbox.put(other.id, Delivery.OPEN_CASE, NOON)
    async with store.work() as work:
        heads = await work.outbox.due(NOON)
        assert [(head.case_id, head.kind) for head in heads] == [
            (one.id, Delivery.OPEN_CASE),
            (other.id, Delivery.OPEN_CASE),
        ]
        await work.outbox.begin(heads[0], NOON)
        await work.outbox.postpone(heads[0], NOON + timedelta(seconds=9), "busy")
        assert [head.case_id for head in await work.outbox.due(NOON)] == [other.id]
        later = await work.outbox.due(NOON + timedelta(seconds=9))
        assert later[0].attempts == 1
        await work.outbox.done(later[0], NOON)
        assert (await work.outbox.due(NOON))[0].seq == 1


async def test_what_holds_back_its_case_does_so_and_what_is_passed_over_does_not(store: SqlStore):
    one, other = await opened(store), await opened(store)
    async with store.work() as work:
        for case in (one, other):
            await work.outbox.put(case.id, Delivery.OPEN_CASE, NOON)
            await work.outbox.put(case.id, Delivery.RELAY, NOON, seq=1)
            await work.outbox.put(case.id, Delivery.RELAY, NOON, seq=2)
        first, second = await work.outbox.due(NOON)
        await park(work, first, NOON, holds=True)
        await work.outbox.done(second, NOON)
        line = (await work.outbox.due(NOON))[0]
        await park(work, line, NOON)
        assert [(head.case_id, head.seq) for head in await work.outbox.due(NOON)] == [(other.id, 2)]
        assert await work.outbox.parked() == 2
        assert await work.outbox.due(LATER) == [
            replace(first, attempts=1),
            replace(line, attempts=1),
        ]


async def test_parked_lines_come_up_together_and_in_order(store: SqlStore):
    case = await opened(store)
    async with store.work() as work:
        for seq in (1, 2, 3):
            await work.outbox.put(case.id, Delivery.RELAY, NOON, seq=seq)
        for seconds in (0, 60):
            moment = NOON + timedelta(seconds=seconds)
            await park(work, (await work.outbox.due(moment))[0], moment)
        await work.outbox.done((await work.outbox.due(NOON))[0], NOON)
        assert await work.outbox.next_at() == LATER
        [one] = await work.outbox.due(LATER)
        assert one.seq == 1
        await work.outbox.begin(one, LATER + timedelta(seconds=15))
        assert await work.outbox.due(LATER) == []
        await work.outbox.park(one, LATER, LATER + PARKED_FOR, "still gone", holds=False)
        assert [entry.seq for entry in await work.outbox.due(LATER)] == [2]


async def test_a_delivery_is_claimed_once_until_its_lease_ends(store: SqlStore):
    case, until = await opened(store), NOON + timedelta(seconds=15)
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.OPEN_CASE, NOON)
        [entry] = await work.outbox.due(NOON)

    async def claim() -> bool:
        async with store.work() as work:
            return await work.outbox.begin(entry, until)

    assert sorted(await asyncio.gather(*(claim() for _ in range(4)))) == [False] * 3 + [True]
    async with store.work() as work:
        assert await work.outbox.due(NOON) == []
        [again] = await work.outbox.due(until)
        await work.outbox.begin(again, until + timedelta(seconds=15))
        await work.outbox.postpone(entry, NOON, "from who lost the claim")
        assert await work.outbox.due(until) == []


async def park(work: SqlWork, entry: Entry, now: datetime, *, holds: bool = False) -> None:
    await work.outbox.begin(entry, now + timedelta(seconds=15))
    await work.outbox.park(entry, now, now + PARKED_FOR, "no such channel", holds=holds)


async def test_what_came_in_is_stored_once_and_worked_off_in_order(store: SqlStore):
    async with store.work() as work:
        assert await work.inbox.put("slack", "e1", {"a": "b"}, b"one", NOON, thread="t1")
        assert await work.inbox.put("slack", "e2", {}, b"two", NOON, thread="t1")
    async with store.work() as work:
        assert not await work.inbox.put("slack", "e1", {}, b"one", NOON, thread="t1")
        first = await work.inbox.next("slack", NOON)
        assert first is not None
        assert (first.body, first.headers) == (b"one", {"a": "b"})
        await work.inbox.done(first, NOON)
        second = await work.inbox.next("slack", NOON)
        assert second is not None
        assert second.body == b"two"


async def test_a_request_is_claimed_once_and_only_its_own_thread_waits_for_it(store: SqlStore):
    until = NOON + timedelta(seconds=15)
    async with store.work() as work:
        for thread, body in (("t1", b"one"), ("t1", b"two"), ("t2", b"other")):
            await work.inbox.put("slack", body.decode(), {}, body, NOON, thread=thread)
        first = await work.inbox.next("slack", NOON)
        assert first is not None

    async def claim() -> bool:
        async with store.work() as work:
            return await work.inbox.begin(first, until)

    assert sorted(await asyncio.gather(*(claim() for _ in range(4)))) == [False] * 3 + [True]
    async with store.work() as work:
        other = await work.inbox.next("slack", NOON)
        assert other is not None
        assert other.body == b"other"
        await work.inbox.done(other, NOON)
        assert await work.inbox.next("slack", NOON) is None
        assert await work.inbox.next_at("slack") == until
        assert await work.inbox.next("slack", until) == replace(first, attempts=1)


async def test_a_closed_conversation_that_goes_on_is_open_again(store: SqlStore):
    started = await conversation(store)
    async with store.work() as work:
        await work.conversations.close(started, Outcome.AGENT, NOON)
        later = NOON + timedelta(hours=1)
        await work.conversations.move(started, Responder.BOT, later)
        again = await work.conversations.get(started)
    assert (again.outcome, again.closed_at, again.began_anew_at) == (None, None, later)


async def test_a_task_of_the_shop_happens_once_per_message(store: SqlStore):
    await load_demo_shop(store, ROOT / "data" / "demo" / "shop.json", NOON.date())
    shop = SqlShop(store, lambda: NOON)
    receipts = await asyncio.gather(*(shop.cancel("demo-finn", "1007", key="m1") for _ in range(5)))
    assert {receipt.fact for receipt in receipts} == {"Order 1007 is cancelled."}
    with pytest.raises(Refused, match=r"can no longer be cancelled: it is cancelled\."):
        await shop.cancel("demo-finn", "1007", key="m2")


@pytest.mark.parametrize("customer", ["demo-ada", "nobody"])
async def test_somebody_elses_order_looks_like_none(store: SqlStore, customer: str):
    await load_demo_shop(store, ROOT / "data" / "demo" / "shop.json", NOON.date())
    with pytest.raises(Refused, match=r"There is no order 1007 in your account\."):
        await SqlShop(store, lambda: NOON).cancel(customer, "1007", key="m1")


async def test_the_demo_shop_is_loaded_once_and_has_every_kind_of_order(store: SqlStore):
    path = ROOT / "data" / "demo" / "shop.json"
    assert await load_demo_shop(store, path, NOON.date()) >= 12
    assert await load_demo_shop(store, path, NOON.date()) == 0
    async with store.read() as work:
        customers = await work.shop.customers()
        orders = [order for one in customers for order in await work.shop.orders_of(one.id)]
    assert len({customer.tier for customer in customers}) >= 3
    assert len({customer.language for customer in customers}) >= 4
    assert len({order.state for order in orders}) == 9
    assert any(order.days_late(NOON.date()) for order in orders)


async def test_broken_demo_data_is_named(store: SqlStore, tmp_path: Path):
    broken = tmp_path / "shop.json"
    broken.write_text('{"customers": [{}]}')
    with pytest.raises(ValueError, match=r"shop\.json cannot be used"):
        await load_demo_shop(store, broken, NOON.date())
