"""Staff in front of a real browser."""

from playwright.async_api import Browser, Page, expect

from staff.account import Role
from tests.unit.staff_site import PASSWORD, StaffSite


async def signed_in(
    browser: Browser, site: StaffSite, name: str, *roles: Role, scheme: str = "light"
) -> Page:
    """The first page of a new member of staff."""
    account = await site.account(name, *roles)
    context = await browser.new_context(
        base_url=site.site.url, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(account.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page
