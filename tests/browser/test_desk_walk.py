"""An agent who has never seen the desk works by what stands on it, with scripts at work."""

import pytest
from playwright.async_api import Browser, Route, expect

from handoff.case import CaseStatus, Resolution
from staff.account import Role
from tests.browser.at_the_desk import signed_in
from tests.unit.staff_site import StaffSite

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_case_is_worked_on_from_the_first_look_to_the_end_by_the_pages_own_words(
    browser: Browser, site: StaffSite
) -> None:
    customer = await site.site.customer("Ada")
    await customer.asks_for_a_person()
    await customer.says("I paid with 4111 1111 1111 1111 and nothing came")
    await site.an_order(customer.conversation_id)
    page = await signed_in(browser, site, "Nia", Role.AGENT)
    await page.get_by_role("link", name="Ada").click()
    await page.get_by_role("button", name="Claim this case").click()
    await expect(page.get_by_text("Claimed by you")).to_be_visible()

    await page.get_by_label("Reply to Ada").fill("I look for it in Leads.")
    await page.get_by_role("button", name="Send to Ada").click()
    await page.get_by_text("Edit or delete").click()
    await page.get_by_label("What it should say").fill("I look for it in Leeds.")
    await page.get_by_role("button", name="Save the edit").click()
    await expect(page.get_by_text("Ada sees that it was.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save the edit")).to_be_hidden()

    await page.get_by_text("1 text is masked").click()
    await page.get_by_role("button", name="Show [CARD_1], a card number").click()
    await expect(page.get_by_text("4111 1111 1111 1111")).to_be_visible()

    await page.get_by_label("New private note").fill("Paid by card.")
    await page.get_by_role("button", name="Keep as a private note").click()
    await expect(page.get_by_text("Paid by card.")).to_be_visible()

    await page.get_by_role("link", name="Refund, resend or extend: Ada's orders").click()
    await page.get_by_text("Pay back a part or all of it").click()
    form = page.locator("details[open]")
    await form.get_by_label("Amount in EUR").fill("12.50")
    await form.get_by_label("Why, for the shop and your colleagues").fill("it came late")
    await page.get_by_role("button", name="Pay back", exact=True).click()
    await expect(page.get_by_text("Refunded 12.50 EUR on order 7.")).to_be_visible()

    await page.get_by_text("More: give it to others, priority, snooze").click()
    await page.get_by_label("How much it matters").select_option("High")
    await page.get_by_role("button", name="Set the priority").click()
    await expect(page.locator(".pill.high")).to_be_visible()

    await page.get_by_text("Hand back to the assistant").click()
    await page.get_by_label("What the assistant should know").fill("A part is paid back.")
    await page.get_by_label("Facts, one a line").fill("Order: 7")
    await page.get_by_label("Say to the customer now").fill("The rest can be asked here.")
    await page.get_by_role("button", name="Hand back").click()
    await page.get_by_role("button", name="Reopen and take it").click()

    await page.get_by_text("Resolve the case").click()
    await page.get_by_label("How it ended").select_option("Solved")
    await page.get_by_label("Last message to Ada").fill("Goodbye.")
    await page.get_by_label("Yes", exact=True).check()
    await page.get_by_role("button", name="Resolve", exact=True).click()
    await expect(page.get_by_text("a person was needed")).to_be_visible()

    case = await customer.case()
    assert (case.status, case.resolution, case.needed) == (
        CaseStatus.RESOLVED,
        Resolution.SOLVED,
        True,
    )
    said = [text for _, text in await customer.reads_from_agents()]
    assert said[0] == "I look for it in Leeds."
    assert said[1].startswith("12.50 EUR for order 7 come back to you by")
    assert said[2:] == ["The rest can be asked here.", "Goodbye."]


async def test_an_edit_that_is_being_written_is_not_lost_when_the_customer_writes(
    browser: Browser, site: StaffSite
) -> None:
    customer = await site.site.customer("Ada")
    case = await customer.asks_for_a_person()
    page = await signed_in(browser, site, "Nia", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")
    await page.get_by_label("Reply to Ada").fill("It is in Leads.")
    await page.get_by_role("button", name="Send to Ada").click()
    await page.get_by_text("Edit or delete").click()
    edit = page.get_by_label("What it should say")
    await edit.fill("It is in Le")
    async with site.site.store.work() as work:
        seq = (await work.conversations.get(customer.conversation_id)).last_seq
        await work.conversations.shown(customer.conversation_id, seq)
    await customer.says("and my refund?")
    await expect(page.get_by_text("and my refund?")).to_be_visible()
    await expect(edit).to_have_value("It is in Le")
    await expect(edit).to_be_focused()


async def test_news_that_overtake_the_answer_leave_nothing_to_be_sent_twice(
    browser: Browser, site: StaffSite
) -> None:
    customer = await site.site.customer("Ada")
    case = await customer.asks_for_a_person()
    page = await signed_in(browser, site, "Nia", Role.AGENT)
    await page.goto(f"/desk/cases/{case.id}")

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await expect(page.get_by_text("Nia has joined the chat.")).to_be_visible()
        await route.fulfill(response=answer)

    await page.route("**/reply", late)
    reply = page.get_by_label("Reply to Ada")
    await reply.fill("It is in Leeds.")
    await reply.press("Control+Enter")
    await expect(reply).to_have_value("")
    await expect(page.get_by_text("Claimed by you")).to_be_visible()
    assert await customer.reads_from_agents() == [("Nia", "It is in Leeds.")]
