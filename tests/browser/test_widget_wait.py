"""What a customer reads while they wait for a person."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from conversation.clock import utc_now
from conversation.reasons import HandoffReason
from handoff.case import Briefing, Route
from tests.browser.test_widget import no_violations, opened_chat
from tests.door import Door, open_door

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


async def _claims(door: Door, *minutes: float) -> None:
    """So many cases have been claimed, after so many minutes each."""
    agent = await door.agent()
    async with door.store.work() as work:
        for waited in minutes:
            now = utc_now()
            at = now - timedelta(minutes=waited)
            talk = await work.conversations.start(str(uuid4()), None, at)
            case = await work.cases.open(
                talk.id,
                HandoffReason.ASKED,
                Briefing("A visitor", "", ""),
                at,
                opened_seq=0,
                route=Route("support", at),
            )
            assert await work.cases.claim(case.id, agent.id, now)


async def test_the_banner_tells_place_and_wait_and_what_else_can_be_done(
    door: Door, page: Page
) -> None:
    await _claims(door, 2, 3, 4, 4, 5)
    chat = await opened_chat(page, door)
    await chat.person.click()
    await expect(
        page.get_by_text("You are next in the queue. Usually within 4 minutes.")
    ).to_be_visible()
    await expect(
        chat.message("Automated assistant", "it usually takes up to 4 minutes")
    ).to_be_visible()
    await expect(page.get_by_text("You can keep waiting here, or:")).to_be_visible()
    await expect(page.get_by_role("button", name="Answer by e-mail")).to_be_visible()
    await expect(page.get_by_role("button", name="Back to the assistant")).to_be_visible()
    await no_violations(page, "in the queue")


async def test_where_everybody_is_away_no_time_is_told_and_an_address_is_asked_for(
    door: Door, page: Page
) -> None:
    await _claims(door, 1, 1, 1, 1, 1)
    async with door.store.work() as work:
        for one in await work.presence.agents():
            await work.presence.set_away(one.staff.id, utc_now(), None)
    chat = await opened_chat(page, door)
    await chat.person.click()
    await expect(
        page.get_by_text("Nobody is at the desk at the moment.", exact=True)
    ).to_be_visible()
    await expect(page.get_by_label("Your e-mail address")).to_be_visible()
    await page.set_viewport_size({"width": 320, "height": 600})
    await expect(page.get_by_role("button", name="Back to the assistant")).to_be_visible()
