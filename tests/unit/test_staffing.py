"""Who is away gets no case, until the switch or the clock says otherwise; on either database."""

from datetime import UTC, datetime, timedelta

import pytest

from conversation.reasons import HandoffReason
from handoff.case import Briefing, CaseError
from handoff.casework.verbs import Casework
from handoff.queue.groups import DeskRules, Group, Member
from handoff.queue.staffing import AgentStatus, Staffing
from staff.account import Role, Staff
from store.store import SqlStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
RULES = DeskRules(
    (Group("payments", "Payments"), Group("support", "Support", capacity=2)),
    members={"ben@example.com": Member(frozenset({"support"}))},
)


class Desk:
    """A desk whose clock a test moves."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOON
        self.staffing = Staffing(store, RULES, lambda: self.now)
        self.casework = Casework(store, "browser", lambda: self.now)

    async def hires(self, name: str, role: Role = Role.AGENT) -> Staff:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return await work.accounts.save(email, name, [role], "-", NOON)

    async def has_case_of(self, agent: Staff) -> None:
        async with self.store.work() as work:
            started = await work.conversations.start("visitor", None, NOON)
            briefing = Briefing("A visitor", "", "")
            case = await work.cases.open(
                started.id, HandoffReason.ASKED, briefing, NOON, opened_seq=0
            )
            await work.cases.claim(case.id, agent.id, NOON)

    async def knows(self, agent: Staff) -> AgentStatus:
        return await self.staffing.status_of(agent)


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return Desk(store)


async def test_everybody_with_the_role_stands_on_the_list_with_what_they_have(desk: Desk):
    ben, ann = await desk.hires("Ben"), await desk.hires("Ann")
    await desk.hires("Lee", Role.LEAD)
    await desk.has_case_of(ben)
    await desk.has_case_of(ben)
    status = await desk.staffing.status()
    assert [(one.staff.name, one.load, one.capacity, one.free) for one in status] == [
        ("Ann", 0, 4, True),
        ("Ben", 2, 2, False),
    ]
    assert [group.key for group in (await desk.knows(ann)).groups] == ["payments", "support"]


async def test_away_lasts_until_the_agent_is_back(desk: Desk):
    ann = await desk.hires("Ann")
    await desk.staffing.set_away(ann, NOON)
    desk.now += timedelta(days=3)
    assert (await desk.knows(ann)).away_since == NOON
    assert not (await desk.knows(ann)).free
    await desk.staffing.set_back(ann)
    assert await desk.knows(ann) == AgentStatus(ann, RULES.groups, 4, 0)


async def test_away_until_a_moment_ends_by_itself_and_begins_anew(desk: Desk):
    ann = await desk.hires("Ann")
    await desk.staffing.set_away(ann, NOON, NOON + timedelta(minutes=30))
    desk.now += timedelta(minutes=29)
    assert (await desk.knows(ann)).away_until == NOON + timedelta(minutes=30)
    desk.now += timedelta(minutes=1)
    assert (await desk.knows(ann)).free
    await desk.staffing.set_away(ann, desk.now)
    assert (await desk.knows(ann)).away_since == desk.now


async def test_saying_it_again_keeps_the_moment_since_when(desk: Desk):
    ann = await desk.hires("Ann")
    await desk.staffing.set_away(ann, NOON)
    desk.now += timedelta(minutes=10)
    await desk.staffing.set_away(ann, desk.now, NOON + timedelta(hours=1))
    found = await desk.knows(ann)
    assert (found.away_since, found.away_until) == (NOON, NOON + timedelta(hours=1))


async def test_whose_account_is_gone_comes_back_by_somebodys_act_alone(desk: Desk):
    ann = await desk.hires("Ann")
    await desk.staffing.set_gone(ann, NOON)
    desk.now += timedelta(days=30)
    assert (await desk.knows(ann)).away
    await desk.staffing.set_back(ann)
    assert (await desk.knows(ann)).free


async def test_a_moment_that_has_passed_is_refused(desk: Desk):
    ann = await desk.hires("Ann")
    with pytest.raises(CaseError, match="has passed"):
        await desk.staffing.set_away(ann, NOON, NOON)
    assert (await desk.knows(ann)).free


async def test_who_is_no_agent_is_refused(desk: Desk):
    lee = await desk.hires("Lee", Role.LEAD)
    with pytest.raises(CaseError, match="Only agents"):
        await desk.staffing.set_away(lee, NOON)
