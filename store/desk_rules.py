"""Groups, agents and promises as they stand in a file, checked."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handoff.queue.groups import Assign, DeskRules, DigestKind, Goals, Group, Member, Plan
from store.desk_checks import NEVER, problems_of
from store.front_matter import BadFrontMatter, read_yaml
from store.hours import DAYS, clock_of, read_hours


class BadDeskRules(ValueError):
    """The file cannot be used. Each line of the text names a place and says what to do."""


def load_desk_rules(file: Path) -> DeskRules:
    """Read the rules. Raises: BadDeskRules naming everything that is wrong."""
    where = f"{file.parent.name}/{file.name}"
    try:
        document = read_yaml(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadDeskRules(f"{where} is missing: restore it from the repository") from error
    except (BadFrontMatter, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, BadFrontMatter) else 1
        raise BadDeskRules(f"{where}:{line}: {error}") from error
    found = [f"{where}:{document.line(name)}: {text}" for name, text in problems_of(document)]
    if found:
        raise BadDeskRules("\n".join(found))
    return _rules(document.values)


def _rules(values: Mapping[str, Any]) -> DeskRules:
    skills = {name: frozenset(topics) for name, topics in values["skills"].items()}
    return DeskRules(
        groups=tuple(_groups(values, skills)),
        skills=skills,
        members={email.lower(): _member(one) for email, one in values["agents"].items()},
        away_release=_time(values["away_release"]),
        digests={
            DigestKind(name): _plan(plan)
            for name, plan in values["digests"].items()
            if plan != NEVER
        },
        zone=ZoneInfo(values["time_zone"]),
    )


def _groups(values: Mapping[str, Any], skills: Mapping[str, frozenset[str]]) -> Iterator[Group]:
    for key, own in values["groups"].items():
        fields = {**values["defaults"], **own}
        by_skill = (skills[name] for name in fields.get("skills", ()))
        yield Group(
            key=key,
            name=fields["name"],
            channel=fields.get("channel", ""),
            mention=fields.get("mention", ""),
            topics=frozenset(fields.get("topics", ())).union(*by_skill),
            languages=frozenset(fields.get("languages", ())),
            tiers=frozenset(fields.get("tiers", ())),
            hours=read_hours(fields["hours"]),
            goals=_goals(fields),
            capacity=fields["capacity"],
            route_on=fields.get("route_on"),
            assign=Assign(fields["assign"]),
        )


def _goals(fields: Mapping[str, Any]) -> Goals:
    return Goals(
        first_reply=_time(fields["first_reply"]),
        reply=_time(fields["reply"]),
        announce_again=_time(fields["announce_again"]),
        route_on=_time(fields["route_on_after"]),
        callback=_time(fields["callback"]),
        by_email=_time(fields["answer_by_email"]),
    )


def _member(fields: Mapping[str, Any]) -> Member:
    groups = fields.get("groups")
    return Member(
        groups=None if groups is None else frozenset(groups),
        skills=frozenset(fields.get("skills", ())),
        languages=frozenset(fields.get("languages", ())),
        capacity=fields.get("capacity"),
    )


def _time(minutes: int | str) -> timedelta | None:
    return None if minutes == NEVER else timedelta(minutes=int(minutes))


def _plan(fields: Mapping[str, Any]) -> Plan:
    days = fields.get("days", DAYS[:5])
    at = clock_of(fields["at"])
    assert at is not None, "the checks have let it through"
    return Plan(at, frozenset(map(DAYS.index, days)), fields.get("channel", ""))
