"""What is on sale and left in the demo shop, and the numbers of new orders, as rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import CounterRow, OrderRow, ProductRow

_ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class Product:
    """A product on sale: the price of one without delivery, and how many are left."""

    name: str
    price_cents: int
    currency: str
    stock: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What items cost now, without delivery, and which of them are not to be had."""

    goods_cents: int
    missing: tuple[str, ...]


class StockRows:
    """Reads and changes the stock. Rows are locked in the order of their names."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def quote(self, items: Sequence[str], currency: str) -> Quote:
        """The price of the items, each once, and what is sold out or sold no more."""
        rows = await self._locked(items)
        wanted = Counter(items)
        missing = tuple(
            name
            for name, count in wanted.items()
            if name not in rows or rows[name].stock < count or rows[name].currency != currency
        )
        return Quote(
            sum(rows[name].price_cents * count for name, count in wanted.items() if name in rows),
            missing,
        )

    async def take(self, items: Sequence[str]) -> None:
        """Take the items, which a quote has found, out of the stock."""
        rows = await self._locked(items)
        for name in items:
            rows[name].stock -= 1
        await self._session.flush()

    async def put_back(self, items: Sequence[str]) -> None:
        """Put items back that were not sent; what is sold no more stays away."""
        rows = await self._locked(items)
        for name in items:
            if name in rows:
                rows[name].stock += 1
        await self._session.flush()

    async def next_number(self) -> str:
        """A number that no order has had; others wait for it until the transaction ends."""
        query = select(CounterRow).where(CounterRow.name == _ORDERS).with_for_update()
        row = (await self._session.scalars(query)).one()
        row.value += 1
        while await self._session.get(OrderRow, str(row.value)) is not None:
            row.value += 1
        await self._session.flush()
        return str(row.value)

    async def add_missing(self, products: Sequence[Product]) -> None:
        """Add products that are not there yet: for demo data."""
        for product in products:
            if await self._session.get(ProductRow, product.name) is None:
                self._session.add(
                    ProductRow(
                        name=product.name,
                        price_cents=product.price_cents,
                        currency=product.currency,
                        stock=product.stock,
                    )
                )
        await self._session.flush()

    async def _locked(self, items: Sequence[str]) -> dict[str, ProductRow]:
        query = (
            select(ProductRow)
            .where(ProductRow.name.in_(set(items)))
            .order_by(ProductRow.name)
            .with_for_update()
        )
        return {row.name: row for row in await self._session.scalars(query)}
