"""What customers were promised is kept, or somebody is called; on either database."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from conversation.hours import Hours
from conversation.messages import Author, Draft
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.case import Briefing, Case, CaseStatus
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery, Notice
from handoff.promises.callbacks import Callbacks
from handoff.promises.sla import email_due_at
from handoff.promises.watch import Watch
from handoff.queue.groups import Assign, DeskRules, Goals, Group, Member
from handoff.queue.way import route_of
from staff.account import Role, Staff
from store.store import SqlStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GOALS = Goals(
    first_reply=8 * MINUTE,
    reply=20 * MINUTE,
    announce_again=5 * MINUTE,
    route_on=15 * MINUTE,
    callback=30 * MINUTE,
)
DAYS = Hours(ZoneInfo("UTC"), dict.fromkeys(range(7), ((time(9), time(17)),)))
PAYMENTS = Group(
    "payments", "Payments", topics=frozenset({"invoice"}), goals=GOALS, route_on="support"
)
SUPPORT = Group("support", "Support", channel="C2", goals=GOALS)
RULES = DeskRules((PAYMENTS, SUPPORT), away_release=30 * MINUTE)


class Floor:
    """A desk with a watch, and a clock that a test moves."""

    def __init__(self, store: SqlStore, rules: DeskRules = RULES) -> None:
        self.store = store
        self.now = NOON
        self.rules = rules
        self.casework = Casework(store, "browser", self.clock, None, rules)
        self.watch = Watch(store, self.casework, Callbacks(store, self.clock), rules, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def agent(self, name: str) -> Staff:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return await work.accounts.save(email, name, [Role.AGENT], "-", NOON)

    async def case(self, topic: str | None = None) -> Case:
        briefing = Briefing("Ada Demo", "", "", topic=topic)
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, self.now)
            await work.conversations.append(talk.id, Draft(Author.CUSTOMER, "hello"), self.now)
            await work.conversations.move(talk.id, Responder.QUEUE, self.now)
            route = await route_of(work, self.rules, briefing, self.now)
            return await work.cases.open(
                talk.id, HandoffReason.ASKED, briefing, self.now, opened_seq=1, route=route
            )

    async def customer_says(self, case: Case, text: str) -> None:
        async with self.store.work() as work:
            draft = Draft(Author.CUSTOMER, text)
            await work.conversations.append(case.conversation_id, draft, self.now)

    async def replies(self, case: Case, agent: Staff) -> None:
        await self.casework.reply(case.id, agent, "Hi", key=str(uuid4()), via="browser")

    async def minutes_pass(self, minutes: float) -> None:
        """Time goes on, and the watch looks twice: once more changes nothing."""
        self.now += minutes * MINUTE
        await self.watch.look()
        await self.watch.look()

    async def told(self, case: Case) -> list[Notice]:
        """What agents were told since the last time."""
        async with self.store.work() as work:
            undone = await work.outbox.undone(case.id)
            for entry in undone:
                await work.outbox.done(entry, self.now)
        return [entry.notice for entry in undone if entry.kind is Delivery.NOTICE]

    async def moved(self, case: Case) -> bool:
        async with self.store.read() as work:
            undone = await work.outbox.undone(case.id)
        return any(entry.kind is Delivery.MOVE_CASE for entry in undone)

    async def stands(self, case: Case) -> Case:
        async with self.store.read() as work:
            return await work.cases.get(case.id)

    async def customer_reads(self, case: Case) -> str:
        async with self.store.read() as work:
            return (await work.conversations.transcript(case.conversation_id))[-1].text


@pytest.fixture
def floor(store: SqlStore) -> Floor:
    return Floor(store)


async def test_what_is_due_in_a_moment_is_called_due_now(floor: Floor):
    ann, case = await floor.agent("Ann"), await floor.case()
    await floor.casework.claim(case.id, ann)
    await floor.minutes_pass(7.5)
    assert await floor.told(case) == [
        Notice("Ada Demo: a first answer is due now (promised 8 min).", ann.id)
    ]


async def test_the_owner_is_called_in_time_and_the_group_once_it_is_late(floor: Floor):
    ann, case = await floor.agent("Ann"), await floor.case()
    await floor.casework.claim(case.id, ann)
    await floor.minutes_pass(5.9)
    assert await floor.told(case) == []
    await floor.minutes_pass(0.1)
    assert await floor.told(case) == [
        Notice("Ada Demo: 2 min left for a first answer (promised 8 min).", ann.id)
    ]
    await floor.minutes_pass(2)
    assert await floor.told(case) == [
        Notice(
            "Ada Demo: 8 min without a first answer (promised 8 min). Ann has it.",
            group="support",
            aloud=True,
        )
    ]
    await floor.minutes_pass(60)
    assert await floor.told(case) == []


async def test_a_later_message_has_a_promise_of_its_own(floor: Floor):
    ann, case = await floor.agent("Ann"), await floor.case()
    await floor.replies(case, ann)
    await floor.minutes_pass(60)
    assert await floor.told(case) == [], "all is answered"
    await floor.customer_says(case, "and now?")
    await floor.minutes_pass(10)
    await floor.customer_says(case, "hello?")
    await floor.minutes_pass(5)
    (warned,) = await floor.told(case)
    assert warned.text == "Ada Demo: 5 min left for an answer (promised 20 min)."
    await floor.replies(case, ann)
    await floor.minutes_pass(60)
    assert await floor.told(case) == []


async def test_nobody_is_called_about_a_case_that_rests(floor: Floor):
    ann, case = await floor.agent("Ann"), await floor.case()
    await floor.replies(case, ann)
    await floor.customer_says(case, "take your time")
    await floor.casework.snooze(case.id, ann, floor.now + 60 * MINUTE)
    await floor.minutes_pass(59)
    assert await floor.told(case) == []
    await floor.minutes_pass(1)
    assert [notice.aloud for notice in await floor.told(case)] == [True]


async def test_what_nobody_claims_is_announced_goes_on_and_is_called_back(floor: Floor):
    case = await floor.case("invoice")
    ann = await floor.agent("Ann")
    await floor.minutes_pass(5)
    (again,) = await floor.told(case)
    assert again == Notice(
        "Ada Demo: 5 min in the queue, nobody has claimed it. "
        "Reply in its thread, or claim it on its card.",
        agent_id=ann.id,
        aloud=True,
    )
    await floor.minutes_pass(3)
    (breach,) = await floor.told(case)
    assert (breach.group, breach.aloud) == ("payments", True)
    await floor.minutes_pass(7)
    assert await floor.moved(case)
    assert await floor.told(case) == [
        Notice("Nobody of Payments has claimed the case of Ada Demo.", group="support")
    ]
    assert (await floor.stands(case)).route.group == "support"
    await floor.minutes_pass(5)
    assert len(await floor.told(case)) == 1, "announced again where it is now"
    await floor.minutes_pass(10)
    assert await floor.told(case) == [], "nobody is left to route it on to"
    await floor.minutes_pass(15)
    assert (await floor.told(case))[0].text == (
        "Nobody has claimed this case, and the customer was asked for an e-mail address."
    )
    assert "Leave an e-mail address" in await floor.customer_reads(case)


async def test_agents_read_what_the_customer_was_told_where_no_e_mail_can_be_sent(floor: Floor):
    callbacks = Callbacks(floor.store, floor.clock, by_email=False)
    floor.watch = Watch(floor.store, floor.casework, callbacks, floor.rules, floor.clock)
    case = await floor.case()
    await floor.minutes_pass(29)
    await floor.told(case)
    await floor.minutes_pass(1)
    assert [notice.text for notice in await floor.told(case)] == [
        "Nobody has claimed this case. The customer was told that nobody can answer at the "
        "moment, and that the answer comes in the chat."
    ]
    assert (await floor.customer_reads(case)).endswith("and the answer comes here.")


async def test_who_left_an_address_is_promised_an_answer_there(floor: Floor):
    case = await floor.case()
    async with floor.store.work() as work:
        await work.conversations.leave_email(case.conversation_id, "ada@example.org")
    await floor.minutes_pass(30)
    assert (await floor.stands(case)).status is CaseStatus.CALLBACK
    await floor.told(case)
    await floor.minutes_pass(239)
    assert await floor.told(case) == []
    await floor.minutes_pass(1)
    [reminder] = await floor.told(case)
    assert reminder.text == (
        "Ada Demo: no answer by e-mail yet (promised 4 h). The case is nobody's: what is replied "
        "here goes there."
    )
    assert (reminder.group, reminder.aloud, reminder.agent_id) == ("support", True, None)
    await floor.minutes_pass(1000)
    assert await floor.told(case) == []


async def test_who_has_a_case_that_is_answered_by_e_mail_is_reminded_once(floor: Floor):
    nia, case = await floor.agent("Nia"), await floor.case()
    async with floor.store.work() as work:
        await work.conversations.leave_email(case.conversation_id, "ada@example.org")
    await floor.minutes_pass(30)
    await floor.casework.claim(case.id, nia)
    await floor.told(case)
    await floor.minutes_pass(240)
    [reminder] = await floor.told(case)
    assert (reminder.agent_id, reminder.group, reminder.aloud) == (nia.id, None, False)
    await floor.replies(case, nia)
    await floor.minutes_pass(1000)
    assert await floor.told(case) == [], "she has answered"
    await floor.customer_says(case, "and my refund?")
    await floor.minutes_pass(240)
    assert len(await floor.told(case)) == 1


async def test_an_answer_by_e_mail_is_due_in_the_time_that_people_are_there(store: SqlStore):
    goals = Goals(callback=1 * MINUTE, by_email=4 * 60 * MINUTE)
    group = Group("support", "Support", hours=DAYS, goals=goals)
    floor = Floor(store, DeskRules((group,)))
    floor.now = NOON.replace(hour=16)
    case = await floor.case()
    async with store.work() as work:
        await work.conversations.leave_email(case.conversation_id, "ada@example.org")
    await floor.minutes_pass(1)
    promised = await floor.stands(case)
    assert email_due_at(promised, group) == NOON.replace(day=5, hour=12, minute=1)
    await floor.told(case)
    await floor.minutes_pass(19 * 60 + 59)
    assert await floor.told(case) == []
    await floor.minutes_pass(1)
    assert len(await floor.told(case)) == 1


async def test_time_stands_still_while_the_group_is_closed(store: SqlStore):
    floor = Floor(store, DeskRules((Group("support", "Support", hours=DAYS, goals=GOALS),)))
    floor.now = NOON.replace(hour=16, minute=57)
    case = await floor.case()
    await floor.minutes_pass(16 * 60)
    assert await floor.told(case) == []
    floor.now = NOON.replace(day=5, hour=9, minute=2)
    await floor.minutes_pass(0)
    assert [notice.text.split(",")[0] for notice in await floor.told(case)] == [
        "Ada Demo: 5 min in the queue"
    ]


async def test_a_group_that_closes_leaves_its_cases_to_one_that_is_open(store: SqlStore):
    day = Group("day", "Day", hours=DAYS, goals=GOALS, route_on="night")
    floor = Floor(store, DeskRules((day, Group("night", "Night", goals=GOALS))))
    floor.now = NOON.replace(hour=16, minute=59)
    case = await floor.case()
    assert case.route.group == "day"
    await floor.minutes_pass(1)
    assert (await floor.stands(case)).route.group == "night"
    assert await floor.told(case) == [
        Notice("Nobody of Day has claimed the case of Ada Demo.", group="night", aloud=True)
    ]


async def test_a_case_whose_owner_stays_away_goes_back_and_is_announced(floor: Floor):
    ann, ben, case = await floor.agent("Ann"), await floor.agent("Ben"), await floor.case()
    await floor.replies(case, ann)
    async with floor.store.work() as work:
        await work.presence.set_away(ann.id, floor.now, None)
    await floor.minutes_pass(29)
    assert (await floor.stands(case)).agent_id == ann.id
    await floor.minutes_pass(1)
    assert (await floor.stands(case)).status is CaseStatus.WAITING
    assert await floor.told(case) == [
        Notice(
            "Ann is away: Ada Demo waits for somebody else. Reply in the thread of the case, or "
            "claim it on its card.",
            agent_id=ben.id,
            aloud=True,
        )
    ]


async def test_a_case_of_an_account_that_is_gone_goes_back_at_once(floor: Floor):
    ann, ben = await floor.agent("Ann"), await floor.agent("Ben")
    first, second = await floor.case(), await floor.case()
    for case, agent in ((first, ann), (second, ben)):
        await floor.replies(case, agent)
    async with floor.store.work() as work:
        await work.presence.set_gone(ann.id, floor.now)
        await work.accounts.save(ben.email, "Ben", [Role.LEAD], "-", floor.now)
    await floor.minutes_pass(0)
    assert (await floor.stands(first)).agent_id is None
    assert (await floor.stands(second)).agent_id is None, "no agent any more"


async def test_a_group_may_make_the_found_agent_the_owner(store: SqlStore):
    rules = DeskRules(
        (Group("support", "Support", goals=GOALS, assign=Assign.AUTOMATIC),),
        members={"ann@example.com": Member(capacity=1)},
    )
    floor = Floor(store, rules)
    ann = await floor.agent("Ann")
    first, second = await floor.case(), await floor.case()
    await floor.minutes_pass(0)
    assert (await floor.stands(first)).agent_id == ann.id
    assert await floor.told(first) == [
        Notice("This case is yours: Ada Demo waits for your first answer.", agent_id=ann.id)
    ]
    assert await floor.customer_reads(first) == "Your chat was passed on to Ann."
    assert (await floor.stands(second)).agent_id is None, "there is no room for it"


async def test_what_agents_were_told_stands_among_the_notes(floor: Floor):
    case = await floor.case()
    await floor.minutes_pass(5)
    async with floor.store.read() as work:
        (note,) = await work.cases.notes(case.id)
    assert note.author == "Heard"
    assert note.text.startswith("Ada Demo: 5 min in the queue")


async def test_one_process_watches_for_all_until_it_stops(store: SqlStore):
    async with store.work() as work:
        assert await work.duties.take("watch", "one", NOON, NOON + MINUTE)
        assert await work.duties.take("watch", "one", NOON, NOON + 2 * MINUTE)
        assert not await work.duties.take("watch", "two", NOON + MINUTE, NOON + 3 * MINUTE)
        assert await work.duties.take("watch", "two", NOON + 2 * MINUTE, NOON + 3 * MINUTE)
        assert not await work.duties.take("watch", "one", NOON + 2 * MINUTE, NOON + 9 * MINUTE)
