"""Times and scores as staff read them."""

from datetime import UTC, datetime

import pytest

from staff.words import at, count, effort_level, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 day"),
        (200_000, "2 days"),
    ],
)
def test_a_length_of_time_has_one_or_two_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_a_moment_carries_what_a_browser_needs_to_show_it_locally() -> None:
    moment = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)
    assert at(moment, "moment") == (
        '<time datetime="2026-11-02T09:05:00+00:00" data-show="moment">2 Nov, 09:05 UTC</time>'
    )


def test_counts_and_colour_bands() -> None:
    assert (count(1, "case"), count(0, "case")) == ("1 case", "0 cases")
    bands = [effort_level(score) for score in (39.9, 40, 64.9, 65)]
    assert bands == ["calm", "strained", "strained", "high"]
