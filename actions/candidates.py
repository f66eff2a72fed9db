"""The orders that a task may be about: for which it is possible, and why not for the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actions.services import services
from actions.task_rules import Task
from actions.wording import standing
from conversation.shop import Order


@dataclass(frozen=True, slots=True)
class Candidates:
    """`free`: the task is possible. `barred`: of the right kind, yet the shop would refuse it.

    `why_not` is a sentence for every order that is not free, by its number.
    """

    everything: tuple[Order, ...] = ()
    free: tuple[Order, ...] = ()
    barred: tuple[Order, ...] = ()
    why_not: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_choose_from(self) -> tuple[Order, ...]:
        """Those which are offered where it is asked which one."""
        return self.free or self.barred

    def with_number(self, number: str | None) -> Order | None:
        """The order with this number, where the customer has one."""
        return next((order for order in self.everything if order.number == number), None)


async def candidates(task: Task, orders: Sequence[Order]) -> Candidates:
    """Sort the customer's orders for the task, as of today."""
    if task.orders is None:
        return Candidates(tuple(orders))
    today = services().clock().date()
    right_kind = [order for order in orders if task.orders.fits(order, today)]
    why_not: dict[str, str] = {}
    for order in orders:
        against = await services().shop.objection(task.orders.called, order)
        if against or order not in right_kind:
            why_not[order.number] = against or standing(order, today)
    return Candidates(
        everything=tuple(orders),
        free=tuple(order for order in right_kind if order.number not in why_not),
        barred=tuple(order for order in right_kind if order.number in why_not),
        why_not=why_not,
    )
