"""One message in a form: which of its slots does it fill, correct or leave alone?"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.message import Event, Incoming, slot
from actions.orders import orders_named
from actions.task_rules import DETAIL_SLOTS, Task
from actions.wording import small
from conversation.shop import Order

_OTHER = re.compile(r"\bother (one|order|parcel|item|thing)\b", re.IGNORECASE)
_SPEAKS_OF_THIS = frozenset({
    "affirm", "deny", "give_order_number", "other_one", "correct_bot", "nlu_fallback",
    "order_status", "out_of_scope",
})  # fmt: skip


class Filling:
    """What a message changes in the form of `task`: slots, and what is to be said about it.

    Nothing changed means that the message is no answer: Rasa then lets the rules answer it.
    """

    def __init__(
        self, task: Task, slots: dict[str, Any], message: Incoming, *, entered: bool
    ) -> None:
        self._task = task
        self._slots = slots
        self._message = message
        self._entered = entered
        self._asked = None if entered else slots.get("requested_slot")
        self._changed: dict[str, Any] = {}
        self.problem: str | None = None

    @property
    def events(self) -> list[Event]:
        """The changes as Rasa's events."""
        return [slot(name, value) for name, value in self._changed.items()]

    def end(self) -> None:
        """Leave the form as it is: there is nothing that it could be about."""
        self._changed |= {"order_number": None, "requested_slot": None}

    def drop_leftovers(self) -> None:
        """At the beginning: forget what belongs to another task, and an older yes or no."""
        if not self._entered:
            return
        own = self._task.detail.slot if self._task.detail else None
        for name in ("confirmed", *DETAIL_SLOTS):
            if name != own and self._slots.get(name) is not None:
                self._changed[name] = None

    def take_order(self, fitting: Sequence[Order], everything: Sequence[Order]) -> None:
        """Settle the order: the one named, the other one, the one in the context, the only one."""
        numbers = [order.number for order in fitting]
        held = self._slots.get("order_number")
        current = held if held in numbers else None
        given = self._number_given(held)
        if given is not None and given not in numbers:
            self.problem = _not_possible(given, everything)
            self._choose(None, held)
            return
        chosen = given or self._other(numbers, current) or self._by_words(fitting, current)
        if chosen is None and self._wants_other(current):
            self._choose(None, held)
        elif chosen is None and (self._entered or self._message.intent == "affirm"):
            self._choose(current or (numbers[0] if len(numbers) == 1 else None), held)
        elif chosen is not None:
            self._choose(chosen, held)

    def take_detail(self) -> None:
        """Read the detail from the message where it was asked for, is known, or is corrected."""
        detail = self._task.detail
        if detail is None:
            return
        if self._entered:
            if self._slots.get(detail.slot) is None and (found := detail.known(self._message)):
                self._changed[detail.slot] = found
        elif self._asked == detail.slot:
            reading = detail.answer(self._message)
            if reading.value or reading.problem:
                self._changed[detail.slot] = reading.value
                self.problem = reading.problem or self.problem
        elif self._asked == "confirmed" and (found := detail.corrected(self._message)):
            self._changed |= {detail.slot: found, "confirmed": None}

    def take_record(self, order: Order | None, today: date) -> None:
        """Take what the shop's records say of the order that was settled just now: it is known."""
        detail = self._task.detail
        settled = self._entered or "order_number" in self._changed
        if detail is None or order is None or not settled or self.detail():
            return
        if found := detail.recorded(order, today):
            self._changed[detail.slot] = found

    def take_confirmation(self, question: str | None) -> None:
        """Read the yes or the no. Args: question: None where nothing needs to be confirmed."""
        if "confirmed" not in self._task.slots:
            return
        if self._filled() and (question is None or self._agreed_before()):
            self._changed["confirmed"] = True
        elif self._asked == "confirmed" and not self._changed:
            if self._message.intent == "affirm":
                self._changed["confirmed"] = True
            elif self._message.intent == "deny":
                self._changed["confirmed"] = False

    def ask_again(self) -> None:
        """Where the wish was only said once more, the question comes again."""
        again = (*self._task.intents, "affirm", "give_order_number")
        if self._asked and not self._changed and self._message.intent in again:
            self._changed[self._asked] = None

    @property
    def answers(self) -> bool:
        """True where the message fills or corrects something, whatever its intent seems to be."""
        return any(value is not None for value in self._changed.values())

    def detail(self) -> str:
        """The detail as it now is."""
        name = self._task.detail.slot if self._task.detail else ""
        return str(self._changed.get(name, self._slots.get(name)) or "")

    def number(self) -> str | None:
        """The order number as it now is."""
        number: str | None = self._changed.get("order_number", self._slots.get("order_number"))
        return number

    def _agreed_before(self) -> bool:
        """True where the form begins with a yes to an answer that asked all of it."""
        prepared = self._task.detail and self._slots.get(self._task.detail.slot)
        same = self.number() == self._slots.get("order_number")
        return bool(self._entered and prepared and same and self._message.intent == "affirm")

    def _filled(self) -> bool:
        return all(self._changed.get(name, self._slots.get(name)) for name in self._task.slots[:-1])

    def _choose(self, chosen: str | None, held: str | None) -> None:
        if chosen == held:
            return
        self._changed["order_number"] = chosen
        if not self._entered:
            self._changed["confirmed"] = None

    def _number_given(self, held: str | None) -> str | None:
        number = self._message.order_number
        if number is None or number == held:
            return number if self._entered else None
        about_this = self._message.intent in (*self._task.intents, *_SPEAKS_OF_THIS)
        in_text = self._asked == (self._task.detail.slot if self._task.detail else "")
        if in_text and self._message.intent not in ("other_one", "correct_bot"):
            return None  # 4400 may be a house number
        return number if self._entered or about_this else None

    def _wants_other(self, current: str | None) -> bool:
        says = self._message.intent == "other_one" or _OTHER.search(self._message.own_words)
        return bool(says and current)

    def _other(self, numbers: Sequence[str], current: str | None) -> str | None:
        if not self._wants_other(current):
            return None
        others = [number for number in numbers if number != current]
        return others[0] if len(others) == 1 else None

    def _by_words(self, fitting: Sequence[Order], current: str | None) -> str | None:
        speaks = self._message.intent in _SPEAKS_OF_THIS
        if not (self._entered or self._asked == "order_number" or speaks):
            return None
        found = [order.number for order in orders_named(self._message, fitting)]
        if current in found:
            return current
        return found[0] if len(found) == 1 else None


def _not_possible(number: str, orders: Sequence[Order]) -> str:
    for order in orders:
        if order.number == number:
            return f"This is not possible for {small(order)}."
    return f"There is no order {number} in your account."
