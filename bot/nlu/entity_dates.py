"""Days as customers name them: "12/03", "the 3rd", "5th of May", "last Tuesday", "3 days ago"."""

from __future__ import annotations

import re
from datetime import date

from bot.nlu.entity_spans import by_pattern

_MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = "|".join(name for names in _MONTHS for name in names)
_WEEKDAYS = "mon|tues|wednes|thurs|fri|satur|sun"
_SHORT_WEEKDAYS = {
    "mon": "monday",
    "tue": "tuesday",
    "tues": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "thur": "thursday",
    "thurs": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}
_COUNTED = "a|an|one|two|three|four|five|six|seven|eight|nine|ten|couple of|few|\\d{1,3}"

_ISO = re.compile(r"(?<![\w/-])(\d{4})-(\d{2})-(\d{2})(?![\w/-])")
_IN_FIGURES = re.compile(
    r"""(?<![\w.,/:-])(?:
        (?P<first>\d{1,2})(?P<between>[/.-])(?P<second>\d{1,2})(?P=between)(?P<year>\d{4}|\d{2})
      | (?P<day>\d{1,2})/(?P<month>\d{1,2})
      | (?P<german_day>\d{1,2})\.(?P<german_month>\d{1,2})\.
    )(?![\w/]|[.,-]\d)""",
    re.VERBOSE,
)
_IN_WORDS = re.compile(
    rf"""\b(?:
        (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\sof)?\s(?P<month>{_MONTH})\b
      | (?P<month_first>{_MONTH})\.?\s(?:the\s)?(?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])
    )\.?(?:,?\s(?P<year>(?:19|20)\d\d)\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY_ALONE = re.compile(
    r"\b(?:on|by|since|until|till|before|after|from|for|was|the)\s(?:the\s)?"
    r"(?P<it>(?P<day>[12]?\d|3[01])(?:st|nd|rd|th))\b"
    r"(?!\s(?:time|order|one|email|mail|try|parcel|attempt|person|agent|item|day|week|month|floor))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"""\b(?:
        (?:(?:last|next|this)\s)?(?:{_WEEKDAYS})day
      | (?:last|next|this)\s(?:week(?:end)?|month|year)
      | day\s(?:before\syesterday|after\stomorrow) | yesterday | today | tomorrow
      | (?:{_COUNTED})\s(?:days?|weeks?|months?|years?)\sago
    )\b
    | \b(?:(?:last|next|this)\s|(?:on|by|since|until|till|before)\s(?=\w))
      (?P<it>mon|tues?|wed|thu|thurs?|fri|sat|sun)\b(?!\s(?:screen|cream|hat|protection))""",
    re.VERBOSE | re.IGNORECASE,
)


def _written(year: int | None, month: int, day: int) -> str | None:
    """Write a date as ISO 8601 does, `--MM-DD` without a year; None where there is no such day."""
    try:
        complete = date(2000 if year is None else year, month, day)
    except ValueError:
        return None
    return f"--{month:02}-{day:02}" if year is None else complete.isoformat()


def _in_figures(match: re.Match[str]) -> str | None:
    first, second = (
        int(match[a] or match[b] or match[c])
        for a, b, c in (("first", "day", "german_day"), ("second", "month", "german_month"))
    )
    if match[0] == "24/7" or (match["day"] and len(match[0]) == len("1/2")):
        return None  # always open; a fraction
    year = None if match["year"] is None else int(match["year"])
    if year is not None and year < 100:
        year += 2000
    return _written(year, second, first) or _written(year, first, second)


def _in_words(match: re.Match[str]) -> str | None:
    month = _MONTH_OF[(match["month"] or match["month_first"]).lower()]
    year = int(match["year"]) if match["year"] else None
    return _written(year, month, int(match["day"] or match["day_last"]))


def _named(match: re.Match[str]) -> str:
    spoken = " ".join(match[0].lower().split())
    if match["it"] is None:
        return spoken
    which, _, weekday = spoken.rpartition(" ")
    weekday = _SHORT_WEEKDAYS[weekday]
    return f"{which} {weekday}" if which in ("last", "next", "this") else weekday


iso_dates = by_pattern("date", _ISO, lambda m: _written(int(m[1]), int(m[2]), int(m[3])))
dates_in_figures = by_pattern("date", _IN_FIGURES, _in_figures)
dates_in_words = by_pattern("date", _IN_WORDS, _in_words)
days_of_the_month = by_pattern("date", _DAY_ALONE, lambda match: f"---{int(match['day']):02}")
named_days = by_pattern("date", _NAMED, _named)
