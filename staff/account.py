"""Staff accounts and their roles."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a staff member may do. Agents handle cases, leads review, admins set up."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works here. `name` is what customers see when this person answers."""

    id: str
    email: str
    name: str
    roles: frozenset[Role]
    slack_user: str | None = None


class Accounts(Protocol):
    """Where staff accounts live."""

    async def by_email(self, email: str) -> tuple[Staff, str] | None:
        """The account and its argon2id password hash, or None. The case of e-mail is ignored."""
        ...

    async def by_id(self, staff_id: str) -> Staff | None:
        """The account, or None."""
        ...

    async def by_slack_user(self, slack_user: str) -> Staff | None:
        """The account that belongs to this Slack user, or None."""
        ...
