"""The help pages in a real browser: for every reader, on small screens, without scripts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.door import Door, open_door

pytestmark = pytest.mark.asyncio(loop_scope="session")

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/help",
    "/help/boot-sizes",
    "/help/pitch-the-ridge-2",
    "/help?q=wash",
    "/help?q=zebra",
    "/help/nothing-here",
)


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("size", [(1280, 900), (320, 568), (320, 256)])
async def test_axe_finds_nothing_and_nothing_is_cut_off(
    door: Door, browser: Browser, size: tuple[int, int]
) -> None:
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    for path in PAGES:
        await page.goto(f"{door.url}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        report = await Axe().run(page, options={"runOnly": WCAG})
        assert report.response["violations"] == [], path
        small = await page.evaluate(
            "[...document.querySelectorAll('main li > a, .search input, .search button')]"
            ".filter(one => one.getBoundingClientRect().height < 24).map(one => one.textContent)"
        )
        assert small == [], path
    await context.close()


async def test_without_scripts_one_searches_reads_and_goes_back(
    door: Door, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{door.url}/help")
    await page.get_by_label("Search the help pages").fill("washing my down jacket")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Wash the down jacket").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Wash the down jacket")
    await page.get_by_role("link", name="Care", exact=True).click()
    await expect(page.get_by_role("heading", name="Care", exact=True)).to_be_in_viewport()
    await context.close()


async def test_the_keyboard_reaches_the_content_first(door: Door, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{door.url}/help/boot-sizes")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Help", exact=True).nth(1)).to_be_focused()
    await context.close()
