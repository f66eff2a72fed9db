"""When people are there to answer: by weekday, with days off, in the company's time zone. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
_LOOK_AHEAD_DAYS = 60  # a shop that is closed for longer than that names no day


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours. `week` has the spans of a weekday (0 is Monday), each from and until."""

    zone: ZoneInfo
    week: Mapping[int, tuple[Span, ...]]
    closed_on: frozenset[date] = frozenset()

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there. Args: now: with its time zone."""
        here = now.astimezone(self.zone)
        return any(start <= here.time() < end for start, end in self._spans(here.date()))

    def opens_after(self, now: datetime) -> datetime | None:
        """When somebody is there next, in the company's time zone; None where no time is near."""
        here = now.astimezone(self.zone)
        for days in range(_LOOK_AHEAD_DAYS + 1):
            day = here.date() + timedelta(days=days)
            for start, _ in self._spans(day):
                opening = datetime.combine(day, start, self.zone)
                if opening > here:
                    return opening
        return None

    def stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when until when somebody is there, in UTC, from `start` on; weeks ahead, not for
        ever."""
        here = start.astimezone(self.zone)
        for days in range(_LOOK_AHEAD_DAYS + 1):
            day = here.date() + timedelta(days=days)
            for opening, closing in self._spans(day):
                ends = self._moment(day, closing)
                if ends > start:
                    yield max(self._moment(day, opening), start.astimezone(UTC)), ends

    def _moment(self, day: date, clock: time) -> datetime:
        if clock == time.max:  # 24:00
            day, clock = day + timedelta(days=1), time()
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed_on else tuple(sorted(self.week.get(day.weekday(), ())))


def after_open_time(hours: Hours | None, start: datetime, span: timedelta) -> datetime | None:
    """When somebody has been there for `span` since `start`; None where that is not near.

    Args: hours: None where somebody is always there.
    """
    if hours is None:
        return start + span
    left = span
    for opening, closing in hours.stretches(start):
        if closing - opening >= left:
            return opening + left
        left -= closing - opening
    return None


def open_time(hours: Hours | None, start: datetime, end: datetime) -> timedelta:
    """For how long somebody was there between `start` and `end`, at most the last two months."""
    if hours is None:
        return max(end - start, timedelta())
    start = max(start, end - timedelta(days=_LOOK_AHEAD_DAYS))
    passed = timedelta()
    for opening, closing in hours.stretches(start):
        if opening >= end:
            break
        passed += min(closing, end) - opening
    return passed


def closed_until(hours: Hours | None, now: datetime) -> str | None:
    """When people are back, as the customer reads it: "tomorrow at 9:00 (Berlin time)".

    Args: hours: None where somebody is always there. Returns: None while somebody is there; "later"
        where no opening is near.
    """
    if hours is None or hours.open_at(now):
        return None
    opening = hours.opens_after(now)
    if opening is None:
        return "later"
    days = (opening.date() - now.astimezone(hours.zone).date()).days
    clock = f"{opening.hour}:{opening.minute:02}"
    place = hours.zone.key.rpartition("/")[2].replace("_", " ")
    return f"{_day(opening, days)} at {clock} ({place} time)"


def _day(opening: datetime, days: int) -> str:
    if days < 2:
        return ("today", "tomorrow")[days]
    return f"on {opening:%A}" if days < 7 else f"on {opening.day} {opening:%B}"


def spelt(span: timedelta) -> str:
    """A time in whole minutes or hours, as people say it; at least a minute."""
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    if minutes < 120:
        return f"{minutes} minute{'s' * (minutes != 1)}"
    return f"{round(minutes / 60)} hours"
