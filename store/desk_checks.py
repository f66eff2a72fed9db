"""What can be wrong in the file of groups and agents, and what to do about each."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from conversation.topics import topics
from handoff.queue.groups import Assign, DigestKind
from store.front_matter import Document
from store.hours import DAYS, clock_of, wrong_hours, zone_of

NEVER = "never"

_FIELDS = ("time_zone", "defaults", "groups", "skills", "agents", "away_release", "digests")
_MINUTES = (
    "first_reply",
    "reply",
    "announce_again",
    "route_on_after",
    "callback",
    "answer_by_email",
)
_DEFAULTS = ("hours", "capacity", "assign", *_MINUTES)
_CONDITIONS = ("topics", "skills", "languages", "tiers")
_GROUP = ("name", "channel", "mention", *_CONDITIONS, "route_on", *_DEFAULTS)
_MEMBER = ("groups", "skills", "languages", "capacity")
_PLAN = ("at", "days", "channel")
_LONGEST_MIN = 7 * 24 * 60
_MOST_CASES = 100
_LONGEST_NAME = 60
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

_Check = Callable[[Any], Iterator[str]]


def problems_of(document: Document) -> Iterator[tuple[str, str]]:
    """The top-level field and what to do about it."""
    values = document.values
    yield from ((name, text) for name in values for text in _unknown(name, _FIELDS))
    checks: dict[str, _Check] = {
        "time_zone": _wrong_zone,
        "defaults": _wrong_defaults,
        "groups": lambda value: _wrong_groups(value, values),
        "skills": _wrong_skills,
        "agents": lambda value: _wrong_agents(value, values),
        "away_release": _wrong_minutes,
        "digests": _wrong_digests,
    }
    for name, check in checks.items():
        if name not in values:
            yield name, f"the field {name} is missing: add it"
        else:
            yield from ((name, f"{name}: {text}") for text in check(values[name]))


def _wrong_zone(value: Any) -> Iterator[str]:
    if zone_of(value) is None:
        yield f"must be a name such as Europe/Berlin, not {value}"


def _wrong_defaults(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"give {', '.join(_DEFAULTS)}, each as name: value"
        return
    for name in value:
        yield from _unknown(name, _DEFAULTS)
    yield from (f"{name} is missing: add it" for name in _DEFAULTS if name not in value)
    yield from _wrong_fields(value)


def _wrong_groups(value: Any, values: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield "name at least one group, such as support: {name: Support}"
        return
    for key, group in value.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            yield f"{key}: use small letters, digits, - and _, a letter first, at most 32"
        yield from (f"{key}: {text}" for text in _wrong_group(key, group, value, values))
        if key in _leads_to(key, value):
            yield f"{key}: route_on leads back to it: let one of the groups on the way have none"
    names = [group.get("name") for group in value.values() if isinstance(group, dict)]
    yield from (f"two groups are named {name}: agents could not tell" for name in _twice(names))
    last = list(value)[-1]
    if isinstance(value[last], dict) and any(value[last].get(name) for name in _CONDITIONS):
        yield f"{last} stands last and must take every case: give it no {', '.join(_CONDITIONS)}"


def _wrong_group(
    key: str, group: Any, groups: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[str]:
    if not isinstance(group, dict):
        yield "give its fields, such as {name: Support}"
        return
    for name in group:
        yield from _unknown(name, _GROUP)
    name = group.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
        yield f"give it a name of at most {_LONGEST_NAME} characters, as agents read it"
    for field in ("channel", "mention"):
        if not isinstance(group.get(field, ""), str):
            yield f"{field} must be a text in quotes"
    on = group.get("route_on")
    if on is not None and (on == key or on not in list(groups)):
        yield f"route_on must name another group: {', '.join(k for k in groups if k != key)}"
    yield from _wrong_list(group, "topics", topics())
    yield from _wrong_list(group, "skills", _names(values, "skills"))
    yield from _wrong_languages(group)
    yield from _wrong_list(group, "tiers", None)
    yield from _wrong_fields(group)


def _wrong_skills(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give skills with their topics, such as {money: [charged_twice]}, or {}"
        return
    for name in value:
        yield from _wrong_list(value, name, topics())


def _wrong_agents(value: Any, values: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give agents by e-mail, such as anna@example.com: {groups: [support]}, or {}"
        return
    for email in _twice([str(email).lower() for email in value]):
        yield f"{email} stands there twice, in two spellings: leave one"
    for email, member in value.items():
        if not isinstance(email, str) or not _EMAIL.fullmatch(email):
            yield f"{email} is no e-mail address: use the one of the account"
        if not isinstance(member, dict):
            yield f"{email}: give its fields, such as {{groups: [support]}}"
            continue
        wrong = (
            *(text for name in member for text in _unknown(name, _MEMBER)),
            *_wrong_list(member, "groups", _names(values, "groups")),
            *_wrong_list(member, "skills", _names(values, "skills")),
            *_wrong_languages(member),
            *_wrong_fields(member),
        )
        yield from (f"{email}: {text}" for text in wrong)


def _wrong_digests(value: Any) -> Iterator[str]:
    kinds = tuple(DigestKind)
    if not isinstance(value, dict):
        yield f"give {' and '.join(kinds)}, each with at, or never"
        return
    for name in value:
        yield from _unknown(name, kinds)
    for name in kinds:
        if name not in value:
            yield f"{name} is missing: add it, such as {name}: {{at: '08:30'}}, or {name}: never"
        elif value[name] != NEVER:
            yield from (f"{name}: {text}" for text in _wrong_plan(value[name]))


def _wrong_plan(plan: Any) -> Iterator[str]:
    if not isinstance(plan, dict):
        yield "give its fields, such as {at: '08:30', days: [monday]}, or never"
        return
    for name in plan:
        yield from _unknown(name, _PLAN)
    if clock_of(plan.get("at")) is None:
        yield f"at must be a time in quotes such as '08:30', not {plan.get('at')}"
    if not isinstance(plan.get("channel", ""), str):
        yield "channel must be a text in quotes"
    if plan.get("days") == []:
        yield "days must name a weekday, such as [monday]; write never for none"
    yield from _wrong_list(plan, "days", DAYS)


def _wrong_fields(fields: Mapping[str, Any]) -> Iterator[str]:
    checks: dict[str, _Check] = {
        "hours": wrong_hours,
        "capacity": _wrong_capacity,
        "assign": _wrong_assign,
        **dict.fromkeys(_MINUTES, _wrong_minutes),
    }
    for name, check in checks.items():
        if name in fields:
            yield from (f"{name}: {text}" for text in check(fields[name]))


def _wrong_capacity(value: Any) -> Iterator[str]:
    if type(value) is not int or not 0 <= value <= _MOST_CASES:
        yield f"must be a whole number from 0 to {_MOST_CASES}, not {value}"


def _wrong_assign(value: Any) -> Iterator[str]:
    if not isinstance(value, str) or value not in set(Assign):
        yield f"must be {' or '.join(Assign)}, not {value}"


def _wrong_minutes(value: Any) -> Iterator[str]:
    if value != NEVER and (type(value) is not int or not 1 <= value <= _LONGEST_MIN):
        yield f"must be a whole number of minutes from 1 to {_LONGEST_MIN}, or never, not {value}"


def _wrong_list(
    fields: Mapping[str, Any], name: str, known: Collection[str] | None
) -> Iterator[str]:
    """Args: known: what may stand in the list; None lets any short text in."""
    value = fields.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        yield f"{name} must be a list such as [{next(iter(known or ['de']), '')}], not {value}"
        return
    if known is not None:
        yield from (f"{name}: there is no {one}" for one in value if one not in known)


def _wrong_languages(fields: Mapping[str, Any]) -> Iterator[str]:
    wrong = tuple(_wrong_list(fields, "languages", None))
    yield from wrong
    for code in () if wrong else fields.get("languages", ()):
        if not _LANGUAGE.fullmatch(code):
            yield f"languages: {code} is no code: use such as de or en"


def _leads_to(key: str, groups: Mapping[Any, Any]) -> list[Any]:
    """The groups that a case of this one goes on to, until one stands there twice."""
    way: list[Any] = []
    group = groups[key]
    while isinstance(group, dict) and group.get("route_on") in list(groups):
        on = group["route_on"]
        if on in way:
            break
        way.append(on)
        group = groups[on]
    return [] if way[:1] == [key] else way


def _twice(names: Iterable[Any]) -> list[str]:
    counts = Counter(name for name in names if isinstance(name, str))
    return [name for name, times in counts.items() if times > 1]


def _names(values: Mapping[str, Any], field: str) -> Collection[str]:
    found = values.get(field)
    return list(found) if isinstance(found, dict) else []


def _unknown(name: Any, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"there is no field {name}: use {', '.join(known)}"
