"""A case goes to the group that takes it and is open, and names who of it should have it."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from conversation.hours import Hours
from handoff.case import Briefing
from handoff.queue.groups import DeskRules, Group, Member
from handoff.queue.routing import back_at, group_for, next_group, suggested
from handoff.queue.staffing import AgentStatus
from staff.account import Role, Staff

MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 3, 2, 22, tzinfo=UTC)
DAYS = Hours(ZoneInfo("UTC"), dict.fromkeys(range(7), ((time(9), time(17)),)))
NIGHTS = Hours(ZoneInfo("UTC"), dict.fromkeys(range(7), ((time(17), time.max),)))

PAYMENTS = Group("payments", "Payments", topics=frozenset({"charged_twice"}), route_on="germans")
GERMANS = Group("germans", "German", languages=frozenset({"de"}), hours=DAYS, route_on="support")
GOLD = Group("gold", "Gold", tiers=frozenset({"gold"}), route_on="payments")
SUPPORT = Group("support", "Support", capacity=2)
RULES = DeskRules(
    (PAYMENTS, GERMANS, GOLD, SUPPORT),
    skills={"money": frozenset({"charged_twice"})},
    members={
        "ann@example.com": Member(skills=frozenset({"money"})),
        "bea@example.com": Member(frozenset({"support"}), languages=frozenset({"de", "en"})),
        "cem@example.com": Member(languages=frozenset({"fr"})),
    },
)


def about(topic: str | None = None, language: str = "en", tier: str | None = None) -> Briefing:
    return Briefing("Ada", "", "", topic=topic, language=language, tier=tier)


def agent(name: str, load: int = 0, *, away: bool = False) -> AgentStatus:
    email = f"{name}@example.com"
    staff = Staff(name, email, name.capitalize(), frozenset({Role.AGENT}))
    return AgentStatus(staff, RULES.groups_of(email), RULES.capacity(email), load, away)


@pytest.mark.parametrize(
    ("briefing", "group"),
    [
        (about("charged_twice", "de", "gold"), "payments"),
        (about("order_status", "de", "gold"), "germans"),
        (about("order_status", "en", "gold"), "gold"),
        (about("order_status"), "support"),
        (about(), "support"),
    ],
)
def test_the_first_group_that_takes_a_case_gets_it(briefing, group):
    assert group_for(RULES, briefing, MONDAY_NOON).key == group


def test_a_closed_group_is_passed_over_for_one_that_is_open():
    assert group_for(RULES, about(language="de"), MONDAY_NIGHT) is SUPPORT


def test_where_all_are_closed_the_case_waits_for_its_own_group():
    closed = DeskRules((GERMANS, Group("support", "Support", hours=DAYS)))
    assert group_for(closed, about(language="de"), MONDAY_NIGHT) is GERMANS


def test_what_nobody_claims_goes_from_group_to_group_and_to_none_twice():
    assert next_group(RULES, GOLD, [], MONDAY_NOON) is PAYMENTS
    assert next_group(RULES, PAYMENTS, ["gold"], MONDAY_NOON) is GERMANS
    assert next_group(RULES, PAYMENTS, ["gold"], MONDAY_NIGHT) is SUPPORT
    assert next_group(RULES, PAYMENTS, ["germans", "support"], MONDAY_NOON) is None
    assert next_group(RULES, SUPPORT, [], MONDAY_NOON) is None


def test_two_groups_that_name_each_other_end_somewhere():
    one = Group("one", "One", hours=DAYS, route_on="two")
    two = Group("two", "Two", hours=DAYS, route_on="one")
    assert next_group(DeskRules((one, two)), one, [], MONDAY_NIGHT) is None


def found(group: Group, briefing: Briefing, *agents: AgentStatus) -> str | None:
    one = suggested(RULES, group, briefing, agents, MONDAY_NOON)
    return one.staff.name if one else None


def test_who_has_the_least_to_do_is_found_first():
    assert found(SUPPORT, about(), agent("dan", 1), agent("eve", 0)) == "Eve"


def test_nobody_is_found_who_is_away_or_full_or_of_another_group():
    assert found(SUPPORT, about(), agent("dan", away=True), agent("eve", 4)) is None
    assert found(PAYMENTS, about(), agent("bea")) is None
    assert found(SUPPORT, about(), agent("dan", away=True), agent("bea", 1)) == "Bea"


def test_the_customers_language_and_the_topic_weigh_more_than_the_load():
    assert found(PAYMENTS, about("charged_twice"), agent("dan", 0), agent("ann", 2)) == "Ann"
    assert found(SUPPORT, about(language="de"), agent("cem", 0), agent("bea", 1)) == "Bea"
    assert found(SUPPORT, about(language="fr"), agent("bea", 0), agent("cem", 1)) == "Cem"


def test_nobody_is_found_in_a_group_that_is_closed():
    assert suggested(RULES, GERMANS, about(), [agent("dan")], MONDAY_NIGHT) is None


def test_an_agent_has_room_for_as_many_as_their_groups_or_they_themselves_say():
    rules = DeskRules((PAYMENTS, SUPPORT), members={"a@x": Member(frozenset({"support"})),
                                                    "b@x": Member(capacity=9)})  # fmt: skip
    assert [rules.capacity(email) for email in ("a@x", "b@x", "new@x")] == [2, 9, 4]


def test_customers_hear_when_the_first_group_opens():
    shut = DeskRules((Group("a", "A", hours=DAYS), Group("b", "B", hours=NIGHTS)))
    morning = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert back_at(shut, morning) == "today at 9:00 (UTC time)"
    assert back_at(shut, MONDAY_NOON) is None
    assert back_at(RULES, morning) is None
