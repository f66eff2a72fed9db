"""Groups, agents and promises are written in a file that is checked before anything starts."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handoff.queue.groups import Assign, DigestKind, Goals, Member, Plan
from heard.settings import DESK
from store.desk_rules import BadDeskRules, load_desk_rules

GOOD = """\
time_zone: Europe/Berlin
defaults:
  hours:
    time_zone: Europe/London
    monday: [09:00-12:30, 13:30-24:00]
    closed_on: [2026-12-28]
  capacity: 3
  assign: suggest
  first_reply: 10
  reply: never
  announce_again: 5
  route_on_after: 15
  callback: 45
  answer_by_email: 60
groups:
  payments:
    name: Payments
    channel: C0PAYMENTS
    mention: S0PAYMENTS
    topics: [voucher]
    skills: [money]
    languages: [de]
    tiers: [gold]
    route_on: support
    hours: always
    first_reply: 2
    assign: automatic
  support: {name: Support}
skills: {money: [charged_twice, invoice]}
agents:
  Ann@Example.com: {groups: [support], skills: [money], languages: [de], capacity: 6}
away_release: never
digests:
  daily: {at: "08:30", channel: C0DIGESTS1}
  voices: {at: "9:00", days: [monday]}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "desk.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_file_can_be_used():
    rules = load_desk_rules(DESK)
    assert rules.groups[-1].takes_all
    assert all(group.hours is None and not group.channel for group in rules.groups)


def test_groups_take_what_they_do_not_say_from_the_defaults(tmp_path):
    payments, support = load_desk_rules(written(tmp_path, GOOD)).groups
    assert payments.topics == {"voucher", "charged_twice", "invoice"}
    assert (payments.languages, payments.tiers) == ({"de"}, {"gold"})
    assert (payments.channel, payments.mention) == ("C0PAYMENTS", "S0PAYMENTS")
    assert (payments.route_on, payments.assign) == ("support", Assign.AUTOMATIC)
    assert payments.goals.first_reply == timedelta(minutes=2)
    assert support.goals == Goals(
        timedelta(minutes=10), None, timedelta(minutes=5), timedelta(minutes=15),
        timedelta(minutes=45), timedelta(minutes=60),
    )  # fmt: skip
    assert (support.capacity, support.assign, support.takes_all) == (3, Assign.SUGGEST, True)


def test_hours_are_read(tmp_path):
    payments, support = load_desk_rules(written(tmp_path, GOOD)).groups
    assert payments.hours is None
    assert support.hours is not None
    assert support.hours.open_at(datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    assert not support.hours.open_at(datetime(2026, 3, 2, 12, 45, tzinfo=UTC))
    assert not support.hours.open_at(datetime(2026, 12, 28, 10, tzinfo=UTC))


def test_agents_are_known_by_their_e_mail(tmp_path):
    rules = load_desk_rules(written(tmp_path, GOOD))
    own = Member(frozenset({"support"}), frozenset({"money"}), frozenset({"de"}), 6)
    assert rules.member("ann@example.com") == own
    assert [group.key for group in rules.groups_of("new@example.com")] == ["payments", "support"]
    assert rules.zone == ZoneInfo("Europe/Berlin")
    assert rules.away_release is None


def test_digests_are_planned_by_day_and_time(tmp_path):
    rules = load_desk_rules(written(tmp_path, GOOD))
    assert rules.digests == {
        DigestKind.DAILY: Plan(time(8, 30), frozenset(range(5)), "C0DIGESTS1"),
        DigestKind.VOICES: Plan(time(9), frozenset({0})),
    }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("time_zone: Europe/Berlin\n", "time_zone: Mars\n", "desk.yml:1: time_zone: must be a"),
        ("away_release: never\n", "", "the field away_release is missing: add it"),
        ("away_release: never", "away_release: 0", "a whole number of minutes from 1 to 10080"),
        ("  capacity: 3\n", "", "defaults: capacity is missing: add it"),
        ("[2026-12-28]", "[2026-13-28]", "a value cannot be: month must be in 1..12"),
        ("    name: Payments", "    name: P\n    name: Q", ":18: a field stands there twice: name"),
        ("groups:\n", "groups:\n  support: {name: X}\n", "a field stands there twice: support"),
        ("  capacity: 3\n", "  capacity: -1\n", "defaults: capacity: must be a whole number"),
        ("  reply: never", "  reply: soon", "defaults: reply: must be a whole number of minutes"),
        ("  assign: suggest", "  assign: [x]", "assign: must be suggest or automatic"),
        ("    monday: [09:00", "    mo: [09:00", "hours: there is no mo: use time_zone"),
        ("[09:00-12:30, 13:30-24:00]", "9-17", "monday must be a list such as"),
        ("[09:00-12:30, 13:30-24:00]", "[18:00-09:00]", "monday must be a list such as"),
        ("    time_zone: Europe/London\n", "", "time_zone must be a name such as Europe/Berlin"),
        ("closed_on: [2026-12-28]", "closed_on: [x]", "closed_on must be a list of days"),
        ("    name: Payments\n", "", "desk.yml:15: groups: payments: give it a name"),
        ("  support: {name: Support}", "  Support: {name: Support}", "use small letters"),
        ("  support: {name: Support}", "  support: 1", "support: give its fields"),
        ("{name: Support}", "{name: Support, tiers: [x]}", "support stands last and must take"),
        ("route_on: support", "route_on: payments", "route_on must name another group: support"),
        ("route_on: support", "route_on: [support]", "route_on must name another group: support"),
        ("  support: {name: Support}", "  support: {name: Payments}", "two groups are named Pay"),
        ("{name: Support}", "{name: Support, route_on: payments}", "payments: route_on leads back"),
        ("languages: [de]\n    tiers", "languages: [German]\n    tiers", "German is no code: use"),
        ("agents:\n", "agents:\n  ann@example.com: {}\n", "stands there twice, in two spellings"),
        ("topics: [voucher]", "topics: [vouchers]", "topics: there is no vouchers"),
        ("skills: [money]\n    languages", "skills: [x]\n    languages", "skills: there is no x"),
        ("languages: [de]\n    tiers", "languages: de\n    tiers", "languages must be a list such"),
        ("channel: C0PAYMENTS", "channel: 7", "channel must be a text in quotes"),
        ("    route_on:", "    routeon:", "groups: payments: there is no field routeon"),
        ("{money: [charged_twice, invoice]}", "{money: [x]}", "skills: money: there is no x"),
        ("  Ann@Example.com", "  Ann", "agents: Ann is no e-mail address"),
        ("{groups: [support], skills", "{groups: [x], skills", "groups: there is no x"),
        ('  voices: {at: "9:00", days: [monday]}\n', "", "digests: voices is missing: add it"),
        ('at: "9:00"', "at: 9", "voices: at must be a time in quotes such as '08:30', not 9"),
        ("days: [monday]", "days: [mo]", "voices: days: there is no mo"),
        ("days: [monday]", "days: []", "voices: days must name a weekday"),
        ("days: [monday]", "when: [monday]", "voices: there is no field when: use at, days"),
        ("agents:\n", "agents: 1\nfor:\n", "there is no field for: use time_zone"),
        ("time_zone: Europe/Berlin\n", "[", "this is no YAML"),
    ],
)
def test_a_slip_is_named_with_what_to_do(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(BadDeskRules) as raised:
        load_desk_rules(written(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadDeskRules, match="is missing: restore it"):
        load_desk_rules(tmp_path / "none.yml")
