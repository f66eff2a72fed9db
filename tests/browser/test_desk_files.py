"""An agent sends files from the page of a case, with scripts at work."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FilePayload, Page, expect

from conversation.files import LARGEST_BYTES
from staff.account import Role
from tests.browser.at_the_desk import signed_in
from tests.browser.test_widget import WCAG
from tests.desks.site import Customers
from tests.unit.staff_site import StaffSite

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
_PASTE = """(element, base64) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], "screen.png", { type: "image/png" }));
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


async def _at_a_case(browser: Browser, site: StaffSite) -> tuple[Customers, Page]:
    customer = await site.site.customer("Ada")
    case = await customer.asks_for_a_person()
    page = await signed_in(browser, site, "Nia", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")
    return customer, page


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


async def test_a_picture_is_sent_with_the_keyboard_and_shown_in_the_thread(
    browser: Browser, site: StaffSite
) -> None:
    customer, page = await _at_a_case(browser, site)
    await page.get_by_label("Reply to Ada").fill("half a reply")
    async with page.expect_file_chooser() as choosing:
        await page.get_by_label("A file for Ada").press("Enter")
    await (await choosing.value).set_files(_file("label.png", DOT))
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="label.png, 1 kB")).to_be_visible()
    await expect(page.get_by_label("A file for Ada")).to_have_value("")
    await expect(page.get_by_label("Reply to Ada")).to_have_value("half a reply")
    assert await customer.reads_from_agents() == [("Nia", "A file in the chat: label.png, 1 kB")]
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.response["violations"] == []


async def test_a_pasted_picture_waits_for_the_press_that_sends_it(
    browser: Browser, site: StaffSite
) -> None:
    customer, page = await _at_a_case(browser, site)
    reply = page.get_by_label("Reply to Ada")
    await reply.focus()
    await reply.evaluate(_PASTE, "iVBORw0KGgo=")
    send = page.get_by_role("button", name="Send the file")
    await expect(send).to_be_focused()
    assert await customer.reads_from_agents() == []
    await send.press("Enter")
    await expect(page.get_by_role("link", name="screen.png, 1 kB")).to_be_visible()


async def test_what_is_refused_is_said_where_the_agent_looks(
    browser: Browser, site: StaffSite
) -> None:
    customer, page = await _at_a_case(browser, site)
    picker = page.get_by_label("A file for Ada")
    await picker.set_input_files(_file("film.png", b"\x00" * (LARGEST_BYTES + 1)))
    await page.get_by_role("button", name="Send the file").click()
    await expect(page.get_by_text("film.png is too large: at most 5 MB fit.")).to_be_visible()
    await picker.set_input_files(_file("setup.png", b"MZ\x90\x00\x03\x00"))
    await page.get_by_role("button", name="Send the file").click()
    await expect(page.get_by_text("setup.png was not sent: only PNG")).to_be_visible()
    assert await customer.reads_from_agents() == []
