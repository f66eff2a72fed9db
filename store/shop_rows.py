"""Customers, orders and the task log, as rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.customer import Customer
from conversation.shop import Order, OrderState, Receipt
from store.tables import CustomerRow, OrderRow, ShopTaskRow

_UNPAID = (OrderState.PAYMENT_FAILED.value, OrderState.CANCELLED.value)


class ShopRows:
    """Reads and changes the demo shop's tables."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def customer(self, customer_id: str) -> Customer | None:
        """The customer, or None."""
        row = await self._session.get(CustomerRow, customer_id)
        return _customer(row) if row else None

    async def locked_customer(self, customer_id: str) -> Customer | None:
        """The customer, locked for the rest of a writing transaction. None where there is none."""
        query = select(CustomerRow).where(CustomerRow.id == customer_id).with_for_update()
        row = (await self._session.scalars(query)).first()
        return _customer(row) if row else None

    async def customers(self) -> Sequence[Customer]:
        """All customers by name."""
        rows = await self._session.scalars(select(CustomerRow).order_by(CustomerRow.name))
        return [_customer(row) for row in rows]

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """The customer's orders, newest first."""
        query = (
            select(OrderRow)
            .where(OrderRow.customer_id == customer_id)
            .order_by(OrderRow.placed_on.desc(), OrderRow.number.desc())
        )
        return tuple(_order(row) for row in await self._session.scalars(query))

    async def paid_so_far(self, customer_id: str) -> tuple[int, str] | None:
        """What the customer has paid and not got back, in cents, and the currency.

        None without an order that was paid, and where there are several currencies.
        """
        query = (
            select(OrderRow.currency, func.sum(OrderRow.total_cents - OrderRow.refund_cents))
            .where(OrderRow.customer_id == customer_id, OrderRow.state.not_in(_UNPAID))
            .group_by(OrderRow.currency)
        )
        sums = (await self._session.execute(query)).all()
        return (int(sums[0][1]), sums[0][0]) if len(sums) == 1 else None

    async def order(self, number: str) -> Order | None:
        """The order; locked for the rest of a writing transaction. None where there is none."""
        query = select(OrderRow).where(OrderRow.number == number).with_for_update()
        row = (await self._session.scalars(query)).first()
        return _order(row) if row else None

    async def replacement_of(self, number: str) -> str | None:
        """The number of the order that was sent in the place of this one, or None."""
        query = select(OrderRow.number).where(OrderRow.replaces == number)
        return (await self._session.scalars(query)).first()

    async def place(self, order: Order) -> None:
        """Keep a new order. Raises: IntegrityError where its number is taken."""
        self._session.add(_order_row(order))
        await self._session.flush()

    async def put(self, order: Order) -> None:
        """Keep the order as it is now; for demo data also a new one."""
        await self._session.merge(_order_row(order))
        await self._session.flush()

    async def newsletter(self, customer_id: str) -> bool:
        """True where the customer gets the newsletter."""
        return (await self._session.get_one(CustomerRow, customer_id)).newsletter

    async def set_newsletter(self, customer_id: str, subscribed: bool) -> None:
        """Begin or stop to send the newsletter."""
        (await self._session.get_one(CustomerRow, customer_id)).newsletter = subscribed
        await self._session.flush()

    async def receipt(self, customer_id: str, key: str, task: str) -> Receipt | None:
        """What was already done for the customer under this key, or None."""
        query = select(ShopTaskRow).where(
            ShopTaskRow.customer_id == customer_id,
            ShopTaskRow.key == key,
            ShopTaskRow.task == task,
        )
        row = (await self._session.scalars(query)).first()
        return Receipt(row.task, row.order_number, row.fact) if row else None

    async def log(
        self, key: str, customer_id: str, receipt: Receipt, detail: str, at: datetime
    ) -> None:
        """Note that the task was done; `detail` is what the customer gave for it."""
        self._session.add(
            ShopTaskRow(
                id=str(uuid4()),
                key=key,
                task=receipt.task,
                customer_id=customer_id,
                order_number=receipt.order_number,
                fact=receipt.fact,
                detail=detail,
                at=at,
            )
        )
        await self._session.flush()

    async def details(self, customer_id: str) -> Sequence[str]:
        """What was given for the tasks of this customer, oldest first."""
        query = select(ShopTaskRow.detail).where(ShopTaskRow.customer_id == customer_id)
        return list(await self._session.scalars(query.order_by(ShopTaskRow.at, ShopTaskRow.id)))

    async def add(self, customer: Customer, orders: Sequence[Order]) -> None:
        """Add or replace a customer and orders: for demo data."""
        await self._session.merge(
            CustomerRow(
                id=customer.id,
                name=customer.name,
                email=customer.email,
                language=customer.language,
                tier=customer.tier,
                since=customer.since,
                preferences=list(customer.preferences),
            )
        )
        await self._session.flush()
        for order in orders:
            await self.put(order)


def _customer(row: CustomerRow) -> Customer:
    return Customer(
        id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        tier=row.tier,
        since=row.since,
        preferences=tuple(row.preferences),
    )


def _order(row: OrderRow) -> Order:
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        items=tuple(row.items),
        total_cents=row.total_cents,
        currency=row.currency,
        state=OrderState(row.state),
        placed_on=row.placed_on,
        address=row.address,
        due_on=row.due_on,
        delivered_on=row.delivered_on,
        carrier=row.carrier,
        tracking=row.tracking,
        refund_cents=row.refund_cents,
        refund_due_on=row.refund_due_on,
        missed_on=row.missed_on,
        return_until=row.return_until,
        replaces=row.replaces,
    )


def _order_row(order: Order) -> OrderRow:
    return OrderRow(
        number=order.number,
        customer_id=order.customer_id,
        items=list(order.items),
        total_cents=order.total_cents,
        currency=order.currency,
        state=order.state.value,
        placed_on=order.placed_on,
        address=order.address,
        due_on=order.due_on,
        delivered_on=order.delivered_on,
        carrier=order.carrier,
        tracking=order.tracking,
        refund_cents=order.refund_cents,
        refund_due_on=order.refund_due_on,
        missed_on=order.missed_on,
        return_until=order.return_until,
        replaces=order.replaces,
    )
