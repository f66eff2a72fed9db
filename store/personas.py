"""The rules of personas and moments as they stand in a file, checked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conversation.persona import OF_CUSTOMER, OF_ORDER, Rule, Rules, read_condition
from store.front_matter import BadFrontMatter, Document, read_yaml

_SAYS = ("kind", "says", "when")
_FACTS = {"persona": OF_CUSTOMER, "moment": OF_ORDER}
_LONGEST = 60


class BadPersonas(ValueError):
    """The file cannot be used. Each line of the text names a place and says what to do."""


def load_personas(file: Path) -> Rules:
    """Read the rules. Raises: BadPersonas naming everything that is wrong."""
    where = f"{file.parent.name}/{file.name}"
    try:
        document = read_yaml(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadPersonas(f"{where} is missing: restore it from the repository") from error
    except (BadFrontMatter, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, BadFrontMatter) else 1
        raise BadPersonas(f"{where}:{line}: {error}") from error
    problems = [f"{where}:{document.line(name)}: {text}" for name, text in _problems(document)]
    if problems:
        raise BadPersonas("\n".join(problems))
    return Rules(_rules(document, "persona"), _rules(document, "moment"))


def _rules(document: Document, kind: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(name, given["says"], tuple(read_condition(one, _FACTS[kind]) for one in given["when"]))
        for name, given in document.values.items()
        if given["kind"] == kind
    )


def _problems(document: Document) -> Iterator[tuple[str, str]]:
    """The rule and what to do about it."""
    for name, given in document.values.items():
        if not isinstance(given, Mapping) or sorted(given) != sorted(_SAYS):
            yield name, f"give {name} exactly: {', '.join(_SAYS)}"
        else:
            yield from ((name, text) for text in _wrong(name, given))


def _wrong(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    facts = _FACTS.get(str(given["kind"]))
    if facts is None:
        yield f"kind of {name} must be persona or moment"
    if not isinstance(given["says"], str) or not 0 < len(given["says"].strip()) <= _LONGEST:
        yield f"says of {name} must be a text of at most {_LONGEST} characters"
    when = given["when"]
    if not isinstance(when, list) or not when or not all(isinstance(one, str) for one in when):
        yield f"when of {name} must be a list of conditions such as orders >= 3"
    elif facts is not None:
        yield from _wrong_conditions(when, facts)


def _wrong_conditions(when: list[str], facts: Mapping[str, str]) -> Iterator[str]:
    for condition in when:
        try:
            read_condition(condition, facts)
        except ValueError as error:
            yield str(error)
