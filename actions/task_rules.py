"""The tasks that change an order: which orders they fit, and the words for each."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.wording import money, small
from conversation.shop import ARRIVED, BEFORE_CARRIER, Order, OrderState


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `detail` is the slot it needs beside the order; `confirm` asks before doing it."""

    form: str
    states: tuple[OrderState, ...]
    which: str
    none_fits: str
    confirm: Callable[[Order, str], str]
    detail: str | None = None

    def fits(self, order: Order) -> bool:
        """True where the task is possible for this order."""
        return order.state in self.states


CANCEL = Task(
    form="cancel_form",
    states=BEFORE_CARRIER,
    which="Which order shall I cancel?",
    none_fits="No order of yours can be cancelled now. That is possible until an order leaves our "
    "warehouse.",
    confirm=lambda order, _: (
        f"Shall I cancel {small(order)} for {money(order.total_cents, order.currency)}? "
        "This cannot be undone."
    ),
)
CHANGE_ADDRESS = Task(
    form="address_form",
    states=BEFORE_CARRIER,
    which="Which order shall go to another address?",
    none_fits="No order of yours can go to another address now. That is possible until an order "
    "leaves our warehouse.",
    confirm=lambda order, address: f"Shall {small(order)} go to {address}?",
    detail="new_address",
)
RETURN = Task(
    form="return_form",
    states=ARRIVED,
    which="Which order do you want to return?",
    none_fits="No order of yours can be returned now. A return needs a delivered order.",
    confirm=lambda order, _: f"Shall I open a return for {small(order)}?",
    detail="return_reason",
)

_BY_FORM = {task.form: task for task in (CANCEL, CHANGE_ADDRESS, RETURN)}


def task_of_form(form: str | None) -> Task:
    """The task of the active form. Raises: KeyError where the form belongs to no task."""
    return _BY_FORM[form or ""]
