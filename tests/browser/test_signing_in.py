"""Signing in with a chat open: it comes along when the customer says so, and never otherwise."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from store.review import Found
from tests.browser.test_widget import Chat, no_violations, opened_chat
from tests.door import Door, open_door

_ANY = Found()
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": 1100, "height": 760}, timezone_id="Europe/Madrid"
    )
    yield await context.new_page()
    await context.close()


async def signed_in_after(door: Door, page: Page, text: str) -> Chat:
    """Somebody has written it, and then Ada signs in on the same device."""
    chat = await opened_chat(page, door)
    await chat.say(text)
    await expect(chat.message("Automated", f"You wrote: {text}")).to_be_visible()
    await chat.visit(door, "?as=demo-ada")
    return chat


async def test_a_chat_comes_along_when_the_customer_says_so(door: Door, page: Page) -> None:
    chat = await signed_in_after(door, page, "my tent is torn")
    asked = page.get_by_text("Continue the chat from before you signed in, as Ada Demo?")
    await expect(asked).to_be_visible()
    assert await chat.texts() == []
    await no_violations(page, "asked after signing in")
    await page.get_by_role("button", name="Continue it").click()
    await expect(chat.message("You", "my tent is torn")).to_be_visible()
    await expect(asked).to_be_hidden()
    await expect(chat.field).to_be_focused()
    await chat.say("as Ada")
    await expect(chat.message("Automated", "You wrote: as Ada")).to_be_visible()
    await page.reload()
    await expect(chat.message("You", "my tent is torn")).to_be_visible()
    await expect(asked).to_be_hidden()
    async with door.store.read() as work:
        owners = [one.customer for one in await work.review.page(_ANY, offset=0, limit=5)]
    assert owners == ["Ada Demo"]


async def test_after_signing_out_the_next_one_sees_nothing_of_it(door: Door, page: Page) -> None:
    chat = await signed_in_after(door, page, "my tent is torn")
    await page.get_by_role("button", name="Continue it").click()
    await expect(chat.message("You", "my tent is torn")).to_be_visible()
    await chat.visit(door)
    await chat.say("somebody else")
    await expect(chat.message("Automated", "You wrote: somebody else")).to_be_visible()
    assert await chat.texts() == ["somebody else", "You wrote: somebody else"]
    await chat.visit(door, "?as=demo-bea")
    await page.get_by_role("button", name="No, leave it").click()
    await chat.say("Bea")
    await expect(chat.message("Automated", "You wrote: Bea")).to_be_visible()
    assert await chat.texts() == ["Bea", "You wrote: Bea"]


async def test_a_chat_that_is_left_is_gone_for_everybody_here(door: Door, page: Page) -> None:
    chat = await signed_in_after(door, page, "not mine")
    await page.get_by_role("button", name="No, leave it").press("Enter")
    await expect(page.get_by_role("button", name="Continue it")).to_be_hidden()
    await expect(chat.field).to_be_focused()
    await page.reload()
    await expect(chat.log).to_be_visible()
    await expect(page.get_by_role("button", name="Continue it")).to_be_hidden()
    assert await chat.texts() == []
    await chat.visit(door)
    await chat.say("anew")
    await expect(chat.message("Automated", "You wrote: anew")).to_be_visible()
    assert await chat.texts() == ["anew", "You wrote: anew"]


async def test_an_open_page_of_before_sees_no_more_once_it_was_taken_along(
    door: Door, page: Page
) -> None:
    left_open = await page.context.new_page()
    before = await opened_chat(left_open, door)
    chat = await signed_in_after(door, page, "my tent is torn")
    await expect(before.message("You", "my tent is torn")).to_be_visible()
    await page.get_by_role("button", name="Continue it").click()
    await expect(chat.message("You", "my tent is torn")).to_be_visible()
    await chat.say("a secret of Ada")
    await expect(chat.message("Automated", "You wrote: a secret of Ada")).to_be_visible()
    await expect(before.message("You", "my tent is torn")).to_have_count(0)
    await expect(before.log.get_by_text("a secret of Ada")).to_have_count(0)


async def test_a_chat_tells_pages_without_search_words_and_the_time_zone(
    door: Door, page: Page
) -> None:
    await page.goto(f"{door.url}/?q=private")
    await page.goto(f"{door.url}/help")
    chat = await opened_chat(page, door)
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    async with door.store.read() as work:
        [one] = await work.review.page(_ANY, offset=0, limit=5)
        conversation = await work.conversations.get(one.id)
    assert conversation.pages == ("/", "/help")
    assert conversation.time_zone == "Europe/Madrid"
