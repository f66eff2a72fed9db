"""Times and counts as staff read them."""

from datetime import datetime

from markupsafe import Markup

from conversation.zones import local_time

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STRAINED_FROM, _HIGH_FROM = 40, 65  # bands of colour alone; what follows is the policy's affair
_FORMATS = {"time": "%H:%M", "moment": "%-d %b, %H:%M", "day": "%-d %B %Y"}


def span(seconds: float) -> str:
    """A length of time in one or two units: "40 s", "12 min", "3 h 20 min", "2 days"."""
    whole = int(max(0.0, seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        minutes = whole % _HOUR // _MINUTE
        return f"{whole // _HOUR} h {minutes} min" if minutes else f"{whole // _HOUR} h"
    return count(whole // _DAY, "day")


def count(number: int, noun: str, several: str = "") -> str:
    """A number with its noun: "1 case", "3 cases". Args: several: a plural of its own."""
    return f"{number} {noun}" if number == 1 else f"{number} {several or f'{noun}s'}"


def at(moment: datetime, show: str = "time") -> Markup:
    """A `<time>` element in UTC, which `times.js` turns into the reader's own time zone.

    Args: moment: aware, in UTC; show: "time", "moment" (day and time) or "day".
    """
    text = moment.strftime(_FORMATS[show])
    zone = "" if show == "day" else " UTC"
    return Markup('<time datetime="{}" data-show="{}">{}{}</time>').format(
        moment.isoformat(timespec="seconds"), show, text, zone
    )


def clock_in(moment: datetime, zone: str) -> Markup:
    """The time of day in that time zone; `times.js` lets it go on while the page is open."""
    text = local_time(zone, moment)
    return Markup('<time data-zone="{}" datetime="{}">{}</time>').format(zone, text, text)


def effort_level(score: float) -> str:
    """The colour band of an effort score 0..100: "calm", "strained" or "high"."""
    if score >= _HIGH_FROM:
        return "high"
    return "strained" if score >= _STRAINED_FROM else "calm"
