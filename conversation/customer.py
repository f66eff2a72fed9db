"""Who is writing: the customer and what is known about them, each field with a purpose."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from conversation.shop import Order


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer the company knows. Fields are the allow-list; docs/privacy.md has the purposes."""

    id: str
    name: str
    email: str
    language: str
    tier: str
    since: date
    city: str


@dataclass(frozen=True, slots=True)
class CustomerContext:
    """What is known at the start of a session. `customer` is None for an anonymous visitor."""

    customer: Customer | None
    orders: tuple[Order, ...] = ()


class DirectoryUnavailable(Exception):
    """The directory gave no usable answer; the text is for the log. Only facts are missing."""


class CustomerDirectory(Protocol):
    """Where customers are known: the shop's database, or a company's own CRM."""

    async def find(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None. Raises: DirectoryUnavailable."""
        ...
