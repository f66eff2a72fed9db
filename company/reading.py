"""Read what a company's API answers, as docs/shop-api.md says it; anything else is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from company.api import NoAnswer
from conversation.customer import Customer
from conversation.shop import Order, OrderState, Receipt

_LONGEST = 500  # of any text, in characters
_FEW = 5


class Fields:
    """The fields of one JSON object. Every reading raises NoAnswer with the field's name."""

    def __init__(self, raw: Any, what: str) -> None:
        if not isinstance(raw, Mapping):
            raise NoAnswer(f"{what} is no object")
        self._raw = raw
        self._what = what

    def text(self, name: str) -> str:
        """A text that is not empty."""
        found = self.text_or_none(name)
        if not found:
            raise self._wrong(name)
        return found

    def text_or_none(self, name: str) -> str | None:
        """A text, or None where it is missing."""
        found = self._raw.get(name)
        if found is None:
            return None
        if not isinstance(found, str) or len(found) > _LONGEST:
            raise self._wrong(name)
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, at least one."""
        found = self._raw.get(name)
        if not isinstance(found, list) or not found:
            raise self._wrong(name)
        return tuple(Fields({name: one}, self._what).text(name) for one in found)

    def few_texts(self, name: str) -> tuple[str, ...]:
        """A list of at most five texts; none where it is missing."""
        found = self._raw.get(name)
        if found in (None, []):
            return ()
        if isinstance(found, list) and len(found) > _FEW:
            raise self._wrong(name)
        return self.texts(name)

    def cents(self, name: str, missing: int | None = None) -> int:
        """An amount in cents, not negative; `missing` where it is left out and may be."""
        found = self.cents_or_none(name)
        if found is None and (name in self._raw or missing is None):
            raise self._wrong(name)
        return found if found is not None else missing or 0

    def cents_or_none(self, name: str) -> int | None:
        """An amount in cents, not negative, or None where it is missing."""
        found = self._raw.get(name)
        if found is None:
            return None
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise self._wrong(name)
        return found

    def day(self, name: str) -> date:
        """A date such as 2026-03-04."""
        found = self.day_or_none(name)
        if found is None:
            raise self._wrong(name)
        return found

    def day_or_none(self, name: str) -> date | None:
        """A date, or None where it is missing."""
        found = self.text_or_none(name)
        try:
            return None if found is None else date.fromisoformat(found)
        except ValueError:
            raise self._wrong(name) from None

    def state(self, name: str) -> OrderState:
        """One of the states of an order."""
        try:
            return OrderState(self.text(name))
        except ValueError:
            raise self._wrong(name) from None

    def _wrong(self, name: str) -> NoAnswer:
        return NoAnswer(f"{name} of {self._what} is not as docs/shop-api.md says")


def read_orders(body: Any, customer_id: str) -> tuple[Order, ...]:
    """The orders of a customer, newest first whatever their order was. Raises: NoAnswer."""
    listed = body.get("orders") if isinstance(body, Mapping) else None
    if not isinstance(listed, list):
        raise NoAnswer("orders is no list")
    orders = [_order(Fields(raw, "an order"), customer_id) for raw in listed]
    return tuple(sorted(orders, key=lambda order: (order.placed_on, order.number), reverse=True))


def _order(fields: Fields, customer_id: str) -> Order:
    return Order(
        number=fields.text("number"),
        customer_id=customer_id,
        items=fields.texts("items"),
        total_cents=fields.cents("total_cents"),
        currency=fields.text("currency"),
        state=fields.state("state"),
        placed_on=fields.day("placed_on"),
        address=fields.text("address"),
        due_on=fields.day_or_none("due_on"),
        delivered_on=fields.day_or_none("delivered_on"),
        carrier=fields.text_or_none("carrier"),
        tracking=fields.text_or_none("tracking"),
        refund_cents=fields.cents("refund_cents", missing=0),
        refund_due_on=fields.day_or_none("refund_due_on"),
        missed_on=fields.day_or_none("missed_on"),
        return_until=fields.day_or_none("return_until"),
        replaces=fields.text_or_none("replaces"),
    )


def read_receipt(body: Any, task: str, number: str | None) -> Receipt:
    """What was done; `number` stands where the answer names no order. Raises: NoAnswer."""
    fields = Fields(body, "a receipt")
    return Receipt(task, fields.text_or_none("order_number") or number, fields.text("fact"))


def read_message(body: Any) -> str | None:
    """The plain sentence of a refusal, or None where there is none that can be shown."""
    if not isinstance(body, Mapping):
        return None
    try:
        return Fields(body, "a refusal").text("message")
    except NoAnswer:
        return None


def read_customer(body: Any, customer_id: str) -> Customer:
    """A customer. Raises: NoAnswer."""
    fields = Fields(body, "a customer")
    return Customer(
        id=customer_id,
        name=fields.text("name"),
        email=fields.text_or_none("email") or "",
        language=fields.text("language"),
        tier=fields.text("tier"),
        since=fields.day("since"),
        lifetime_value_cents=fields.cents_or_none("lifetime_value_cents"),
        currency=fields.text_or_none("currency"),
        preferences=fields.few_texts("preferences"),
    )
