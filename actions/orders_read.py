"""A customer's orders as one message found them: asked for once, also where the shop is down."""

from collections import OrderedDict

from conversation.shop import Order, Shop, ShopUnavailable

_MOST_KEPT = 256  # messages, many more than are answered at one time

_Found = tuple[Order, ...] | ShopUnavailable


class OrdersRead:
    """What the shop said while a message was answered: one question a turn, one time-out."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, _Found] = OrderedDict()

    async def of(self, shop: Shop, customer_id: str, message_id: str) -> tuple[Order, ...]:
        """The customer's orders, newest first. Raises: ShopUnavailable, each time in this turn."""
        if message_id not in self._found:
            self._keep(message_id, await _asked(shop, customer_id))
        found = self._found[message_id]
        if isinstance(found, ShopUnavailable):
            raise found
        return found

    def forget(self, message_id: str) -> None:
        """After a task: the orders are not what they were."""
        self._found.pop(message_id, None)

    def _keep(self, message_id: str, found: _Found) -> None:
        self._found[message_id] = found
        if len(self._found) > _MOST_KEPT:
            self._found.popitem(last=False)


async def _asked(shop: Shop, customer_id: str) -> _Found:
    try:
        return await shop.orders_of(customer_id)
    except ShopUnavailable as error:
        return error
