"""The demo shop's page shows what it holds on the customer who is signed in, and to nobody else."""

from pathlib import Path

import httpx
import pytest

from conversation.clock import utc_now
from conversation.customer import Customer
from conversation.shop import DataRequest
from heard.settings import ROOT
from store.demo import load_demo_shop
from store.shop import SqlShop
from tests.door import Door, open_door
from tests.patience import PATIENT_S

DEMO = ROOT / "data" / "demo" / "shop.json"


async def account_of(door: Door, customer_id: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
        return await http.get("/account", params={"as": customer_id})


async def test_every_kind_of_task_shows_in_the_account(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        await load_demo_shop(door.store, DEMO, utc_now().date())
        shop = SqlShop(door.store, utc_now)
        before = (await account_of(door, "demo-omar")).text
        assert "Arrived damaged" in before
        assert "None yet" in before
        assert "omar@example.org" in before
        await shop.refund("demo-omar", "1020", "broken", key="m1")
        await shop.resend_invoice("demo-omar", "1021", key="m2")
        await shop.set_newsletter("demo-omar", False, key="m3")
        await shop.request_data("demo-omar", DataRequest.DELETION, key="m4")
        after = (await account_of(door, "demo-omar")).text
        assert "Refund on its way" in after
        assert "23.90 EUR back by" in after
        assert "Invoice for order 1021" in after
        assert "The deletion of your data" in after
        assert "To omar@example.org" not in after


async def test_the_account_is_on_the_page_of_who_is_signed_in(tmp_path: Path) -> None:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        signed_in = (await http.get("/", params={"as": "demo-ada"})).text
        assert "Your account" in signed_in
        assert (await account_of(door, "demo-ada")).text in signed_in.replace(
            "          <div", "<div"
        )
        nobody = (await http.get("/")).text
        assert "Your account" not in nobody
        assert "account.js" not in nobody


@pytest.mark.parametrize("customer_id", ["", "nobody", "demo-nobody", "104477"])
async def test_nobodys_account_is_shown_who_is_no_demo_customer(
    tmp_path: Path, customer_id: str
) -> None:
    real = Customer("104477", "A Customer", "c@example.com", "en", "gold", utc_now().date())
    async with open_door(tmp_path) as door:
        async with door.store.work() as work:
            await work.shop.add(real, [])
        answer = await account_of(door, customer_id)
    assert answer.status_code == 404
    assert "c@example.com" not in answer.text


async def test_without_the_demo_there_are_no_accounts(tmp_path: Path) -> None:
    async with open_door(tmp_path, demo=False) as door:
        assert (await account_of(door, "demo-ada")).status_code == 404
