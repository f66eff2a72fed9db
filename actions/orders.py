"""The customer's own orders: which there are, which are meant, how one is chosen."""

import re
from collections.abc import Sequence

from actions.message import Incoming
from actions.services import services
from conversation.shop import Order

AT_ONCE = 3  # orders that are told of in one answer
_MAX_BUTTONS = 4
_WORD = re.compile(r"[^\W\d_]{3,}")
_SOME = re.compile(r"\b(one|part|some|half) of\b|\bnot (all|everything|both)\b", re.IGNORECASE)
_TELLING = 4  # letters: a shorter word ("set", "box") names an item only with all its others


async def own_orders(message: Incoming) -> tuple[Order, ...]:
    """The customer's orders, newest first, read once a message; none for an anonymous visitor.

    Raises: ShopUnavailable.
    """
    if message.customer_id is None:
        return ()
    at_hand = services()
    return await at_hand.orders_read.of(at_hand.shop, message.customer_id, message.message_id)


def orders_named(message: Incoming, orders: Sequence[Order]) -> list[Order]:
    """The orders one of whose items is named, as in "the head torch one"; best fits only."""
    said = _words(" ".join((message.own_words, *message.named.get("product", ()))))
    shared = {o.number: max(_shared(said, _words(item)) for item in o.items) for o in orders}
    most = max(shared.values(), default=0)
    return [order for order in orders if most and shared[order.number] == most]


def named_apart(message: Incoming, orders: Sequence[Order]) -> list[Order]:
    """The two or three orders that are named by different items, as in "my boots and my shirt"."""
    said = _words(message.own_words)
    by_words = {o.number: frozenset(said & _words(" ".join(o.items))) for o in orders}
    told = [o for o in orders if any(len(word) >= _TELLING for word in by_words[o.number])]
    apart = len({by_words[order.number] for order in told}) == len(told)
    return told if apart and 1 < len(told) <= AT_ONCE else []


def names_a_part(message: Incoming, order: Order) -> bool:
    """True where some of the order's items are named, or some are said to be meant, not all."""
    said = _words(" ".join((message.own_words, *message.named.get("product", ()))))
    named = sum(bool(said & _words(item)) for item in order.items)
    some = 0 < named < len(order.items) or _SOME.search(message.own_words)
    return len(order.items) > 1 and bool(some)


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
