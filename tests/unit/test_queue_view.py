"""What an agent sees of the queue, and the day in figures; on either database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from conversation.messages import Author, Draft
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.case import Briefing, Case, CaseStatus
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.queue.figures import Today
from handoff.queue.groups import DeskRules, Goals, Group, Member
from handoff.queue.view import QueueView
from handoff.queue.way import route_of
from staff.account import Role, Staff
from store.store import SqlStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAYMENTS = Group("payments", "Payments", topics=frozenset({"invoice"}))
SUPPORT = Group("support", "Support", goals=Goals(first_reply=10 * MINUTE))
RULES = DeskRules((PAYMENTS, SUPPORT), members={"ben@example.com": Member(frozenset({"support"}))})


class Office:
    """A desk whose clock a test moves."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOON
        self.casework = Casework(store, "browser", lambda: self.now, None, RULES)
        self.view = QueueView(store, RULES, lambda: self.now)

    async def agent(self, name: str) -> Staff:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return await work.accounts.save(email, name, [Role.AGENT], "-", NOON)

    async def case(self, topic: str | None = None, quote: str = "") -> Case:
        briefing = Briefing("A visitor", "", quote, topic=topic)
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, self.now)
            await work.conversations.append(talk.id, Draft(Author.CUSTOMER, "hello"), self.now)
            route = await route_of(work, RULES, briefing, self.now)
            await work.conversations.move(talk.id, Responder.QUEUE, self.now)
            return await work.cases.open(
                talk.id, HandoffReason.ASKED, briefing, self.now, opened_seq=1, route=route
            )

    async def answers(self, case: Case, agent: Staff) -> None:
        await self.casework.reply(case.id, agent, "Hi", key=str(uuid4()), via="browser")

    async def deliveries(self, case: Case) -> list[Delivery]:
        async with self.store.read() as work:
            return [entry.kind for entry in await work.outbox.undone(case.id)]


@pytest.fixture
def office(store: SqlStore) -> Office:
    return Office(store)


def ids(*cases: Case) -> list[int]:
    return [case.number for case in cases]


async def test_no_case_stands_in_two_parts_of_the_queue(office: Office):
    ann, ben = await office.agent("Ann"), await office.agent("Ben")
    answered, asked, rests, others = [await office.case() for _ in range(4)]
    invoice, waits = await office.case("invoice"), await office.case()
    await office.answers(answered, ann)
    for case in (asked, rests):
        await office.casework.claim(case.id, ann)
    await office.casework.snooze(rests.id, ann, office.now + MINUTE)
    await office.casework.claim(others.id, ben)
    seen = await office.view.of(ann)
    assert ids(*seen.mine) == ids(asked)
    assert ids(*seen.waiting_for_customer) == ids(answered, rests)
    assert ids(*seen.unclaimed) == ids(invoice, waits)
    assert ids(*(await office.view.of(ben)).unclaimed) == ids(waits)
    office.now += MINUTE
    assert ids(*(await office.view.of(ann)).mine) == ids(asked, rests)


async def test_the_figures_are_of_the_day_and_of_nothing_else(office: Office):
    ann = await office.agent("Ann")
    office.now = NOON - timedelta(days=1)
    old = await office.case()
    office.now = NOON
    quick, slow, waits, late = [await office.case() for _ in range(4)]
    office.now += 4 * MINUTE
    await office.answers(quick, ann)
    office.now += 8 * MINUTE
    await office.answers(slow, ann)
    recent = await office.case()
    for case in (quick, old):
        await office.casework.resolve(case.id, ann)
    assert await office.view.today() == Today(5, 2, 8 * 60.0, 3), ids(waits, late, recent)
    office.now += timedelta(days=1)
    assert await office.view.today() == Today(0, 0, None, 0)


async def test_the_suggested_agent_has_the_least_to_do(office: Office):
    ann, ben = await office.agent("Ann"), await office.agent("Ben")
    first = await office.case()
    assert first.route.suggested == "Ann"
    await office.casework.claim(first.id, ann)
    assert (await office.case()).route.suggested_id == ben.id
    assert (await office.case("invoice")).route.suggested == "Ann"


async def test_a_place_in_the_queue_is_one_in_the_groups_own(office: Office):
    first, invoice, second = await office.case(), await office.case("invoice"), await office.case()
    assert [case.route.place for case in (first, invoice, second)] == [1, 1, 2]
    async with office.store.read() as work:
        assert await work.cases.ahead_of(second) == 1
        assert await work.cases.ahead_of(invoice) == 0


async def test_a_case_is_passed_on_to_a_group_with_a_note(office: Office):
    ann = await office.agent("Ann")
    case = await office.case()
    await office.casework.claim(case.id, ann)
    office.now += MINUTE
    passed = await office.casework.pass_on(case.id, ann, PAYMENTS, "She wants the invoice")
    assert (passed.status, passed.agent_id) == (CaseStatus.WAITING, None)
    assert (passed.route.group, passed.route.since) == ("payments", office.now)
    assert passed.route.reply_due_at == NOON + 10 * MINUTE, "what was promised stays"
    async with office.store.read() as work:
        (note,) = await work.cases.notes(case.id)
        last = (await work.conversations.transcript(case.conversation_id))[-1]
    assert (note.author, note.text) == ("Ann", "For Payments: She wants the invoice")
    assert last.text == "Ann has left the chat. A colleague takes over."
    assert Delivery.MOVE_CASE in await office.deliveries(case)
    before = await office.deliveries(case)
    await office.casework.pass_on(case.id, ann, PAYMENTS)
    assert await office.deliveries(case) == before, "it is there already"


async def test_a_released_case_waits_anew_with_its_own_group(office: Office):
    ann = await office.agent("Ann")
    case = await office.case("invoice")
    await office.casework.claim(case.id, ann)
    office.now += MINUTE
    released = await office.casework.release(case.id, ann)
    assert (released.route.group, released.route.since) == ("payments", office.now)


async def test_the_queue_shows_no_card_number(office: Office):
    await office.case(quote="pay it back to 4111 1111 1111 1111")
    [case] = (await office.view.of(await office.agent("Ben"))).unclaimed
    assert case.briefing.quote == "pay it back to [CARD_1]"
