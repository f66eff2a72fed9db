"""The list of what may be known of a customer: data/customer_fields.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conversation.customer import FIELDS, NEEDED
from store.front_matter import BadFrontMatter, read_yaml

_SAYS = ("purpose", "seen by", "kept")


class BadCustomerFields(ValueError):
    """The list cannot be used; the text names file, line and what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that may be known, what for, who sees it and how long it is kept."""

    name: str
    purpose: str
    seen_by: str
    kept: str


def load_customer_fields(path: Path) -> tuple[Field, ...]:
    """The fields that are allowed, in the order of the list. Raises: BadCustomerFields."""
    try:
        document = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadCustomerFields(f"{path} cannot be read: it lists what may be known.") from error
    except BadFrontMatter as error:
        raise BadCustomerFields(f"{path.name}:{error.line}: {error}") from error
    for name, said in document.values.items():
        if problem := _problem(name, said):
            raise BadCustomerFields(f"{path.name}:{document.line(name)}: {problem}")
    if missing := sorted(NEEDED - set(document.values)):
        raise BadCustomerFields(f"{path.name}:1: {', '.join(missing)} cannot be taken out")
    return tuple(
        Field(name, *(said[one].strip() for one in _SAYS)) for name, said in document.values.items()
    )


def _problem(name: str, said: Any) -> str | None:
    if name not in FIELDS:
        return f"{name} is no field: known are {', '.join(sorted(FIELDS))}"
    if not isinstance(said, Mapping) or sorted(said) != sorted(_SAYS):
        return f"give {name} exactly: {', '.join(_SAYS)}"
    for one in _SAYS:
        if not isinstance(said[one], str) or not said[one].strip():
            return f"{one} of {name} must be a text that is not empty"
    return None


def fields_table(fields: tuple[Field, ...]) -> str:
    """The list as docs/privacy.md shows it, in Markdown."""
    head = "| field | purpose | who sees it | kept |\n|---|---|---|---|\n"
    rows = (f"| {one.name} | {one.purpose} | {one.seen_by} | {one.kept} |" for one in fields)
    return head + "\n".join(rows) + "\n"
