"""Opening hours as they stand in a file, checked and read."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from conversation.hours import Hours, Span

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_SPAN = re.compile(rf"{_CLOCK} ?- ?({_CLOCK}|24:00)")


def wrong_hours(value: Any) -> Iterator[str]:
    """What is wrong with `value` as hours, and what to do about it."""
    if value == "always":
        return
    if not isinstance(value, dict):
        yield "write always, or weekdays with a time_zone"
        return
    for name in value:
        if name not in (*DAYS, "time_zone", "closed_on"):
            yield f"there is no {name}: use time_zone, closed_on or a weekday such as monday"
    if zone_of(value.get("time_zone")) is None:
        yield f"time_zone must be a name such as Europe/Berlin, not {value.get('time_zone')}"
    if not any(day in value for day in DAYS):
        yield "name at least one weekday with its hours, such as monday: [09:00-18:00]"
    for day in (day for day in DAYS if day in value):
        spans = value[day]
        if not isinstance(spans, list) or not all(map(_is_span, spans)):
            yield f"{day} must be a list such as [09:00-12:30, 13:30-18:00], not {spans}"
    off = value.get("closed_on", [])
    if not isinstance(off, list) or not all(type(day) is date for day in off):
        yield f"closed_on must be a list of days such as [2026-12-25], not {off}"


def read_hours(value: str | Mapping[str, Any]) -> Hours | None:
    """The hours that `wrong_hours` finds nothing wrong with; None for always."""
    if isinstance(value, str):
        return None
    week = {number: tuple(map(_span, value.get(day, ()))) for number, day in enumerate(DAYS)}
    return Hours(ZoneInfo(value["time_zone"]), week, frozenset(value.get("closed_on", ())))


def zone_of(name: Any) -> ZoneInfo | None:
    """The time zone of this name, None where there is none."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):  # no such zone, no such path
        return None


def clock_of(text: Any) -> time | None:
    """A time of day such as 09:00, None where it is none."""
    found = re.fullmatch(_CLOCK, text) if isinstance(text, str) else None
    return time(int(found[1]), int(found[2])) if found else None


def _is_span(text: Any) -> bool:
    if not isinstance(text, str) or not _SPAN.fullmatch(text):
        return False
    start, end = _span(text)
    return start < end


def _span(text: str) -> Span:
    start, end = (part.strip() for part in text.split("-"))
    return _time(start), time.max if end == "24:00" else _time(end)


def _time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    return time(hour, minute)
