"""An address for the answer, as a customer leaves it in the widget."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from conversation.conversation import Conversation
from handoff.promises.callbacks import Callbacks
from tests.browser.test_widget import WCAG, Chat, opened_chat, waiting_case
from tests.door import Door, open_door
from tests.unit.test_callbacks import ADDRESS

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1100, "height": 760})
    yield await context.new_page()
    await context.close()


async def _in_the_queue(page: Page, door: Door, query: str = "") -> Chat:
    chat = await opened_chat(page, door, query)
    await chat.person.click()
    await expect(page.get_by_text("You are next in the queue")).to_be_visible()
    return chat


async def _talk(door: Door) -> Conversation:
    case = await waiting_case(door)
    async with door.store.read() as work:
        return await work.conversations.get(case.conversation_id)


async def test_who_does_not_want_to_wait_leaves_an_address(door: Door, page: Page) -> None:
    chat = await _in_the_queue(page, door)
    await page.get_by_role("button", name="Answer by e-mail").click()
    field = page.get_by_label("Your e-mail address")
    await expect(field).to_be_focused()
    await field.fill("ada@")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not a whole e-mail address")
    await expect(field).to_be_focused()
    await field.fill(ADDRESS)
    await page.get_by_role("button", name="Send", exact=True).first.click()
    await expect(
        page.get_by_text("A person answers you by e-mail, at a…@example.com")
    ).to_be_visible()
    await expect(field).to_have_count(0)
    await expect(chat.field).to_be_focused()
    await expect(chat.message("Automated assistant", "You can close this page.")).to_be_visible()
    await expect(page.get_by_role("button", name="Answer by e-mail")).to_be_hidden()
    assert (await _talk(door)).email == ADDRESS


async def test_the_accounts_own_address_is_one_press(door: Door, page: Page) -> None:
    await _in_the_queue(page, door, "?as=demo-ada")
    await page.get_by_role("button", name="Answer by e-mail").click()
    await page.get_by_role("button", name="Use a…@example.com").click()
    await expect(page.get_by_text("A person answers you by e-mail")).to_be_visible()
    assert (await _talk(door)).email == "ada@example.com"


async def test_where_nobody_is_there_the_form_opens_by_itself_and_can_be_put_away(
    door: Door, page: Page
) -> None:
    chat = await _in_the_queue(page, door)
    case = await waiting_case(door)
    await Callbacks(door.store, door.site.clock).nobody_there(case.id)
    form = page.get_by_role("region", name="Get the answer by e-mail")
    await expect(form).to_be_visible()
    await expect(page.get_by_text("Nobody can answer at the moment.", exact=True)).to_be_visible()
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.response["violations"] == []
    await page.get_by_label("Your e-mail address").press("Escape")
    await expect(form).to_be_hidden()
    await expect(chat.panel).to_be_visible()
    await expect(chat.field).to_be_focused()


async def test_a_page_confirms_the_answer_of_an_agent(door: Door, page: Page) -> None:
    chat = await _in_the_queue(page, door)
    case = await waiting_case(door)
    await door.casework.reply(case.id, await door.agent(), "I am here.", key="1", via="test")
    await expect(chat.message("Grace", "I am here.")).to_be_visible()
    for _ in range(100):
        talk = await _talk(door)
        if talk.shown_seq == talk.last_seq:
            return
        await page.wait_for_timeout(50)
    raise AssertionError("the page confirmed nothing")
