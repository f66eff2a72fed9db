"""How long a place in a queue usually takes, from how long others have waited lately. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median

FEWEST = 5
"""Fewer recent claims say nothing that could be promised."""

_MOST_OF_TEN = 8
_STEPS_MIN = (1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


@dataclass(frozen=True, slots=True)
class Waited:
    """How long somebody waited who came to this place of the queue, counted from 1."""

    span: timedelta
    place: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What to expect: half of all waits are over after `median`, eight of ten after `most`."""

    median: timedelta
    most: timedelta

    @property
    def within_min(self) -> int | None:
        """`most` in round minutes, never less than it is; None for more than four hours."""
        minutes = self.most.total_seconds() / 60
        return next((step for step in _STEPS_MIN if step >= minutes), None)


def expected(recent: Sequence[Waited], place: int) -> Expected | None:
    """What to expect at this place, None where too few have been claimed lately.

    A wait is taken per place: who was third and waited nine minutes tells three minutes a place.
    """
    if len(recent) < FEWEST:
        return None
    a_place_s = sorted(one.span.total_seconds() / max(1, one.place) for one in recent)
    most_s = a_place_s[ceil(len(a_place_s) * _MOST_OF_TEN / 10) - 1]
    return Expected(
        median=timedelta(seconds=place * median(a_place_s)),
        most=timedelta(seconds=place * most_s),
    )
