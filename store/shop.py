"""The demo shop behind `Shop` and `CustomerDirectory`: SQL tables of our own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from conversation.amounts import day, money
from conversation.clock import Clock
from conversation.customer import Customer, shortened
from conversation.shop import DataRequest, Order, OrderState, Receipt, Refused
from store import letters, shop_changes, shop_rules
from store.data_requests import DataWish
from store.letters import DATA_WISHES
from store.shop_changes import ShopDesk
from store.store import SqlStore

REFUND_LIMIT_CENTS = 5000
_DATA_ANSWER_TAKES = timedelta(days=30)


class SqlDirectory:
    """Satisfies `CustomerDirectory` from the shop's own tables."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def find(self, customer_id: str) -> Customer | None:
        """The customer with this id and what they have paid so far, or None."""
        async with self._store.read() as work:
            customer = await work.shop.customer(customer_id)
            paid = await work.shop.paid_so_far(customer_id) if customer else None
        if customer is None or paid is None:
            return customer
        return replace(customer, lifetime_value_cents=paid[0], currency=paid[1])


class SqlShop:
    """Satisfies `Shop` from the shop's own tables. Refunds above the limit need a person."""

    def __init__(
        self, store: SqlStore, clock: Clock, refund_limit_cents: int = REFUND_LIMIT_CENTS
    ) -> None:
        self._store = store
        self._clock = clock
        self._refund_limit_cents = refund_limit_cents

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of the customer, newest first."""
        async with self._store.read() as work:
            return await work.shop.orders_of(customer_id)

    async def objection(self, task: str, order: Order) -> str | None:
        """Why the rules of store/shop_rules.py would refuse it; stock and prices are not asked."""
        return shop_rules.objection(task, order, self._clock().date(), self._refund_limit_cents)

    async def cancel(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Cancel an order that has not been handed to the carrier; what was paid comes back."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_be_cancellable(order)
            await desk.work.stock.put_back(order.items)
            await desk.work.shop.put(shop_changes.cancelled(order, desk.today))
            return Receipt("cancel", number, f"Order {number} is cancelled.")

        return await self._order_once("cancel", customer_id, number, key, change)

    async def change_address(
        self, customer_id: str, number: str, address: str, *, key: str
    ) -> Receipt:
        """Send an order that has not been handed to the carrier to another address."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_be_redirectable(order)
            await desk.work.shop.put(replace(order, address=address))
            return Receipt("change_address", number, f"Order {number} now goes to {address}.")

        return await self._order_once("change_address", customer_id, number, key, change, address)

    async def start_return(
        self, customer_id: str, number: str, reason: str, *, key: str
    ) -> Receipt:
        """Open a return for an order that came within 30 days."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_be_returnable(order, desk.today)
            await desk.work.shop.put(replace(order, state=OrderState.RETURNING))
            return Receipt("start_return", number, f"The return of order {number} is open.")

        return await self._order_once("start_return", customer_id, number, key, change, reason)

    async def refund(self, customer_id: str, number: str, reason: str, *, key: str) -> Receipt:
        """Pay back what was paid for an order that came within 30 days or is late."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_be_refundable(order, desk.today, self._refund_limit_cents)
            paid_back = shop_changes.paid_back(order, desk.today)
            await desk.work.shop.put(replace(paid_back, state=OrderState.REFUND_PENDING))
            amount, due_on = (
                money(order.total_cents, order.currency),
                desk.today + shop_changes.REFUND_TAKES,
            )
            fact = f"{amount} for order {number} come back to you by {day(due_on)}."
            return Receipt("refund", number, fact)

        return await self._order_once("refund", customer_id, number, key, change, reason)

    async def resend_invoice(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the invoice of a paid order to the customer's e-mail address."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_have_invoice(order)
            to = await desk.send(letters.invoice(order))
            fact = f"The invoice for order {number} was sent to {to}."
            return Receipt("resend_invoice", number, fact)

        return await self._order_once("resend_invoice", customer_id, number, key, change)

    async def send_return_label(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the label of an open return to the customer's e-mail address."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            shop_rules.must_be_returning(order)
            to = await desk.send(letters.return_label(order))
            fact = f"The return label for order {number} was sent to {to}."
            return Receipt("send_return_label", number, fact)

        return await self._order_once("send_return_label", customer_id, number, key, change)

    async def reorder(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Place the same order again under a new number, for no more than it cost."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            new = await shop_changes.placed_again(desk, order)
            await desk.send(letters.confirmation(new))
            amount, due_on = (
                money(new.total_cents, new.currency),
                day(desk.today + shop_changes.DELIVERY_TAKES),
            )
            fact = (
                f"Order {new.number} is placed: {new.title} for {amount}, to {new.address}. "
                f"It should arrive by {due_on}."
            )
            return Receipt("reorder", new.number, fact)

        return await self._order_once("reorder", customer_id, number, key, change)

    async def set_newsletter(self, customer_id: str, subscribed: bool, *, key: str) -> Receipt:
        """Begin or stop to send the newsletter to the customer's e-mail address."""

        async def change(desk: ShopDesk) -> Receipt:
            await desk.work.shop.set_newsletter(customer_id, subscribed)
            goes = "now goes" if subscribed else "no longer goes"
            fact = f"The newsletter {goes} to {shortened(desk.customer.email)}."
            return Receipt("set_newsletter", None, fact)

        detail = "on" if subscribed else "off"
        return await self._once("set_newsletter", customer_id, key, change, detail)

    async def request_data(self, customer_id: str, kind: DataRequest, *, key: str) -> Receipt:
        """Note the wish, to be answered within 30 days; an open one of the kind stays as it is."""

        async def change(desk: ShopDesk) -> Receipt:
            wish = await desk.work.data_requests.open(customer_id, kind)
            if wish is None:
                wish = DataWish(kind, desk.now, desk.today + _DATA_ANSWER_TAKES)
                await desk.work.data_requests.add(customer_id, wish)
                await desk.send(letters.data_request(kind, wish.due_on))
            fact = f"Your request for {DATA_WISHES[kind]} is noted since {day(wish.asked_at)}."
            return Receipt("request_data", None, f"{fact} It is answered by {day(wish.due_on)}.")

        return await self._once("request_data", customer_id, key, change, kind.value)

    async def pay_back(
        self, customer_id: str, number: str, cents: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Pay back a part of what was paid, or all of it, as a person decided."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            return await shop_changes.pay_back(desk, order, cents)

        detail = f"{cents} cents by {by}: {reason}"
        return await self._order_once("pay_back", customer_id, number, key, change, detail)

    async def send_again(
        self, customer_id: str, number: str, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Send the same items once more at no cost, as a person decided."""
        change, detail = shop_changes.send_again, f"by {by}: {reason}"
        return await self._order_once("send_again", customer_id, number, key, change, detail)

    async def extend_return(
        self, customer_id: str, number: str, days: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Let an order that arrived be returned for longer, as a person decided."""

        async def change(desk: ShopDesk, order: Order) -> Receipt:
            return await shop_changes.extend_return(desk, order, days)

        detail = f"{days} days by {by}: {reason}"
        return await self._order_once("extend_return", customer_id, number, key, change, detail)

    async def _order_once(
        self,
        task: str,
        customer_id: str,
        number: str,
        key: str,
        change: Callable[[ShopDesk, Order], Awaitable[Receipt]],
        detail: str = "",
    ) -> Receipt:
        unknown = f"There is no order {number} in your account."

        async def change_order(desk: ShopDesk) -> Receipt:
            order = await desk.work.shop.order(number)
            if order is None or order.customer_id != customer_id:
                raise Refused(unknown)
            return await change(desk, order)

        return await self._once(task, customer_id, key, change_order, detail, unknown)

    async def _once(
        self,
        task: str,
        customer_id: str,
        key: str,
        change: Callable[[ShopDesk], Awaitable[Receipt]],
        detail: str = "",
        unknown: str = "The shop does not know your account. Ask for a person.",
    ) -> Receipt:
        async with self._store.work() as work:
            # Locked first: the same call at the same moment waits here and then sees the receipt.
            customer = await work.shop.locked_customer(customer_id)
            if customer is None:
                raise Refused(unknown)
            done = await work.shop.receipt(customer_id, key, task)
            if done is not None:
                return done
            now = self._clock()
            receipt = await change(ShopDesk(work, customer, now))
            await work.shop.log(key, customer_id, receipt, detail, now)
        return receipt
