"""What agents may have the shop do, and up to where: the company's policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from conversation.amounts import money
from staff.account import Role, Staff

_RISING = (Role.AGENT, Role.LEAD, Role.ADMIN)
_WHO = {Role.AGENT: "an agent", Role.LEAD: "a lead", Role.ADMIN: "an admin"}
NOBODY = "nobody may decide that: an admin can change data/remedies.yml"

Limits = Mapping[Role, Mapping[str, int]]


class Task(StrEnum):
    """What an agent may have done."""

    REFUND = "refund"
    SEND_AGAIN = "send_again"
    EXTEND_RETURN = "extend_return"
    INVOICE = "invoice"
    RETURN_LABEL = "return_label"

    @property
    def needs_reason(self) -> bool:
        """True where somebody will ask why."""
        return self not in (Task.INVOICE, Task.RETURN_LABEL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent wants done with an order: `cents` to pay back, `days` to add.

    `reason` is for staff and for the shop; the customer does not see it.
    """

    task: Task
    number: str
    cents: int = 0
    days: int = 0
    reason: str = ""

    def words(self, currency: str) -> str:
        """The wish as a noun, such as "Refund of 12.00 EUR for order 1004"."""
        more = "1 day" if self.days == 1 else f"{self.days} days"
        return {
            Task.REFUND: f"Refund of {money(self.cents, currency)} for order {self.number}",
            Task.SEND_AGAIN: f"Order {self.number} sent again at no cost",
            Task.EXTEND_RETURN: f"{more} more to return order {self.number}",
            Task.INVOICE: f"Invoice for order {self.number}",
            Task.RETURN_LABEL: f"Return label for order {self.number}",
        }[self.task]

    def done_words(self, currency: str) -> str:
        """What was done, for staff, such as "Refunded 12.00 EUR on order 1004"."""
        more = "1 day" if self.days == 1 else f"{self.days} days"
        return {
            Task.REFUND: f"Refunded {money(self.cents, currency)} on order {self.number}",
            Task.SEND_AGAIN: f"Sent order {self.number} again at no cost",
            Task.EXTEND_RETURN: f"Gave {more} more to return order {self.number}",
            Task.INVOICE: f"Sent the invoice for order {self.number}",
            Task.RETURN_LABEL: f"Sent the return label for order {self.number}",
        }[self.task]


def _nothing() -> Limits:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RemedyRules:
    """What data/remedies.yml says.

    `refund`, `send_again`: cents by role and currency; `extend_return`: days by role; `resend`:
    what may be sent once more. Without any, nothing may be done.
    """

    refund: Limits = field(default_factory=_nothing)
    send_again: Limits = field(default_factory=_nothing)
    extend_return: Mapping[Role, int] = field(default_factory=lambda: MappingProxyType({}))
    resend: frozenset[Task] = frozenset()

    def offers(self, task: Task) -> bool:
        """Whether anybody may have it done."""
        limits: Mapping[Task, object] = {
            Task.REFUND: self.refund,
            Task.SEND_AGAIN: self.send_again,
            Task.EXTEND_RETURN: self.extend_return,
        }
        return bool(limits[task]) if task in limits else task in self.resend

    def limit(self, task: Task, agent: Staff, currency: str) -> int:
        """The highest limit that this person has: cents, or days; 0 where there is none."""
        return max((self._of(task, role, currency) for role in agent.roles), default=0)

    def decider(self, task: Task, wanted: int, currency: str) -> str:
        """Who may decide that much, in words that end a sentence."""
        who = self._who(task, wanted, currency)
        return f"{who} may decide that" if who else NOBODY

    def whom_to_ask(self, task: Task, wanted: int, currency: str) -> str:
        """The same, as what an agent who may not decide it does."""
        who = self._who(task, wanted, currency)
        return f"ask {who}" if who else NOBODY

    def _who(self, task: Task, wanted: int, currency: str) -> str:
        able = (role for role in _RISING if self._of(task, role, currency) >= wanted)
        return next((_WHO[role] for role in able), "")

    def _of(self, task: Task, role: Role, currency: str) -> int:
        if task is Task.EXTEND_RETURN:
            return self.extend_return.get(role, 0)
        limits = self.refund if task is Task.REFUND else self.send_again
        return limits.get(role, {}).get(currency, 0)
