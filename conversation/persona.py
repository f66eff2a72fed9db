"""Personas and pivotal moments: by visible rules over what a customer has done. Pure.

The rules stand in data/personas.yml. What they find is shown to agents, and to leads with the name
of the rule; nothing is decided by it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, le

from conversation.customer import CustomerContext
from conversation.shop import Order, OrderState

Facts = Mapping[str, int | str | None]
_RETURNS = (OrderState.RETURNING, OrderState.REFUND_PENDING, OrderState.REFUNDED)
_COMPARED = {"=": eq, ">=": ge, "<=": le}
_CONDITION = re.compile(r"(\w+) *(>=|<=|=) *(\w+)")

OF_CUSTOMER = {
    "orders": "how many orders there are",
    "open_orders": "how many of them the customer still waits for",
    "returned_orders": "how many of them went back or are going back",
    "customer_days": "days since the first day as a customer",
    "lifetime_value": "what was paid so far, in whole units of the currency",
    "days_since_order": "days since the newest order was placed",
    "days_since_first_order": "days since the oldest order was placed",
}
OF_ORDER = {
    "state": "one of the states of an order",
    "position": "1 for the customer's first order, 2 for the second",
    "placed_days_ago": "days since it was placed",
    "days_late": "days past the promised day, while it is on its way",
    "missed_days_ago": "days since the carrier came in vain",
    "refund_days_late": "days past the promised day of a refund that is pending",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact compared with a value. A fact that is not known fulfils no condition."""

    fact: str
    sign: str
    value: int | str

    def holds(self, facts: Facts) -> bool:
        """Whether it is so."""
        known = facts[self.fact]
        return known is not None and bool(_COMPARED[self.sign](known, self.value))


def read_condition(text: str, known: Mapping[str, str]) -> Condition:
    """Read "orders >= 3". Args: known: the facts there are. Raises: ValueError with what to do."""
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text}" is no condition: write it like "orders >= 3", with =, >= or <=')
    fact, sign, value = found.groups()
    if fact not in known:
        raise ValueError(f"{fact} is no fact here: known are {', '.join(known)}")
    if fact == "state":
        if sign != "=" or value not in set(OrderState):
            raise ValueError(f"state can only be = one of {', '.join(OrderState)}")
        return Condition(fact, sign, value)
    if not value.isdecimal():
        raise ValueError(f"{fact} is a number: {value} is none")
    return Condition(fact, sign, int(value))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name, what it says of the customer, and what must all hold for it."""

    name: str
    says: str
    when: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        """Whether all its conditions hold."""
        return all(condition.holds(facts) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in their order: of the personas the first that holds is taken."""

    personas: tuple[Rule, ...] = ()
    moments: tuple[Rule, ...] = ()


NO_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules found: one persona or none, and moments with the numbers of their orders."""

    persona: Rule | None = None
    moments: tuple[tuple[Rule, str], ...] = ()

    @property
    def who(self) -> tuple[tuple[str, str], ...]:
        """The persona, as label and value for agents; empty where there is none."""
        return (("Persona", self.persona.says),) if self.persona else ()

    @property
    def what(self) -> tuple[tuple[str, str], ...]:
        """The moments in one line, as label and value for agents; empty where none is."""
        told = [f"{rule.says}, order {number}" for rule, number in self.moments]
        return (("Moments", "; ".join(told)),) if told else ()

    @property
    def by_rule(self) -> tuple[str, ...]:
        """The persona and the moments for leads, each with the rule that found it."""
        persona = [f"Persona: {self.persona.says}{_rule(self.persona)}"] if self.persona else []
        told = [f"{rule.says}, order {number}{_rule(rule)}" for rule, number in self.moments]
        return (*persona, *([f"Moments: {'; '.join(told)}"] if told else []))


def _rule(rule: Rule) -> str:
    return f" (rule {rule.name})"


def standing(rules: Rules, context: CustomerContext, today: date) -> Standing:
    """What the rules say of the customer; nothing of a visitor who is not known."""
    if context.customer is None:
        return Standing()
    facts = _of_customer(context, today)
    persona = next((rule for rule in rules.personas if rule.holds(facts)), None)
    first_to_last = sorted(context.orders, key=lambda order: (order.placed_on, order.number))
    found = [
        (rule, order.number)
        for rule in rules.moments
        for position, order in enumerate(first_to_last, start=1)
        if rule.holds(_of_order(order, position, today))
    ]
    return Standing(persona, tuple(found))


def _of_customer(context: CustomerContext, today: date) -> Facts:
    customer, orders = context.customer, context.orders
    known = "orders" not in context.missing
    worth = customer.lifetime_value_cents if customer else None
    since = customer.since if customer else None
    return {
        "orders": len(orders) if known else None,
        "open_orders": sum(order.open for order in orders) if known else None,
        "returned_orders": _returned(orders) if known else None,
        "customer_days": (today - since).days if since else None,
        "lifetime_value": worth // 100 if worth is not None else None,
        "days_since_order": _days(max((o.placed_on for o in orders), default=None), today),
        "days_since_first_order": _days(min((o.placed_on for o in orders), default=None), today),
    }


def _returned(orders: Sequence[Order]) -> int:
    return sum(order.state in _RETURNS for order in orders)


def _of_order(order: Order, position: int, today: date) -> Facts:
    pending = order.state is OrderState.REFUND_PENDING
    return {
        "state": order.state.value,
        "position": position,
        "placed_days_ago": (today - order.placed_on).days,
        "days_late": order.days_late(today),
        "missed_days_ago": _days(order.missed_on, today),
        "refund_days_late": _days(order.refund_due_on, today) if pending else None,
    }


def _days(since: date | None, today: date) -> int | None:
    return None if since is None else (today - since).days
