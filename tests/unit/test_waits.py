"""A customer in the queue is told a wait that recent claims bear out, or none."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from conversation.hours import Hours
from conversation.reasons import HandoffReason
from conversation.waits import Expected, Waited, expected
from handoff.case import Briefing, Case, Route
from handoff.promises.waits import Wait, Waits
from handoff.queue.groups import DeskRules, Group, Member
from staff.account import Role
from store.store import SqlStore
from tests.unit.staff_site import staff_site

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAYS = Hours(ZoneInfo("UTC"), dict.fromkeys(range(7), ((time(9), time(17)),)))
OFFICE = Group("office", "Office", topics=frozenset({"invoice"}), hours=DAYS)
RULES = DeskRules(
    (OFFICE, Group("support", "Support")),
    members={"ben@example.com": Member(frozenset({"office"}))},
)


def waits(*minutes: float, place: int = 1) -> list[Waited]:
    return [Waited(one * MINUTE, place) for one in minutes]


def test_fewer_than_five_claims_promise_nothing():
    assert expected(waits(1, 2, 3, 4), 1) is None
    assert expected(waits(1, 2, 3, 4, 5), 1) == Expected(3 * MINUTE, 4 * MINUTE)


def test_the_further_back_the_longer_it_takes():
    assert expected(waits(4, 4, 4, 4, 4), 3) == Expected(12 * MINUTE, 12 * MINUTE)


def test_who_was_third_tells_the_time_of_a_place():
    assert expected(waits(9, 9, 9, 9, 9, place=3), 1) == Expected(3 * MINUTE, 3 * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "within"),
    [(0.1, 1), (1, 1), (1.1, 2), (5.5, 10), (46, 60), (240, 240), (241, None)],
)
def test_minutes_are_rounded_up_never_down(minutes, within):
    assert Expected(MINUTE, minutes * MINUTE).within_min == within


class Queue:
    """A queue with a past, and a clock that a test moves."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOON
        self.agent_id = ""

    async def agent(self, name: str) -> str:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return (await work.accounts.save(email, name, [Role.AGENT], "-", NOON)).id

    async def case(self, at: datetime, *, group: str = "support", place: int = 1) -> Case:
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, at)
            return await work.cases.open(
                talk.id,
                HandoffReason.ASKED,
                Briefing("A visitor", "", ""),
                at,
                opened_seq=0,
                route=Route(group, at, place=place),
            )

    async def had(self, *minutes: float, group: str = "support", ago: timedelta = MINUTE) -> None:
        """So many cases were claimed, after so many minutes each."""
        agent = await self.agent("Ann")
        for waited in minutes:
            claimed_at = self.now - ago
            case = await self.case(claimed_at - waited * MINUTE, group=group)
            async with self.store.work() as work:
                assert await work.cases.claim(case.id, agent, claimed_at)

    async def tells(self, case: Case, place: int = 1) -> Wait:
        async with self.store.read() as work:
            return await Waits(RULES, lambda: self.now).of(work, case, place)


@pytest.fixture
def queue(store: SqlStore) -> Queue:
    return Queue(store)


async def test_the_wait_comes_from_the_groups_own_recent_claims(queue: Queue):
    await queue.had(1, 2, 3, 4, 5)
    await queue.had(60, 60, 60, 60, 60, group="office")
    case = await queue.case(queue.now)
    assert await queue.tells(case) == Wait(1, within_min=4)
    assert await queue.tells(case, 2) == Wait(2, within_min=10)


async def test_who_was_promised_an_e_mail_tells_nothing_of_waiting(queue: Queue):
    agent = await queue.agent("Ann")
    await queue.had(1, 2, 3, 4)
    case = await queue.case(queue.now - 600 * MINUTE)
    async with queue.store.work() as work:
        await work.cases.call_back(case.id, queue.now - 590 * MINUTE)
        assert await work.cases.claim(case.id, agent, queue.now)
    assert await queue.tells(await queue.case(queue.now)) == Wait(1)


async def test_old_claims_say_nothing_of_today(queue: Queue):
    await queue.had(1, 2, 3, 4, 5, ago=timedelta(days=8))
    assert await queue.tells(await queue.case(queue.now)) == Wait(1)


async def test_who_has_waited_longer_than_usual_is_told_so(queue: Queue):
    await queue.had(1, 2, 3, 4, 5)
    case = await queue.case(queue.now)
    queue.now += 4 * MINUTE
    assert await queue.tells(case) == Wait(1, within_min=4)
    queue.now += MINUTE
    assert await queue.tells(case) == Wait(1, slow=True)


async def test_nights_are_no_part_of_a_wait(queue: Queue):
    queue.now = NOON.replace(hour=9, minute=6)
    await queue.had(*[16 * 60 + 6] * 5, group="office", ago=timedelta())
    assert await queue.tells(await queue.case(queue.now, group="office")) == Wait(1, within_min=10)


async def test_outside_hours_it_says_when_people_are_back(queue: Queue):
    await queue.had(1, 1, 1, 1, 1, group="office")
    queue.now = NOON.replace(hour=18)
    case = await queue.case(queue.now, group="office")
    assert await queue.tells(case, 3) == Wait(3, back="tomorrow at 9:00 (UTC time)")


async def test_where_all_of_the_group_are_away_no_time_is_told(queue: Queue):
    await queue.had(1, 1, 1, 1, 1)
    ann, _ = await queue.agent("Ann"), await queue.agent("Ben")
    case = await queue.case(queue.now)
    async with queue.store.work() as work:
        await work.presence.set_away(ann, queue.now, None)
    assert await queue.tells(case) == Wait(1, away=True), "Ben is of another group"


async def test_what_was_read_is_good_for_a_few_seconds(queue: Queue):
    waits = Waits(RULES, lambda: queue.now)
    case = await queue.case(queue.now)

    async def told() -> Wait:
        async with queue.store.read() as work:
            return await waits.of(work, case, 1)

    assert await told() == Wait(1)
    await queue.had(1, 1, 1, 1, 1)
    assert await told() == Wait(1)
    queue.now += timedelta(seconds=5)
    assert await told() == Wait(1, within_min=1)


async def test_agents_read_what_customers_are_told(tmp_path: Path):
    async with staff_site(tmp_path) as site:
        ruth = await site.signed_in("Ruth", Role.AGENT)
        told = "Wait told to customers: "
        assert f"{told}not known yet" in await ruth.reads("/desk")
        await ruth.sends("/desk", "/desk/away", minutes="")
        assert f"{told}nobody is at the desk" in await ruth.reads("/desk")
