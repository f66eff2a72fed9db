"""An agent's slips on the desk are caught in front of their eyes."""

import pytest
from playwright.async_api import Browser, expect

from staff.account import Role
from tests.browser.at_the_desk import signed_in
from tests.unit.staff_site import StaffSite

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_note_typed_as_a_reply_is_said_to_be_kept_where_it_was_typed(
    site: StaffSite, browser: Browser
) -> None:
    ada = await site.site.customer("Ada")
    case = await ada.asks_for_a_person()
    page = await signed_in(browser, site, "Ruth", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")
    reply = page.get_by_label("Reply to Ada")
    await reply.fill(";; she sounds tired")
    await page.get_by_role("button", name="Send to Ada").click()
    said = page.get_by_text("Kept as a private note: Ada was sent nothing.")
    await expect(said).to_be_in_viewport()
    await expect(page.get_by_role("article", name="Private note")).to_contain_text("sounds tired")
    await expect(reply).to_have_value("")
    await reply.fill("Hello Ada")
    await page.get_by_role("button", name="Send to Ada").click()
    await expect(page.get_by_role("log")).to_contain_text("Hello Ada")
    await expect(said).to_have_count(0)
    assert await ada.reads_from_agents() == [("Ruth", "Hello Ada")]


async def test_the_reply_is_two_tabs_away(site: StaffSite, browser: Browser) -> None:
    ada = await site.site.customer("Ada")
    case = await ada.asks_for_a_person()
    page = await signed_in(browser, site, "Ruth", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to your reply")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Reply to Ada")).to_be_focused()


async def test_ones_own_case_opens_at_the_newest_line_and_a_new_one_at_its_reason(
    site: StaffSite, browser: Browser
) -> None:
    ada = await site.site.customer("Ada")
    case = await ada.asks_for_a_person()
    for number in range(30):
        await ada.says(f"And another thing: {number}")
    page = await signed_in(browser, site, "Ruth", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")
    await expect(page.get_by_text("The customer asked for a person.")).to_be_in_viewport()
    await page.get_by_role("button", name="Claim this case").click()
    await expect(page.get_by_text("Claimed by you")).to_have_count(1)
    await page.goto(f"/desk/cases/{case.id}")
    await expect(page.get_by_role("log").get_by_text("Ruth has joined")).to_be_in_viewport()
    await expect(page.get_by_label("Reply to Ada")).to_be_in_viewport()
