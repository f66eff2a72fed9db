"""Who is writing: the customer and what is known about them.

What may be known, and what for, stands in data/customer_fields.yml; `allowed` blanks all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from conversation.contacts import NOTHING_BEFORE, Past
from conversation.shop import Order


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer the company knows.

    `lifetime_value_cents` is what they have paid so far, in `currency`; None where not known.
    `preferences` are short phrases, such as "E-mail rather than calls".
    """

    id: str
    name: str
    email: str
    language: str
    tier: str
    since: date | None
    lifetime_value_cents: int | None = None
    currency: str | None = None
    preferences: tuple[str, ...] = ()


def shortened(email: str) -> str:
    """An e-mail address that its owner knows and nobody else can use, such as a…@example.com."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


@dataclass(frozen=True, slots=True)
class CustomerContext:
    """What is known at the start of a session. `customer` is None for an anonymous visitor.

    `missing` names what a system did not answer in time: "customer", "orders", "past". `as_of` is
    set where something is from memory, because a system did not answer: how old it is.
    """

    customer: Customer | None
    orders: tuple[Order, ...] = ()
    past: Past = NOTHING_BEFORE
    missing: frozenset[str] = frozenset()
    as_of: datetime | None = None


class DirectoryUnavailable(Exception):
    """The directory gave no usable answer; the text is for the log. Only facts are missing."""


class CustomerDirectory(Protocol):
    """Where customers are known: the shop's database, or a company's own CRM."""

    async def find(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None. Raises: DirectoryUnavailable."""
        ...


NEEDED = frozenset({"id", "name", "orders"})  # without these the assistant can do nothing
_OF_CUSTOMER: Mapping[str, Mapping[str, Any]] = {
    "email": {"email": ""},
    "language": {"language": ""},
    "tier": {"tier": ""},
    "since": {"since": None},
    "lifetime_value": {"lifetime_value_cents": None, "currency": None},
    "preferences": {"preferences": ()},
}
_OF_PAST: Mapping[str, Mapping[str, Any]] = {
    "contacts": {"contacts": ()},
    "open_case": {"open_case": None},
    "last_rating": {"rating": None},
}
OF_VISIT = frozenset({"pages", "time_zone"})
FIELDS = frozenset({*NEEDED, *_OF_CUSTOMER, *_OF_PAST, *OF_VISIT})
"""Every field that can be known: data/customer_fields.yml allows all or some of them."""


def allowed(context: CustomerContext, fields: frozenset[str]) -> CustomerContext:
    """The context without what `fields` does not allow."""
    past = replace(context.past, **_blanks(_OF_PAST, fields))
    customer = context.customer and replace(context.customer, **_blanks(_OF_CUSTOMER, fields))
    return replace(context, customer=customer, past=past)


def _blanks(groups: Mapping[str, Mapping[str, Any]], fields: frozenset[str]) -> dict[str, Any]:
    blanks: dict[str, Any] = {}
    for name, blank in groups.items():
        if name not in fields:
            blanks |= blank
    return blanks
