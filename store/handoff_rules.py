"""The rules of offers and handoffs as they stand in a file, checked."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from conversation.handoff_rules import HandoffRules
from conversation.hours import Hours, Span
from store.front_matter import BadFrontMatter, Document, read_yaml

_FIELDS = ("cost_ratio", "sooner", "hours")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?- ?(([01]?\d|2[0-3]):([0-5]\d)|24:00)")
_RATIOS = (0.25, 20)
_POINTS = (0, 30)


class BadHandoffRules(ValueError):
    """The file cannot be used. Each line of the text names a place and says what to do."""


def load_handoff_rules(file: Path) -> HandoffRules:
    """Read the rules. Raises: BadHandoffRules naming everything that is wrong."""
    where = f"{file.parent.name}/{file.name}"
    try:
        document = read_yaml(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadHandoffRules(f"{where} is missing: restore it from the repository") from error
    except (BadFrontMatter, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, BadFrontMatter) else 1
        raise BadHandoffRules(f"{where}:{line}: {error}") from error
    problems = [f"{where}:{document.line(name)}: {text}" for name, text in _problems(document)]
    if problems:
        raise BadHandoffRules("\n".join(problems))
    values = document.values
    return HandoffRules(float(values["cost_ratio"]), values["sooner"], _hours(values["hours"]))


def _problems(document: Document) -> Iterator[tuple[str, str]]:
    """The field and what to do about it."""
    values = document.values
    for name in values:
        if name not in _FIELDS:
            yield name, f"there is no field {name}: use {', '.join(_FIELDS)}"
    checks = {"cost_ratio": _wrong_ratio, "sooner": _wrong_tiers, "hours": _wrong_hours}
    for name, check in checks.items():
        if name not in values:
            yield name, f"the field {name} is missing: add it"
        else:
            yield from ((name, f"{name}: {text}") for text in check(values[name]))


def _wrong_ratio(value: Any) -> Iterator[str]:
    least, most = _RATIOS
    if type(value) not in (int, float) or not least <= value <= most:
        yield f"must be a number from {least} to {most}, not {value}"


def _wrong_tiers(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give tiers with points, such as {gold: 5}, or {} for nobody"
        return
    least, most = _POINTS
    for tier, points in value.items():
        if not isinstance(tier, str) or type(points) is not int or not least <= points <= most:
            yield f"{tier} must be a whole number from {least} to {most}, not {points}"


def _wrong_hours(value: Any) -> Iterator[str]:
    if value == "always":
        return
    if not isinstance(value, dict):
        yield "write always, or a time_zone with weekdays"
        return
    for name in value:
        if name not in (*_DAYS, "time_zone", "closed_on"):
            yield f"there is no {name}: use time_zone, closed_on or a weekday such as monday"
    if _zone(value.get("time_zone")) is None:
        yield f"time_zone must be a name such as Europe/Berlin, not {value.get('time_zone')}"
    if not any(day in value for day in _DAYS):
        yield "name at least one weekday with its hours, such as monday: [09:00-18:00]"
    for day in (day for day in _DAYS if day in value):
        spans = value[day]
        if not isinstance(spans, list) or not all(map(_is_span, spans)):
            yield f"{day} must be a list such as [09:00-12:30, 13:30-18:00], not {spans}"
    off = value.get("closed_on", [])
    if not isinstance(off, list) or not all(type(day) is date for day in off):
        yield f"closed_on must be a list of days such as [2026-12-25], not {off}"


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


def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):  # no such zone, no such path
        return None


def _hours(value: str | Mapping[str, Any]) -> Hours | None:
    if isinstance(value, str):
        return None
    week = {number: tuple(map(_span, value.get(day, ()))) for number, day in enumerate(_DAYS)}
    return Hours(ZoneInfo(value["time_zone"]), week, frozenset(value.get("closed_on", ())))
