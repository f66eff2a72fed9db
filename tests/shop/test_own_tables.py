"""What the demo shop's own tables keep to: the limit, the prices, and what came before them."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command

from conversation.shop import DataRequest
from heard.settings import ROOT
from store.database import connect
from store.live import LocalLive
from store.migrate import config, upgrade
from store.shop import SqlShop
from store.shop_rules import with_delivery
from store.store import SqlStore
from tests.shop.conftest import NOON, refusal

DEMO = json.loads((ROOT / "data" / "demo" / "shop.json").read_text())
ORDERS = [order for one in DEMO["customers"] for order in one["orders"]]


async def test_the_limit_is_the_last_amount_that_needs_no_person(sqlite_store: SqlStore):
    just_below = SqlShop(sqlite_store, lambda: NOON, refund_limit_cents=3689)
    told = await refusal(just_below.refund("demo-nora", "1019", "late", key="m1"))
    assert "Refunds above 36.89 EUR" in told
    exactly = SqlShop(sqlite_store, lambda: NOON, refund_limit_cents=3690)
    assert (await exactly.refund("demo-nora", "1019", "late", key="m1")).order_number == "1019"


async def test_an_account_without_an_address_gets_no_letter(sqlite_store: SqlStore):
    async with sqlite_store.work() as work:
        ada = await work.shop.customer("demo-ada")
        assert ada is not None
        await work.shop.add(replace(ada, email=""), [])
    shop = SqlShop(sqlite_store, lambda: NOON)
    assert "no e-mail address" in await refusal(shop.resend_invoice("demo-ada", "1001", key="m1"))
    assert "no e-mail address" in await refusal(
        shop.request_data("demo-ada", DataRequest.COPY, key="m2")
    )
    async with sqlite_store.read() as work:
        assert await work.data_requests.of("demo-ada") == []


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: str(order["number"]))
def test_a_demo_order_costs_what_its_items_cost(order: dict[str, object]):
    prices = {one["name"]: round(one["price"] * 100) for one in DEMO["products"]}
    items = order["items"]
    assert isinstance(items, list)
    assert with_delivery(sum(prices[name] for name in items)) == round(
        float(str(order["total"])) * 100
    )


def test_the_demo_shows_every_task():
    sold_out = {one["name"] for one in DEMO["products"] if one["stock"] == 0}
    assert any(sold_out & set(order["items"]) for order in ORDERS)
    small = {order["state"] for order in ORDERS if order["total"] <= 50}
    assert {"shipped", "delivered", "delivered_damaged"} <= small
    assert {one.get("newsletter", False) for one in DEMO["customers"]} == {True, False}
    assert all(one["email"].endswith((".org", ".com")) for one in DEMO["customers"])


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    sync = url.replace("+aiosqlite", "")
    engine = sa.create_engine(sync)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_what_was_there_before_the_tasks_is_kept(tmp_path_factory: pytest.TempPathFactory):
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('old') / 'old.db'}"
    command.upgrade(config(url), "0001")
    with _connection(url) as old:
        old.exec_driver_sql(
            "INSERT INTO customers VALUES ('c', 'C', 'c@x.org', 'en', 'gold', '2020-01-01', 'X')"
        )
        old.exec_driver_sql(
            "INSERT INTO orders VALUES ('7', 'c', '[\"Tent\"]', 100, 'EUR', 'cancelled', "
            "'2026-01-01', 'S', NULL, NULL, NULL, NULL, 0, NULL)"
        )
        old.exec_driver_sql(
            "INSERT INTO shop_tasks VALUES ('t', 'm1', 'cancel', 'c', '7', "
            "'Order 7 is cancelled.', '', '2026-01-01 00:00:00')"
        )
    upgrade(url)
    with _connection(url) as new:
        assert new.exec_driver_sql("SELECT id, newsletter FROM customers").all() == [("c", 0)]

    async def again() -> str:
        store = SqlStore(connect(url), LocalLive())
        receipt = await SqlShop(store, lambda: NOON).cancel("c", "7", key="m1")
        await SqlShop(store, lambda: NOON).set_newsletter("c", True, key="m1")
        await store.close()
        return receipt.fact

    assert asyncio.run(again()) == "Order 7 is cancelled."
    command.downgrade(config(url), "0001")
    with _connection(url) as old:
        assert old.exec_driver_sql("SELECT key, task FROM shop_tasks").all() == [("m1", "cancel")]
        assert old.exec_driver_sql("SELECT number FROM orders").all() == [("7",)]


@pytest.mark.parametrize(
    ("task", "customer", "number"),
    [
        ("cancel", "demo-ben", "1003"),
        ("change_address", "demo-ben", "1003"),
        ("start_return", "demo-omar", "1021"),
        ("refund", "demo-kemi", "1016"),
        ("resend_invoice", "demo-elif", "1006"),
        ("send_return_label", "demo-gita", "1009"),
        ("reorder", "demo-elif", "1006"),
    ],
)
async def test_an_objection_is_the_refusal_before_it_comes(
    sqlite_store: SqlStore, task: str, customer: str, number: str
):
    shop = SqlShop(sqlite_store, lambda: NOON)
    (order,) = [one for one in await shop.orders_of(customer) if one.number == number]
    more = ("late",) if task in ("change_address", "start_return", "refund") else ()
    told = await refusal(getattr(shop, task)(customer, number, *more, key="m1"))
    assert await shop.objection(task, order) == told


async def test_nothing_speaks_against_what_the_shop_does(sqlite_store: SqlStore):
    shop = SqlShop(sqlite_store, lambda: NOON)
    (order,) = await shop.orders_of("demo-nora")
    assert await shop.objection("refund", order) is None
    await shop.refund("demo-nora", "1019", "late", key="m1")
