"""The staff pages in a real browser: live without losing a word, usable by everybody."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from staff.account import Role
from tests.browser.at_the_desk import signed_in
from tests.desks.site import Customers
from tests.unit.staff_site import StaffSite
from tests.unit.talk import struggle

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _waiting(site: StaffSite) -> tuple[Customers, str]:
    customer = await site.site.customer("Ada")
    case = await customer.asks_for_a_person()
    await customer.says("where is my parcel?")
    return customer, f"/desk/cases/{case.id}"


async def test_typing_goes_on_undisturbed_while_the_case_changes(
    browser: Browser, site: StaffSite
) -> None:
    customer, path = await _waiting(site)
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    sam = await signed_in(browser, site, "Sam", Role.AGENT)
    await ruth.goto(path)
    await sam.goto(path)
    reply = ruth.get_by_label("Reply to Ada")
    await reply.fill("half a thought")
    await sam.get_by_role("button", name="Claim this case").click()
    await expect(ruth.get_by_text("Claimed by Sam", exact=True)).to_be_visible()
    await customer.says("and my refund?")
    await expect(ruth.get_by_text("and my refund?")).to_be_visible()
    await expect(reply).to_have_value("half a thought")
    await expect(reply).to_be_focused()


async def test_ctrl_enter_sends_once_and_the_next_message_is_another(
    browser: Browser, site: StaffSite
) -> None:
    customer, path = await _waiting(site)
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    await ruth.goto(path)
    reply = ruth.get_by_label("Reply to Ada")
    for text in ("Hello Ada.", "It is in Leeds."):
        await reply.fill(text)
        await reply.press("Control+Enter")
        await expect(reply).to_have_value("")
        await expect(reply).to_be_focused()
    assert await customer.reads_from_agents() == [
        ("Ruth", "Hello Ada."),
        ("Ruth", "It is in Leeds."),
    ]


async def test_what_could_not_be_sent_is_kept_and_can_be_sent_again(
    browser: Browser, site: StaffSite
) -> None:
    customer, path = await _waiting(site)
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    await ruth.goto(path)
    reply = ruth.get_by_label("Reply to Ada")
    await reply.fill("Hello Ada.")
    await ruth.context.set_offline(True)
    await reply.press("Control+Enter")
    await expect(ruth.get_by_role("alert")).to_contain_text("What you wrote is kept")
    await expect(reply).to_have_value("Hello Ada.")
    await ruth.context.set_offline(False)
    await reply.press("Control+Enter")
    await expect(reply).to_have_value("")
    await expect(ruth.get_by_role("alert")).to_be_empty()
    assert await customer.reads_from_agents() == [("Ruth", "Hello Ada.")]


async def test_words_typed_when_a_colleague_closes_the_case_can_still_be_copied(
    browser: Browser, site: StaffSite
) -> None:
    customer, path = await _waiting(site)
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    await ruth.goto(path)
    await ruth.get_by_label("Reply to Ada").fill("half a thought")
    case = await customer.case()
    await site.casework.resolve(case.id, await site.account("Sam", Role.AGENT))
    unsent = ruth.get_by_label("This was not sent.")
    await expect(unsent).to_have_value("half a thought")
    await expect(ruth.get_by_role("button", name="Send to Ada")).to_have_count(0)


async def test_the_list_and_its_title_follow_by_themselves(
    browser: Browser, site: StaffSite
) -> None:
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    await expect(ruth.get_by_text("Nobody is waiting.")).to_be_visible()
    customer, _ = await _waiting(site)
    await expect(ruth.get_by_role("link", name="Ada")).to_be_visible()
    await expect(ruth).to_have_title("(1) Desk · Demo shop support")
    sam = await site.account("Sam", Role.AGENT)
    await site.casework.claim((await customer.case()).id, sam)
    await expect(ruth).to_have_title("Desk · Demo shop support")


async def test_a_page_left_open_after_signing_out_asks_to_sign_in(
    browser: Browser, site: StaffSite
) -> None:
    customer, path = await _waiting(site)
    ruth = await signed_in(browser, site, "Ruth", Role.AGENT)
    await ruth.goto(path)
    other = await ruth.context.new_page()
    await other.goto("/desk")
    await other.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await customer.says("hello?")
    await expect(ruth.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_accessible_and_fits_a_narrow_screen(
    browser: Browser, site: StaffSite, scheme: str
) -> None:
    talk, case = await struggle(site)
    path = f"/desk/cases/{case.id}"
    page = await signed_in(browser, site, "Sam", Role.AGENT, Role.LEAD, scheme=scheme)
    await page.goto(path)
    await page.get_by_label("New private note").fill("Called twice.")
    await page.get_by_role("button", name="Keep as a private note").click()
    await expect(page.get_by_text("Called twice.")).to_be_visible()
    await page.get_by_label("Reply to").fill("It is in Leeds.")
    await page.get_by_role("button", name="Send to").click()
    await expect(page.locator(".entry.agent")).to_be_visible()
    await site.an_order(talk.id)
    here = ("/desk", path, f"{path}/shop", "/review", "/review?q=x", talk.path, "/desk/cases/none")
    here = (*here, "/review/digests", "/review/digests?kind=voices")
    for address in here:
        for width in (320, 1280):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(address)
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, address
            found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
            assert found.violations_count == 0, f"{address} {width}\n{found.generate_report()}"
