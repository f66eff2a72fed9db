"""The page at the root: the demo shop, or how to embed the chat."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import httpx
import jwt
import pytest

from conversation.customer import Customer
from conversation.shop import Order, OrderState
from heard.settings import ROOT
from tests.door import IDENTITY_KEY, open_door
from tests.patience import PATIENT_S
from website.orders import in_a_line
from website.shop_page import DEMO_IDS

TODAY = date(2026, 5, 4)


def order(state: OrderState, due_in_days: int | None = None) -> Order:
    return Order(
        number="1",
        customer_id="demo-ada",
        items=("Tent",),
        total_cents=100,
        currency="EUR",
        state=state,
        placed_on=TODAY,
        address="-",
        due_on=None if due_in_days is None else TODAY + timedelta(days=due_in_days),
    )


async def test_the_demo_shop_signs_in_whom_one_chooses(tmp_path: Path) -> None:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        nobody = (await http.get("/")).text
        assert "Ada Demo" in nobody
        assert "An order 4 days late" in nobody
        assert "data-identity" not in nobody
        ada = await http.get("/", params={"as": "demo-ada"})
        assert ada.headers["cache-control"] == "no-store"
        (identity,) = re.findall(r'data-identity="([^"]+)"', ada.text)
        claims = jwt.decode(identity, IDENTITY_KEY, ["HS256"], audience="heard")
        assert claims["sub"] == "demo-ada"
        opened = (await http.post("/api/session", json={"identity": identity})).json()
        assert opened["customer"] == "Ada Demo"


async def test_an_unknown_customer_leads_back_to_the_shop(tmp_path: Path) -> None:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        response = await http.get("/", params={"as": "nobody-known"})
        assert (response.status_code, response.headers["location"]) == (302, "/")


async def test_nobody_can_be_chosen_who_is_no_demo_customer(tmp_path: Path) -> None:
    real = Customer("104477", "A Customer", "c@example.com", "en", "gold", TODAY)
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        async with door.store.work() as work:
            await work.shop.add(real, [])
        assert "A Customer" not in (await http.get("/")).text
        assert (await http.get("/", params={"as": "104477"})).status_code == 302


def test_the_demo_shops_own_customers_can_be_chosen() -> None:
    shop = json.loads((ROOT / "data" / "demo" / "shop.json").read_text())
    assert all(one["id"].startswith(DEMO_IDS) for one in shop["customers"])


async def test_without_the_demo_nobody_can_be_chosen(tmp_path: Path) -> None:
    async with open_door(tmp_path, demo=False) as door:
        async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
            text = (await http.get("/", params={"as": "demo-ada"})).text
        assert "data-identity=&#34;" not in text
        assert "Ada Demo" not in text
        assert f"{door.url}/widget/support-chat.js" in text
        assert not re.search(r"eyJ[\w-]+\.", text)


async def test_names_are_shown_as_text(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        name = '"><script>alert(1)</script>'
        evil = Customer("demo-eve", name, "e@example.com", "en", "gold", TODAY)
        async with door.store.work() as work:
            await work.shop.add(evil, [])
        async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
            text = (await http.get("/", params={"as": "demo-eve"})).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


async def test_every_file_that_the_pages_name_is_there(tmp_path: Path) -> None:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        text = (await http.get("/")).text
        for path in sorted(set(re.findall(r'(?:src|href)="(/(?:shop|widget)/[^"]+)"', text))):
            assert (await http.get(path)).status_code == 200, path
        script = await http.get("/widget/support-chat.js")
        assert script.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["../site.py", "%2e%2e/site.py", "css/../../site.py"])
async def test_nothing_beside_the_widget_can_be_read(tmp_path: Path, path: str) -> None:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        response = await http.get(f"/widget/{path}")
        assert response.status_code == 404
        assert "secret" not in response.text


@pytest.mark.parametrize(
    ("orders", "line"),
    [
        ([], "No orders yet"),
        ([order(OrderState.DELIVERED)], "1 order, nothing open"),
        ([order(OrderState.SHIPPED, -1)], "An order 1 day late"),
        (
            [order(OrderState.PAYMENT_FAILED), order(OrderState.SHIPPED, 3)],
            "A payment that failed, a parcel on its way",
        ),
    ],
)
def test_orders_are_told_in_one_line(orders: list[Order], line: str) -> None:
    assert in_a_line(orders, TODAY) == line
