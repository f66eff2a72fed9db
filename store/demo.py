"""Load the demo shop: products, customers and orders from a JSON file, dated from today."""

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from conversation.customer import Customer
from conversation.shop import Order, OrderState
from store.stock import Product
from store.store import SqlStore


async def load_demo_shop(store: SqlStore, path: Path, today: date) -> int:
    """Load the products, customers and orders of `path` unless they are there already.

    Returns: how many customers were added; 0 where the demo shop was loaded before, which is
    left as customers and agents have changed it since.
    Raises: ValueError where the file is not usable.
    """
    try:
        raw = json.loads(await asyncio.to_thread(path.read_text, encoding="utf-8"))
        products = [_product(entry, raw["currency"]) for entry in raw["products"]]
        entries = [_read(entry, raw["currency"], today) for entry in raw["customers"]]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"The demo data in {path} cannot be used: {error!r}") from error
    added = 0
    async with store.work() as work:
        await work.stock.add_missing(products)
        for customer, orders, newsletter in entries:
            if await work.shop.customer(customer.id) is None:
                await work.shop.add(customer, orders)
                await work.shop.set_newsletter(customer.id, newsletter)
                added += 1
    return added


def _product(entry: dict[str, Any], currency: str) -> Product:
    return Product(entry["name"], round(entry["price"] * 100), currency, int(entry["stock"]))


def _read(entry: dict[str, Any], currency: str, today: date) -> tuple[Customer, list[Order], bool]:
    customer = Customer(
        id=entry["id"],
        name=entry["name"],
        email=entry["email"],
        language=entry["language"],
        tier=entry["tier"],
        since=date(entry["since"], 1, 1),
        preferences=tuple(entry.get("preferences", ())),
    )
    orders = [_order(raw, entry, currency, today) for raw in entry["orders"]]
    return customer, orders, bool(entry.get("newsletter", False))


def _order(raw: dict[str, Any], owner: dict[str, Any], currency: str, today: date) -> Order:
    def on(name: str) -> date | None:
        return today + timedelta(days=raw[name]) if name in raw else None

    return Order(
        number=raw["number"],
        customer_id=owner["id"],
        items=tuple(raw["items"]),
        total_cents=round(raw["total"] * 100),
        currency=currency,
        state=OrderState(raw["state"]),
        placed_on=today + timedelta(days=raw["placed"]),
        address=owner["address"],
        due_on=on("due"),
        delivered_on=on("delivered"),
        carrier=raw.get("carrier"),
        tracking=raw.get("tracking"),
        refund_cents=round(raw.get("refund", 0) * 100),
        refund_due_on=on("refund_due"),
        missed_on=on("missed"),
    )
