"""The rules of offers and handoffs as they stand in a file, checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conversation.handoff_rules import HandoffRules
from store.front_matter import BadFrontMatter, Document, read_yaml

_FIELDS = ("cost_ratio", "sooner")
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
    return HandoffRules(float(values["cost_ratio"]), values["sooner"])


def _problems(document: Document) -> Iterator[tuple[str, str]]:
    """The field and what to do about it."""
    values = document.values
    for name in values:
        if name not in _FIELDS:
            moved = "; opening hours stand in data/desk.yml" if name == "hours" else ""
            yield name, f"there is no field {name}: use {', '.join(_FIELDS)}{moved}"
    checks = {"cost_ratio": _wrong_ratio, "sooner": _wrong_tiers}
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
