"""The account on the demo shop's page, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from conversation.clock import utc_now
from conversation.shop import DataRequest
from heard.settings import ROOT
from store.demo import load_demo_shop
from store.shop import SqlShop
from tests.door import Door, open_door

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        await load_demo_shop(opened.store, ROOT / "data" / "demo" / "shop.json", utc_now().date())
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    yield await context.new_page()
    await context.close()


async def test_a_task_shows_without_a_reload_and_an_open_letter_stays_open(door: Door, page: Page):
    shop = SqlShop(door.store, utc_now)
    await shop.resend_invoice("demo-omar", "1021", key="m1")
    await page.goto(f"{door.url}/?as=demo-omar")
    account = page.locator("#account")
    await expect(account).to_contain_text("Arrived damaged")
    await page.wait_for_load_state("networkidle")
    await account.get_by_text("Invoice for order 1021").click()
    await expect(account).to_contain_text("Total with delivery: 149.00 EUR")
    await shop.refund("demo-omar", "1020", "broken", key="m2")
    await shop.request_data("demo-omar", DataRequest.COPY, key="m3")
    await expect(account).to_contain_text("Refund on its way")
    await expect(account).to_contain_text("A copy of your data")
    await expect(account.get_by_text("Total with delivery: 149.00 EUR")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
async def test_the_account_has_no_flaw_that_axe_knows(door: Door, page: Page, width: int):
    shop = SqlShop(door.store, utc_now)
    await shop.resend_invoice("demo-omar", "1021", key="m1")
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(f"{door.url}/?as=demo-omar")
    results = await Axe().run(page, context="#account")
    assert results.violations_count == 0, results.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
