"""The demo shop behind `Shop` and `CustomerDirectory`: SQL tables of our own."""

from collections.abc import Awaitable, Callable

from conversation.clock import Clock
from conversation.customer import Customer
from conversation.shop import ARRIVED, BEFORE_CARRIER, Order, OrderState, Receipt, Refused
from store.shop_rows import ShopRows
from store.store import SqlStore


class SqlDirectory:
    """Satisfies `CustomerDirectory` from the shop's own tables."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def find(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None."""
        async with self._store.read() as work:
            return await work.shop.customer(customer_id)


class SqlShop:
    """Satisfies `Shop` from the shop's own tables."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of the customer, newest first."""
        async with self._store.read() as work:
            return await work.shop.orders_of(customer_id)

    async def cancel(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Cancel an order that has not been handed to the carrier."""

        async def change(rows: ShopRows, order: Order) -> str:
            if order.state not in BEFORE_CARRIER:
                raise Refused(f"Order {number} can no longer be cancelled: {_stands(order)}.")
            await rows.set_order(number, state=OrderState.CANCELLED)
            return f"Order {number} is cancelled."

        return await self._once("cancel", customer_id, number, key, change)

    async def change_address(
        self, customer_id: str, number: str, address: str, *, key: str
    ) -> Receipt:
        """Send an order that has not been handed to the carrier to another address."""

        async def change(rows: ShopRows, order: Order) -> str:
            if order.state not in BEFORE_CARRIER:
                raise Refused(
                    f"The address of order {number} can no longer change: {_stands(order)}."
                )
            await rows.set_order(number, address=address)
            return f"Order {number} now goes to {address}."

        return await self._once("change_address", customer_id, number, key, change, address)

    async def start_return(
        self, customer_id: str, number: str, reason: str, *, key: str
    ) -> Receipt:
        """Open a return for a delivered order."""

        async def change(rows: ShopRows, order: Order) -> str:
            if order.state not in ARRIVED:
                raise Refused(f"Order {number} cannot be returned now: {_stands(order)}.")
            await rows.set_order(number, state=OrderState.RETURNING)
            return f"The return of order {number} is open."

        return await self._once("start_return", customer_id, number, key, change, reason)

    async def _once(
        self,
        task: str,
        customer_id: str,
        number: str,
        key: str,
        change: Callable[[ShopRows, Order], Awaitable[str]],
        detail: str = "",
    ) -> Receipt:
        async with self._store.work() as work:
            order = await work.shop.order(number)  # locked first, so that repeats see the receipt
            done = await work.shop.receipt(key, task)
            if done is not None:
                return done
            if order is None or order.customer_id != customer_id:
                raise Refused(f"There is no order {number} in your account.")
            receipt = Receipt(task, number, await change(work.shop, order))
            await work.shop.log(key, customer_id, receipt, detail, self._clock())
        return receipt


_STANDS = {
    OrderState.PAYMENT_FAILED: "its payment failed",
    OrderState.PROCESSING: "it has not left our warehouse",
    OrderState.SHIPPED: "it is with the carrier",
    OrderState.DELIVERED: "it was delivered",
    OrderState.DELIVERED_DAMAGED: "it was delivered and noted as damaged",
    OrderState.RETURNING: "its return is open",
    OrderState.REFUND_PENDING: "its refund is on the way",
    OrderState.REFUNDED: "it was refunded",
    OrderState.CANCELLED: "it is cancelled",
}


def _stands(order: Order) -> str:
    return _STANDS[order.state]
