"""The demo shop as it was delivered, so that no story depends on another."""

import json

from sqlalchemy import delete

from conversation.clock import utc_now
from heard.settings import ROOT
from store.database import connect
from store.demo import _read
from store.live import LocalLive
from store.store import SqlStore
from store.tables import DataRequestRow, LetterRow, OrderRow
from tests.product import Product


async def put_back(product: Product) -> None:
    """Give every demo customer the orders that they began with."""
    raw = json.loads((ROOT / "data" / "demo" / "shop.json").read_text(encoding="utf-8"))
    today = utc_now().date()
    entries = [_read(entry, raw["currency"], today) for entry in raw["customers"]]
    numbers = [order.number for _, orders, _ in entries for order in orders]
    engine = connect(f"sqlite+aiosqlite:///{product.folder / 'heard.db'}")
    async with engine.begin() as connection:
        await connection.execute(delete(LetterRow))
        await connection.execute(delete(DataRequestRow))
        await connection.execute(delete(OrderRow).where(OrderRow.number.not_in(numbers)))
    store = SqlStore(engine, LocalLive())
    async with store.work() as work:
        for customer, orders, newsletter in entries:
            await work.shop.add(customer, orders)
            await work.shop.set_newsletter(customer.id, newsletter)
    await store.close()
