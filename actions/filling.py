"""One message in a form: which of its slots does it fill, correct or leave alone?"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.candidates import Candidates
from actions.details import Reading
from actions.message import Event, Incoming, slot
from actions.orders import names_a_part, orders_named
from actions.task_rules import DETAIL_SLOTS, Task
from actions.wording import small
from conversation.shop import Order

_OTHER = re.compile(r"\bother (one|order|parcel|item|thing)\b", re.IGNORECASE)
_QUESTION = re.compile(r"^\W*(and |so |but )?(where|when|how|what|why)\b", re.IGNORECASE)
_ALSO = re.compile(
    r"^(and |oh |so )?(also|plus|btw|by the way|another thing|besides)\b|\b(too|as well)\W*$",
    re.IGNORECASE,
)
_ANSWERS = frozenset({
    "affirm", "deny", "give_order_number", "other_one", "correct_bot", "nlu_fallback",
})  # fmt: skip
_SPEAKS_OF_THIS = _ANSWERS | {"order_status", "out_of_scope"}


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

    def end(self, order_number: str | None = None) -> None:
        """Leave the form: it can be about nothing, or only about an order that is not possible."""
        self._changed |= {"order_number": order_number, "requested_slot": None}

    @property
    def ended(self) -> bool:
        """True where the form is left."""
        return "requested_slot" in self._changed

    def drop_leftovers(self) -> None:
        """At the beginning: forget what belongs to another task, and an older yes or no."""
        if not self._entered:
            return
        own = self._task.detail.slot if self._task.detail else None
        for name in ("confirmed", *DETAIL_SLOTS):
            if name != own and self._slots.get(name) is not None:
                self._changed[name] = None

    def take_order(self, orders: Candidates) -> None:
        """Settle the order: the one named, the other one, the one in the context, the only one.

        The form ends with the order that is meant where the shop would refuse it, and for a yes
        which no order was asked about.
        """
        held = self._slots.get("order_number")
        numbers = [order.number for order in orders.to_choose_from]
        current = held if held in numbers else None
        given = self._number_given(held)
        if given is not None and given not in orders.why_not and given not in numbers:
            self._not_there(given, held, any_left=bool(numbers))
            return
        meant = given or self._other(numbers, current) or self._by_words(orders, current)
        if meant is None and (not numbers or self._is_yes_to_nothing(current)):
            self.end()
        elif meant is None and self._wants_other(current):
            self._choose(None, held)
        elif meant is None and (self._entered or self._message.intent == "affirm"):
            self._settle(current or (numbers[0] if len(numbers) == 1 else None), orders)
        elif meant is not None:
            self._settle(meant, orders, by_number=meant == given)

    def take_part(self, order: Order | None) -> None:
        """Where only a part of the order is meant: say that it is all or none, and ask again."""
        whole = self._task.orders and self._task.orders.whole
        if self._asked != "confirmed" or self._changed or order is None or not whole:
            return
        if names_a_part(self._message, order):
            self._changed["confirmed"] = None
            self.problem = (
                f"I can only do this for all of {small(order)}. For a part of it, write "
                '"person" and a colleague sees to it.'
            )

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
        elif self._asked == "confirmed":
            reading = self._corrected()
            if reading.value:
                self._changed |= {detail.slot: reading.value, "confirmed": None}
            elif reading.problem:
                self._changed["confirmed"] = None
                self.problem = reading.problem

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

    def _corrected(self) -> Reading:
        return (
            self._task.detail.corrected(self._message, self.detail())
            if self._task.detail
            else Reading()
        )

    def _settle(self, number: str | None, orders: Candidates, *, by_number: bool = False) -> None:
        """Take this order. One of the wrong kind, by its number: another may have been meant."""
        wrong_kind = by_number and number not in [order.number for order in orders.barred]
        if number is None or number not in orders.why_not:
            self._choose(number, self._slots.get("order_number"))
        elif wrong_kind and orders.free:
            self.problem = orders.why_not[number]
            self._choose(None, self._slots.get("order_number"))
        else:
            self.end(number)

    def _not_there(self, number: str, held: str | None, *, any_left: bool) -> None:
        if not any_left:
            self.end(number)
            return
        self.problem = no_order(number)
        self._choose(None, held)

    def _choose(self, chosen: str | None, held: str | None) -> None:
        if chosen == held:
            return
        self._changed["order_number"] = chosen
        if not self._entered:
            self._changed["confirmed"] = None

    def _is_yes_to_nothing(self, current: str | None) -> bool:
        """True for a yes that begins what is not confirmed again, while no order was spoken of."""
        yes = self._entered and self._message.intent == "affirm"
        return yes and current is None and "confirmed" not in self._task.slots

    def _number_given(self, held: str | None) -> str | None:
        number = self._message.order_number
        if number is None or number == held:
            return number if self._entered else None
        about_this = self._message.intent in (*self._task.intents, *_SPEAKS_OF_THIS)
        in_text = self._asked == (self._task.detail.slot if self._task.detail else "")
        if in_text and self._message.intent not in ("other_one", "correct_bot"):
            return None  # 4400 may be a house number
        if self._asked == "confirmed" and self._corrected().value:
            return None  # and 21142 a postcode
        return number if self._entered or (about_this and not self._is_aside()) else None

    def _wants_other(self, current: str | None) -> bool:
        words = self._message.own_words
        says = _OTHER.search(words) and not _QUESTION.search(words)
        return bool((says or self._message.intent == "other_one") and current)

    def _other(self, numbers: Sequence[str], current: str | None) -> str | None:
        if not self._wants_other(current):
            return None
        others = [number for number in numbers if number != current]
        return others[0] if len(others) == 1 else None

    def _by_words(self, orders: Candidates, current: str | None) -> str | None:
        speaks = self._message.intent in _SPEAKS_OF_THIS
        asked = self._asked == "order_number" and not self._is_aside()
        if not (self._entered or asked or speaks):
            return None
        found = [order.number for order in orders_named(self._message, orders.everything)]
        possible = [one for one in found if one not in orders.why_not] or found
        if current in found:
            return current
        return possible[0] if len(possible) == 1 else None

    def _is_aside(self) -> bool:
        """True for "also the rope is frayed": one more matter, not what was asked for."""
        own = self._message.intent in (*self._task.intents, *_ANSWERS)
        return bool(_ALSO.search(self._message.own_words)) and not own


def no_order(number: str) -> str:
    """What is said of an order number that the customer has no order with."""
    return f"There is no order {number} in your account."
