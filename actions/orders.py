"""The customer's own orders: which there are, which are meant, how one is chosen."""

import re
from collections.abc import Sequence

from actions.message import Incoming
from actions.services import services
from conversation.shop import Order

_MAX_BUTTONS = 4
_WORD = re.compile(r"[^\W\d_]{3,}")
_TELLING = 4  # letters: a shorter word ("set", "box") names an item only with all its others


async def own_orders(message: Incoming) -> tuple[Order, ...]:
    """The customer's orders, newest first; none for an anonymous visitor."""
    if message.customer_id is None:
        return ()
    return await services().shop.orders_of(message.customer_id)


def orders_named(message: Incoming, orders: Sequence[Order]) -> list[Order]:
    """The orders one of whose items is named, as in "the head torch one"; best fits only."""
    said = _words(" ".join((message.own_words, *message.named.get("product", ()))))
    shared = {o.number: max(_shared(said, _words(item)) for item in o.items) for o in orders}
    most = max(shared.values(), default=0)
    return [order for order in orders if most and shared[order.number] == most]


def order_buttons(orders: Sequence[Order]) -> list[dict[str, str]]:
    """One button an order; pressing it says the order's number."""
    return [
        {"title": f"{o.number} · {o.title}", "payload": f"Order {o.number}"}
        for o in orders[:_MAX_BUTTONS]
    ]


def _shared(said: set[str], item: set[str]) -> int:
    telling = sum(len(word) >= _TELLING for word in said & item)
    return telling + (item <= said)


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower())}
