"""What may be done with which order, as the policy and what was done before leave it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversation.amounts import money
from conversation.shop import ARRIVED, WITHOUT_INVOICE, Order, OrderState
from handoff.case import CaseError
from handoff.remedies.rules import NOBODY, RemedyRules, Task, Wish
from staff.account import Staff


class Stands(StrEnum):
    """How far a remedy has come. ASKED: the shop's answer is not known."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A wish as it was sent to the shop. `key` is the form's own; `fact` what then held."""

    case_id: str
    key: str
    customer_id: str
    agent: str
    wish: Wish
    currency: str
    asked_at: datetime
    stands: Stands = Stands.ASKED
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One task that fits one order.

    `may`: whether this agent may have it done. `most`: cents that may be paid back, days that may
    be added, 0 for the other tasks. `hint` says so in a few words, and who may decide more.
    """

    task: Task
    order: Order
    may: bool = True
    most: int = 0
    hint: str = ""


class BadWish(CaseError):
    """The form has to be filled in otherwise. `field`: "amount", "days", "reason" or "order"."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class Policy:
    """The rules, for one agent and one customer's orders, with what was done before.

    `before`: the customer's remedies. Those that the shop refused do not count.
    """

    def __init__(
        self, rules: RemedyRules, agent: Staff, orders: Sequence[Order], before: Sequence[Remedy]
    ) -> None:
        self._rules = rules
        self._agent = agent
        self._orders = {order.number: order for order in orders}
        self._before = [remedy for remedy in before if remedy.stands is not Stands.REFUSED]

    def choices(self) -> tuple[Choice, ...]:
        """All that fits, the customer's newest order first."""
        orders, tasks = self._orders.values(), [task for task in Task if self._rules.offers(task)]
        fitting = ((task, order) for order in orders for task in tasks if self._fits(task, order))
        return tuple(self._choice(task, order) for task, order in fitting)

    def check(self, wish: Wish) -> Order:
        """The order that the wish is about. Raises: BadWish where the policy does not let it be."""
        order = self._orders.get(wish.number)
        if order is None:
            raise BadWish(f"This customer has no order {wish.number}. Choose another.", "order")
        if not self._rules.offers(wish.task):
            raise BadWish(f"This is done for no customer: {NOBODY}.", "order")
        wanted = {Task.REFUND: wish.cents, Task.EXTEND_RETURN: wish.days}.get(wish.task)
        wanted = self._least(wish.task, order) if wanted is None else wanted
        if wanted > self._room(wish.task, order):
            raise BadWish(self._too_much(wish.task, order, wanted), _FIELDS[wish.task])
        return order

    def _fits(self, task: Task, order: Order) -> bool:
        paid = order.state not in WITHOUT_INVOICE and order.total_cents > 0
        sent = order.state in (OrderState.SHIPPED, *ARRIVED)
        replaced = any(other.replaces == order.number for other in self._orders.values())
        return {
            Task.REFUND: paid and order.left_cents > 0,
            Task.SEND_AGAIN: sent and not replaced,
            Task.EXTEND_RETURN: order.state in ARRIVED,
            Task.INVOICE: paid,
            Task.RETURN_LABEL: order.state is OrderState.RETURNING,
        }[task]

    def _choice(self, task: Task, order: Order) -> Choice:
        room, least = self._room(task, order), self._least(task, order)
        if room < least:
            who = self._rules.decider(task, self._used(task, order) + least, order.currency)
            return Choice(task, order, may=False, hint=who)
        if task not in (Task.REFUND, Task.EXTEND_RETURN):
            return Choice(task, order)
        hint = f"up to {_amount(task, room, order)}"
        if task is Task.REFUND and room < order.left_cents:
            whole = self._used(task, order) + room + 1
            hint = f"{hint}; above that {self._rules.whom_to_ask(task, whole, order.currency)}"
        return Choice(task, order, most=room, hint=hint)

    def _room(self, task: Task, order: Order) -> int:
        """How much of the task this agent may still have done for the order."""
        if task in (Task.INVOICE, Task.RETURN_LABEL):
            return 0
        room = self._rules.limit(task, self._agent, order.currency) - self._used(task, order)
        if task is Task.REFUND:
            room = min(room, order.total_cents - self._used(task, order))
        return max(0, room)

    def _least(self, task: Task, order: Order) -> int:
        """How much of it the smallest wish is."""
        if task in (Task.INVOICE, Task.RETURN_LABEL):
            return 0
        return self._worth(order) if task is Task.SEND_AGAIN else 1

    def _used(self, task: Task, order: Order) -> int:
        """What counts already, also where nobody knows whether the shop has done it."""
        same = [
            one for one in self._before if (one.wish.task, one.wish.number) == (task, order.number)
        ]
        if task is Task.EXTEND_RETURN:
            return sum(one.wish.days for one in same)
        if task is not Task.REFUND:
            return 0
        done = sum(one.wish.cents for one in same if one.stands is Stands.DONE)
        asked = sum(one.wish.cents for one in same if one.stands is Stands.ASKED)
        return max(order.refund_cents, done) + asked

    def _worth(self, order: Order) -> int:
        """What the first order cost that this one was sent in the place of."""
        while not order.total_cents and order.replaces in self._orders:
            order = self._orders[order.replaces]
        return order.total_cents

    def _too_much(self, task: Task, order: Order, wanted: int) -> str:
        used = self._used(task, order)
        if task is Task.REFUND and used + wanted > order.total_cents:
            left = money(max(0, order.total_cents - used), order.currency)
            return f"Of order {order.number} {left} are left to pay back. Give that or less."
        limit = self._rules.limit(task, self._agent, order.currency)
        what = {
            Task.REFUND: f"You may pay back {_amount(task, limit, order)} for one order",
            Task.SEND_AGAIN: f"You may send again what was worth {_amount(task, limit, order)}",
            Task.EXTEND_RETURN: f"You may add {_amount(task, limit, order)} to one order",
        }[task]
        before = f", and {_amount(task, used, order)} count already" if used else ""
        who = self._rules.decider(task, used + wanted, order.currency)
        in_all = " in all" if used else ""
        return f"{what}{before}. For {_amount(task, used + wanted, order)}{in_all}: {who}."


_FIELDS = {Task.REFUND: "amount", Task.EXTEND_RETURN: "days", Task.SEND_AGAIN: "order"}


def _amount(task: Task, number: int, order: Order) -> str:
    if task is Task.EXTEND_RETURN:
        return "1 day" if number == 1 else f"{number} days"
    return money(number, order.currency)


def cents_of(text: str) -> int:
    """The amount that was typed, such as 12, 12.50 or 12,50. Raises: BadWish."""
    found = _TYPED.fullmatch(text.strip())
    if not found or not int(found[1] + (found[2] or "").ljust(2, "0")):
        raise BadWish("Give an amount such as 12.50, without its currency.", "amount")
    return int(found[1] + (found[2] or "").ljust(2, "0"))


def days_of(text: str) -> int:
    """The number of days that was typed. Raises: BadWish."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and int(typed)):
        raise BadWish("Give a whole number of days, such as 7.", "days")
    return int(typed)


_TYPED = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")
