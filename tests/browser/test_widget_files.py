"""Files, as a customer sends them from the widget and opens them again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.test_widget import WCAG, Chat, opened_chat
from tests.door import Door, open_door

pytestmark = pytest.mark.asyncio(loop_scope="session")

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 4000


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 480, "height": 760})
    yield await context.new_page()
    await context.close()


async def _with_a_person(page: Page, door: Door) -> Chat:
    chat = await opened_chat(page, door)
    await expect(page.get_by_role("button", name="Attach a file")).to_be_hidden()
    await chat.person.click()
    await expect(page.get_by_role("button", name="Attach a file")).to_be_visible()
    return chat


async def _attaches(page: Page, name: str, content: bytes) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Attach a file").click()
    file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    await (await choosing.value).set_files(file)


async def test_a_photo_is_sent_and_can_be_opened_again(
    door: Door, page: Page, tmp_path: Path
) -> None:
    await _with_a_person(page, door)
    await _attaches(page, "broken tent.png", PNG)
    sent = page.get_by_role("button", name="broken tent.png, 4 kB")
    await expect(sent).to_be_visible()
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.response["violations"] == []
    async with page.expect_download() as saving:
        await sent.click()
    saved = await saving.value
    assert saved.suggested_filename == "broken tent.png"
    await saved.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == PNG


async def test_what_cannot_be_sent_says_why(door: Door, page: Page) -> None:
    await _with_a_person(page, door)
    await _attaches(page, "program.png", b"MZ\x90\x00\x03\x00\x00\x00")
    await expect(page.get_by_text("program.png was not sent. This kind of file")).to_be_visible()
    await _attaches(page, "large.png", b"\x00" * 5_000_001)
    await expect(page.get_by_text("large.png is too large. At most 5 MB fit.")).to_be_visible()
