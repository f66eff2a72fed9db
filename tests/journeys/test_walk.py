"""The walk: from a late parcel to the lead's page, through the running processes, in a browser."""

import os
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from heard.settings import ROOT
from tests.journeys.steps import STEPS
from tests.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")  # that of the browser


async def test_the_walk(product: Product, browser: Browser, tmp_path: Path):
    pictures = ROOT / "docs" / "images" if os.environ.get("PICTURES") else tmp_path
    pictures.mkdir(exist_ok=True)
    await Walk(product, browser, pictures).whole()


class Walk:
    """One method a step, in the order of the steps."""

    def __init__(self, product: Product, browser: Browser, pictures: Path) -> None:
        self.product = product
        self.browser = browser
        self.pictures = pictures
        self.shop: Page
        self.desk: Page

    async def whole(self) -> None:
        """Every step, in order."""
        for step in STEPS:
            await getattr(self, _method(step))()

    @property
    def log(self) -> Locator:
        """The conversation in the widget."""
        return self.shop.locator("support-chat").get_by_role("log")

    async def the_customer_asks_about_a_late_parcel(self) -> None:
        self.shop = await self._page()
        await self.shop.goto(f"{self.product.url}/")
        await self._sign_in_as("Ada Demo")
        await self.shop.get_by_role("button", name="Open the chat").click()
        await expect(self.log).to_contain_text("automated assistant")
        await self._say("where is my parcel? it should have been here days ago")

    async def the_bot_answers_with_the_facts_of_the_order(self) -> None:
        await expect(self.log).to_contain_text("rder 1001 (Ridge 2 tent and 1 more)")
        await expect(self.log).to_contain_text("is 4 days late: it was due on")
        await expect(self.log).to_contain_text("tracking number NP100100")

    async def the_customer_gets_annoyed_and_is_offered_a_person(self) -> None:
        await self._say("no, the parcel is late, where is it")
        await expect(self.log).to_contain_text("Shall I ask one to join?")

    async def the_customer_is_handed_over(self) -> None:
        await self._say("you don't get it, this is useless")
        await expect(self.log).to_contain_text("so I have asked a colleague to join this chat")

    async def the_customer_sees_that_she_waits_and_for_whom(self) -> None:
        await expect(self._banner()).to_contain_text("next")
        await self.shop.reload()
        await expect(self.log).to_contain_text("this is useless")
        await expect(self._banner()).to_contain_text("next")

    async def an_agent_reads_the_card_and_claims_the_case(self) -> None:
        self.desk = await self._staff_page("robin@example.com", "/desk")
        await self.desk.get_by_role("link", name="Ada Demo").first.click()
        card = self.desk.get_by_role("main")
        await expect(card).to_contain_text("cost the customer too much effort")
        await expect(card).to_contain_text("you don't get it, this is useless")
        await expect(card).to_contain_text("4 days late")
        await self.desk.get_by_role("button", name="Claim this case").click()
        await expect(self._banner()).to_contain_text("Robin Demo")

    async def the_agents_reply_appears_on_the_page(self) -> None:
        reply = self.desk.get_by_label("Reply to Ada Demo")
        await reply.fill("Hello Ada, this is Robin. The parcel is at the depot in Leeds.")
        sent = time.monotonic()
        await self.desk.get_by_role("button", name="Send to Ada Demo").click()
        await expect(self.log).to_contain_text("The parcel is at the depot in Leeds.")
        print(f"from the agent's click to the customer's page: {time.monotonic() - sent:.3f} s")
        await self._picture(self.shop, "shop")
        await self._say("thank you Robin")
        await expect(self.desk.get_by_role("main")).to_contain_text("thank you Robin")
        await self._picture(self.desk, "desk")

    async def the_agent_resolves_the_case(self) -> None:
        await self.desk.get_by_text("Resolve the case").click()
        await self.desk.get_by_label("Last message").fill("It arrives tomorrow. Goodbye, Ada.")
        await self.desk.get_by_label("Yes", exact=True).check()
        await self.desk.get_by_role("button", name="Resolve").click()
        await expect(self.log).to_contain_text("It arrives tomorrow. Goodbye, Ada.")

    async def the_customer_answers_the_survey(self) -> None:
        chat = self.shop.locator("support-chat")
        await expect(chat).to_contain_text("made it easy for me to handle my issue")
        await chat.get_by_role("radio", name="6").check(force=True)
        await chat.get_by_role("button", name="Send rating").click()
        await chat.get_by_label("What made it easy or hard?").fill("Robin knew everything already")
        await chat.get_by_role("button", name="Send answer").click()
        await expect(chat.get_by_label("What made it easy or hard?")).to_be_hidden()

    async def the_lead_finds_the_conversation_with_its_outcome_and_its_reason(self) -> None:
        review = await self._staff_page("lee@example.com", "/review")
        row = review.get_by_role("row").filter(has_text="Ada Demo").first
        await expect(row).to_contain_text("Resolved by an agent")
        await expect(row).to_contain_text("too much effort")
        await row.get_by_role("link").click()
        page = review.get_by_role("main")
        for words in ("late_parcel", "% sure", "Robin knew everything already", "Resolved"):
            await expect(page).to_contain_text(words)
        await self._picture(review, "review")

    def _banner(self) -> Locator:
        return self.shop.locator("support-chat .banner")

    async def _say(self, text: str) -> None:
        field = self.shop.locator("support-chat").get_by_label("Your message")
        await field.fill(text)
        await field.press("Enter")

    async def _sign_in_as(self, name: str) -> None:
        await self.shop.get_by_text("Signed in as").click()
        await self.shop.locator("a").filter(has=self.shop.get_by_text(name)).click()

    async def _staff_page(self, email: str, path: str) -> Page:
        page = await self._page()
        await page.goto(f"{self.product.url}{path}")
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(self.product.password)
        await page.get_by_role("button", name="Sign in").click()
        return page

    async def _page(self) -> Page:
        context = await self.browser.new_context(viewport={"width": 1280, "height": 860})
        return await context.new_page()

    async def _picture(self, page: Page, name: str) -> None:
        await page.wait_for_timeout(500)  # let bubbles fade in: nobody looks at them half-way
        await page.screenshot(path=self.pictures / f"{name}.png")


def _method(step: str) -> str:
    return step.lower().replace(",", "").replace("'s", "s").replace(" ", "_")
