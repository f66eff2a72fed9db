"""docs/shop-api.md is what the adapters ask and read."""

import json
import re
from dataclasses import fields
from typing import Any

import pytest

from company.api import CompanyApi, NoAnswer
from company.http_shop import HttpShop
from company.reading import read_customer, read_orders, read_receipt
from conversation.customer import Customer
from conversation.shop import DataRequest, Order, OrderState, Shop
from heard.settings import ROOT, Settings
from tests.shop.conftest import TIMEOUT_S
from tests.shop.reference_server import ACCOUNT_TASKS, ORDER_TASKS, TOKEN, ReferenceServer
from tests.shop.test_shop_contract import TASKS

PAGE = (ROOT / "docs" / "shop-api.md").read_text()
CUSTOMER, ORDERS, RECEIPT = (
    json.loads(raw) for raw in re.findall(r"```json\n(.*?)```", PAGE, re.S)
)


def table_after(heading: str) -> dict[str, tuple[str, ...]]:
    """The first table of fields under a heading: the other columns by the first."""
    own = PAGE.split(f"\n### {heading}\n")[1].split("\n### ")[0].split("\n| state |")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", own, re.M)
    return {name: tuple(rest.split(" | ")) for name, rest in rows}


def test_the_requests_are_those_of_the_server():
    requests = set(re.findall(r"`((?:GET|POST) /\S+)`", PAGE))
    order, account = "/customers/{customer}/orders/{number}", "/customers/{customer}"
    assert requests == {
        "GET /health",
        f"GET {account}",
        f"GET {account}/orders",
        *(f"POST {order}/{last}" for last in ORDER_TASKS),
        *(f"POST {account}/{last}" for last in ACCOUNT_TASKS),
    }


async def test_every_task_asks_for_one_of_them(server: ReferenceServer):
    api = CompanyApi(server.url, TOKEN, TIMEOUT_S)
    for _, do in TASKS.values():
        await do(HttpShop(api), "m1")
    await api.close()
    asked = [re.sub(r"(customers|orders)/[^/]+", r"\1/{}", path) for _, path, _ in server.seen]
    order = "/customers/{}/orders/{}"
    assert sorted(asked) == sorted(
        [
            *(f"{order}/{one}" for one in ORDER_TASKS),
            *(f"/customers/{{}}/{o}" for o in ACCOUNT_TASKS),
        ]
    )
    assert {name for name in vars(Shop) if not name.startswith("_")} == {
        *TASKS,
        "orders_of",
        "objection",
    }


def test_the_examples_are_read_whole():
    customer = read_customer(CUSTOMER, "demo-ada")
    [order] = read_orders(ORDERS, "demo-ada")
    receipt = read_receipt(RECEIPT, "cancel", None)
    assert (customer.name, order.total_cents, order.state) == (
        "Ada Demo",
        34800,
        OrderState.SHIPPED,
    )
    assert receipt.order_number == "1001"


@pytest.mark.parametrize(
    ("heading", "example", "names"),
    [
        ("A customer", CUSTOMER, {one.name for one in fields(Customer)} - {"id"}),
        ("Orders", ORDERS["orders"][0], {one.name for one in fields(Order)} - {"customer_id"}),
        ("A receipt", RECEIPT, {"order_number", "fact"}),
    ],
)
def test_the_tables_name_every_field(heading: str, example: dict[str, Any], names: set[str]):
    assert set(table_after(heading)) == set(example) == names


@pytest.mark.parametrize(
    ("heading", "name"),
    [(h, n) for h in ("A customer", "Orders", "A receipt") for n in table_after(h)],
)
def test_what_is_required_is_required_and_the_rest_may_be_left_out(heading: str, name: str):
    required = table_after(heading)[name][0] == "yes"
    try:
        _read_without(heading, name)
    except NoAnswer as error:
        assert required, error
        assert name in str(error)
    else:
        assert not required


def _read_without(heading: str, name: str) -> None:
    def rest(example: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in example.items() if key != name}

    if heading == "A customer":
        read_customer(rest(CUSTOMER), "demo-ada")
    elif heading == "Orders":
        read_orders({"orders": [rest(ORDERS["orders"][0])]}, "demo-ada")
    else:
        read_receipt(rest(RECEIPT), "cancel", None)


def test_states_kinds_and_settings_are_named():
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {state.value for state in OrderState} <= named
    assert {kind.value for kind in DataRequest} <= named
    settings = {f"HEARD_{name}".upper() for name in Settings.model_fields}
    assert set(re.findall(r"HEARD_[A-Z_]+", PAGE)) <= settings
