"""Who writes while nobody is there is told when people are back, in the company's own time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversation.hours import Hours, after_open_time, closed_until, open_time

BERLIN = ZoneInfo("Europe/Berlin")
DAY = ((time(9), time(12, 30)), (time(13, 30), time(18)))
HOURS = Hours(BERLIN, dict.fromkeys(range(5), DAY), frozenset({date(2026, 12, 25)}))


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 in Berlin, as the product holds it: in UTC. 2 March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "back"),
    [
        (at(2, 9), None),
        (at(2, 17, 59), None),
        (at(2, 8, 59), "today at 9:00 (Berlin time)"),
        (at(2, 12, 30), "today at 13:30 (Berlin time)"),
        (at(2, 18), "tomorrow at 9:00 (Berlin time)"),
        (at(6, 18), "on Monday at 9:00 (Berlin time)"),
        (at(24, 18, month=12), "on Monday at 9:00 (Berlin time)"),
    ],
)
def test_it_says_when_people_are_back(now, back):
    assert closed_until(HOURS, now) == back


def test_clocks_that_go_forward_move_no_opening():
    saturday = at(28, 20)  # the night in which clocks in Berlin go forward
    sundays = Hours(BERLIN, {6: ((time(9), time(10)),)})
    opening = sundays.opens_after(saturday)
    assert opening is not None
    assert opening.astimezone(UTC) == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_somebody_is_always_there_where_no_hours_are_given():
    assert closed_until(None, at(1, 3)) is None


def test_a_shop_that_never_opens_names_no_day():
    never = Hours(BERLIN, {})
    assert never.opens_after(at(2, 9)) is None
    assert closed_until(never, at(2, 9)) == "later"


def test_a_far_opening_is_named_by_its_date():
    far = Hours(BERLIN, HOURS.week, frozenset(date(2026, 3, day) for day in range(2, 20)))
    assert closed_until(far, at(2, 9)) == "on 20 March at 9:00 (Berlin time)"


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(2, 9), 10, at(2, 9, 10)),
        (at(2, 8), 10, at(2, 9, 10)),
        (at(2, 12, 25), 10, at(2, 13, 35)),
        (at(6, 17, 55), 10, at(9, 9, 5)),
        (at(24, 17, 55, month=12), 10, at(28, 9, 5, month=12)),
    ],
)
def test_a_promise_runs_while_somebody_is_there(start, minutes, due):
    assert after_open_time(HOURS, start, timedelta(minutes=minutes)) == due
    assert open_time(HOURS, start, due) == timedelta(minutes=minutes)


def test_where_somebody_is_always_there_every_minute_counts():
    start, span = at(1, 3), timedelta(minutes=10)
    assert after_open_time(None, start, span) == start + span
    assert open_time(None, start, start + span) == span


def test_midnight_closes_no_minute_out():
    late = Hours(BERLIN, dict.fromkeys(range(7), ((time(20), time.max), (time(), time(2)))))
    assert open_time(late, at(2, 23), at(3, 1)) == timedelta(hours=2)
    assert after_open_time(late, at(2, 23, 55), timedelta(minutes=10)) == at(3, 0, 5)


def test_an_hour_that_the_clocks_pass_over_is_no_hour_of_work():
    nights = Hours(BERLIN, dict.fromkeys(range(7), ((time(), time(6)),)))
    assert open_time(nights, at(28, 12), at(29, 12)) == timedelta(hours=5)


def test_a_promise_of_those_who_never_open_is_due_at_no_time():
    assert after_open_time(Hours(BERLIN, {}), at(2, 9), timedelta(minutes=1)) is None
