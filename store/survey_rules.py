"""The rules of the surveys as they stand in a file, checked."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from conversation.outcome import Outcome
from conversation.survey_rules import ASKED_AFTER, NPS_REST_DAYS, Shares, SurveyRules
from conversation.surveys import SurveyKind
from store.front_matter import BadFrontMatter, Document, read_yaml

_FIELDS = ("after", "rest_days", "nps_rest_days", "low")
_LONGEST_REST_DAYS = 3650


class BadSurveyRules(ValueError):
    """The file cannot be used. Each line of the text names a place and says what to do."""


def load_survey_rules(file: Path) -> SurveyRules:
    """Read the rules. Raises: BadSurveyRules naming everything that is wrong."""
    where = f"{file.parent.name}/{file.name}"
    try:
        document = read_yaml(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadSurveyRules(f"{where} is missing: restore it from the repository") from error
    except (BadFrontMatter, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, BadFrontMatter) else 1
        raise BadSurveyRules(f"{where}:{line}: {error}") from error
    problems = [f"{where}:{document.line(name)}: {text}" for name, text in _problems(document)]
    if problems:
        raise BadSurveyRules("\n".join(problems))
    values = document.values
    return SurveyRules(
        after={Outcome(name): _by_kind(shares) for name, shares in values["after"].items()},
        rest=timedelta(days=values["rest_days"]),
        nps_rest=timedelta(days=values["nps_rest_days"]),
        low=_by_kind(values["low"]),
    )


def _by_kind(values: Mapping[str, int]) -> Shares:
    return {SurveyKind(name): number for name, number in values.items()}


def _problems(document: Document) -> Iterator[tuple[str, str]]:
    """The field and what to do about it."""
    values = document.values
    for name in values:
        if name not in _FIELDS:
            yield name, f"there is no field {name}: use {', '.join(_FIELDS)}"
    checks = {
        "after": _wrong_after,
        "rest_days": lambda value: _wrong_days(value, 0),
        "nps_rest_days": lambda value: _wrong_days(value, NPS_REST_DAYS),
        "low": _wrong_low,
    }
    for name, check in checks.items():
        if name not in values:
            yield name, f"the field {name} is missing: add it"
        else:
            yield from ((name, f"{name}: {text}") for text in check(values[name]))


def _wrong_after(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give outcomes, each with its questions, such as resolved_by_agent: {ces: 100}"
        return
    for name, shares in value.items():
        if name not in ASKED_AFTER:
            yield f"nobody is asked after {name}: use {', '.join(ASKED_AFTER)}"
        yield from (f"{name}: {text}" for text in _wrong_shares(shares))


def _wrong_shares(shares: Any) -> Iterator[str]:
    wrong = list(_wrong_kinds(shares, lambda _: (0, 100)))
    yield from wrong
    if not wrong and sum(shares.values()) > 100:
        yield f"the shares add up to {sum(shares.values())}: make them 100 or less together"


def _wrong_low(value: Any) -> Iterator[str]:
    wrong = list(_wrong_kinds(value, lambda kind: (kind.lowest, kind.highest - 1)))
    yield from wrong
    missing = [kind for kind in SurveyKind if not wrong and kind not in value]
    if missing:
        yield f"add the score of {', '.join(missing)} from which down a colleague is offered"


def _wrong_kinds(value: Any, limits: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give questions with numbers, such as {ces: 100}"
        return
    for name, number in value.items():
        if name not in set(SurveyKind):
            yield f"there is no question {name}: use {', '.join(SurveyKind)}"
            continue
        least, most = limits(SurveyKind(name))
        if type(number) is not int or not least <= number <= most:
            yield f"{name} must be a whole number from {least} to {most}, not {number}"


def _wrong_days(value: Any, least: int) -> Iterator[str]:
    if type(value) is not int or not least <= value <= _LONGEST_REST_DAYS:
        yield f"must be a whole number of days from {least} to {_LONGEST_REST_DAYS}, not {value}"
