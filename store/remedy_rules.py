"""What agents may have the shop do, as it stands in a file, checked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handoff.remedies.rules import Limits, RemedyRules, Task
from staff.account import Role
from store.front_matter import BadFrontMatter, Document, read_yaml

_AMOUNTS = ("refund", "send_again")
_FIELDS = (*_AMOUNTS, "extend_return", "resend")
_RESENT = (Task.INVOICE, Task.RETURN_LABEL)
_MOST, _MOST_DAYS = 100_000, 365


class BadRemedyRules(ValueError):
    """The file cannot be used. Each line of the text names a place and says what to do."""


def load_remedy_rules(file: Path) -> RemedyRules:
    """Read the rules. Raises: BadRemedyRules naming everything that is wrong."""
    where = f"{file.parent.name}/{file.name}"
    try:
        document = read_yaml(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadRemedyRules(f"{where} is missing: restore it from the repository") from error
    except (BadFrontMatter, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, BadFrontMatter) else 1
        raise BadRemedyRules(f"{where}:{line}: {error}") from error
    problems = [f"{where}:{document.line(name)}: {text}" for name, text in _problems(document)]
    if problems:
        raise BadRemedyRules("\n".join(problems))
    values = document.values
    return RemedyRules(
        refund=_limits(values.get("refund", {})),
        send_again=_limits(values.get("send_again", {})),
        extend_return={Role(name): days for name, days in values.get("extend_return", {}).items()},
        resend=frozenset(Task(name) for name in values.get("resend", [])),
    )


def _limits(values: Mapping[str, Mapping[str, float]]) -> Limits:
    return {
        Role(name): {currency: round(amount * 100) for currency, amount in amounts.items()}
        for name, amounts in values.items()
    }


def _problems(document: Document) -> Iterator[tuple[str, str]]:
    """The field and what to do about it."""
    checks = {
        "refund": _wrong_amounts,
        "send_again": _wrong_amounts,
        "extend_return": _wrong_days,
        "resend": _wrong_resent,
    }
    for name, value in document.values.items():
        if name not in checks:
            yield name, f"there is no field {name}: use {', '.join(_FIELDS)}"
        else:
            yield from ((name, f"{name}: {text}") for text in checks[name](value))


def _wrong_amounts(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give roles with amounts, such as agent: {EUR: 50.00}"
        return
    for role, amounts in value.items():
        yield from _wrong_role(role)
        if not isinstance(amounts, dict):
            yield f"{role}: give currencies with amounts, such as {{EUR: 50.00}}, not {amounts}"
            continue
        for currency, amount in amounts.items():
            if not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
                yield f"{role}: {currency} is no code of a currency, such as EUR"
            elif type(amount) not in (int, float) or not 0 <= amount <= _MOST:
                yield f"{role}: {currency} must be an amount from 0 to {_MOST}, not {amount}"
            elif round(amount, 2) != amount:
                yield f"{role}: {currency} must be an amount in whole cents, not {amount}"


def _wrong_days(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "give roles with days, such as {agent: 14}"
        return
    for role, days in value.items():
        yield from _wrong_role(role)
        if type(days) is not int or not 0 <= days <= _MOST_DAYS:
            yield f"{role} must be a whole number of days from 0 to {_MOST_DAYS}, not {days}"


def _wrong_resent(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not all(one in _RESENT for one in value):
        yield f"must be a list of {', '.join(_RESENT)}, or [] for nothing, not {value}"


def _wrong_role(role: Any) -> Iterator[str]:
    if role not in list(Role):
        yield f"there is no role {role}: use {', '.join(Role)}"
