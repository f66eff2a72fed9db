"""The surveys in the widget: one question at a time, for mouse and keyboard, on narrow pages."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.surveys import FollowUp, Survey, SurveyKind
from store.review import Found
from tests.browser.test_widget import Chat, no_violations, opened_chat
from tests.browser.test_widget import door as door
from tests.browser.test_widget import page as page
from tests.door import Door

pytestmark = pytest.mark.asyncio(loop_scope="session")

CES, CSAT, NPS = SurveyKind
ENDS = {
    CES: ("1, Strongly disagree", "7, Strongly agree"),
    CSAT: ("1, Very dissatisfied", "5, Very satisfied"),
    NPS: ("0, Not at all likely", "10, Extremely likely"),
}
ASKS = {
    CES: "Northpine made it easy for me to handle my issue.",
    CSAT: "How satisfied are you with the help you got?",
    NPS: "How likely are you to recommend Northpine to somebody you know?",
}
FOLLOW_UP = "Would you like a colleague to look at this?"
THANKS = "Thank you. Your answer is saved."


async def asked(door: Door, chat: Chat, kind: SurveyKind) -> str:
    """Let the assistant solve it and the survey be asked. Returns: the conversation."""
    await chat.say(f"about {kind}")
    await expect(chat.message("Automated", f"You wrote: about {kind}")).to_be_visible()
    async with door.store.work() as work:
        (one,) = [row.id for row in await work.review.page(Found(), offset=0, limit=2)]
        now = door.site.clock()
        await work.conversations.close(one, Outcome.BOT_CONFIRMED, now)
        await work.surveys.ask(one, kind, now)
    await expect(chat.page.get_by_role("group", name=ASKS[kind])).to_be_visible()
    return one


async def answered(door: Door, conversation: str) -> Survey:
    async with door.store.read() as work:
        (survey,) = await work.surveys.of(conversation)
    return survey


def _radios(page: Page) -> Any:
    return page.get_by_role("radio")


@pytest.mark.parametrize("kind", SurveyKind)
async def test_each_question_is_a_named_scale_and_one_at_a_time(
    door: Door, page: Page, kind: SurveyKind
) -> None:
    chat = await opened_chat(page, door)
    one = await asked(door, chat, kind)
    assert await _radios(page).count() == kind.highest - kind.lowest + 1
    for name in ENDS[kind]:
        await expect(page.get_by_role("radio", name=name, exact=True)).to_have_count(1)
    await expect(page.get_by_label("reason")).to_have_count(0)
    await page.get_by_role("radio", name=ENDS[kind][1], exact=True).check(force=True)
    await page.get_by_role("button", name="Send rating").click()
    await expect(_radios(page)).to_have_count(0)
    await page.get_by_role("button", name="Skip").click()
    await expect(chat.log.get_by_text(THANKS)).to_be_visible()
    await expect(page.get_by_text(FOLLOW_UP)).to_have_count(0)
    survey = await answered(door, one)
    assert (survey.score, survey.why, survey.dismissed_at) == (kind.highest, None, None)


async def test_the_survey_is_put_away_with_the_mouse_or_with_escape_and_stays_away(
    door: Door, page: Page
) -> None:
    chat = await opened_chat(page, door)
    one = await asked(door, chat, CES)
    await page.get_by_role("radio", name="4", exact=True).focus()
    await page.keyboard.press("Escape")
    await expect(_radios(page)).to_have_count(0)
    await expect(chat.panel).to_be_visible()
    await expect(chat.field).to_be_focused()
    survey = await answered(door, one)
    assert survey.dismissed_at is not None
    await page.reload()
    await expect(chat.message("Automated", "You wrote: about ces")).to_be_visible()
    await expect(_radios(page)).to_have_count(0)
    await expect(chat.log.get_by_text(THANKS)).to_have_count(0)


async def test_the_survey_is_dismissed_by_its_button(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    one = await asked(door, chat, NPS)
    await page.get_by_role("button", name="Dismiss the survey").click()
    await expect(_radios(page)).to_have_count(0)
    assert (await answered(door, one)).dismissed_at is not None


async def test_a_low_rating_asks_with_the_keyboard_alone_and_brings_a_colleague(
    door: Door, page: Page
) -> None:
    chat = await opened_chat(page, door)
    one = await asked(door, chat, CSAT)
    await page.get_by_role("radio", name=ENDS[CSAT][0]).focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What is the main reason for your rating?")).to_be_focused()
    await page.keyboard.type("Nobody read what I wrote")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    group = page.get_by_role("group", name=FOLLOW_UP)
    await expect(group).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(group).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="No, thanks")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    asked_one = chat.message("Automated", "I have asked a colleague to look at this")
    await expect(asked_one).to_be_visible()
    await expect(chat.log.get_by_text(THANKS)).to_be_visible()
    await expect(chat.back).to_be_visible()
    async with door.store.read() as work:
        case = await work.cases.open_of(one)
    assert case is not None
    assert (case.reason, case.briefing.quote) == (
        HandoffReason.LOW_RATING,
        "Nobody read what I wrote",
    )


async def test_who_wants_no_colleague_gets_none(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    one = await asked(door, chat, NPS)
    await page.get_by_role("radio", name="6", exact=True).check(force=True)
    await page.get_by_role("button", name="Send rating").click()
    await page.get_by_label("What is the main reason").fill("It took a week")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_role("button", name="No, thanks").click()
    await expect(chat.log.get_by_text(THANKS)).to_be_visible()
    survey = await answered(door, one)
    assert (survey.score, survey.why, survey.follow_up) == (
        6,
        "It took a week",
        FollowUp.DECLINED,
    )
    async with door.store.read() as work:
        assert await work.cases.open_of(one) is None


@pytest.mark.parametrize("blocked", [False, True])
async def test_answers_arrive_where_sockets_are_blocked_too(
    door: Door, page: Page, blocked: bool
) -> None:
    if blocked:
        await page.add_init_script("delete window.WebSocket")
    chat = await opened_chat(page, door)
    one = await asked(door, chat, CES)
    await page.get_by_role("radio", name="2", exact=True).check(force=True)
    await page.get_by_role("button", name="Send rating").click()
    await page.get_by_label("What made it easy or hard?").fill("hard")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_role("button", name="Yes, please").click()
    await expect(chat.back).to_be_visible()
    assert (await answered(door, one)).follow_up is FollowUp.WANTED


@pytest.mark.parametrize("height", [568, 256])
@pytest.mark.parametrize("kind", SurveyKind)
async def test_every_choice_can_be_hit_on_a_narrow_or_enlarged_page(
    door: Door, page: Page, kind: SurveyKind, height: int
) -> None:
    await page.set_viewport_size({"width": 320, "height": height})
    chat = await opened_chat(page, door)
    await asked(door, chat, kind)
    for choice in await page.locator("support-chat .choice").all():
        box = await choice.bounding_box()
        assert box is not None
        assert box["width"] >= 32
        assert box["height"] >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    send = page.get_by_role("button", name="Send rating")
    if height == 568:
        await expect(send).to_be_in_viewport(ratio=1)
    await page.get_by_role("radio", name="3", exact=True).check()
    await send.click()
    await expect(page.get_by_role("button", name="Send answer")).to_have_count(1)
    await page.get_by_role("button", name="Skip").click()
    await expect(page.get_by_role("radio")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1100])
async def test_axe_finds_nothing_in_any_question(
    door: Door, page: Page, scheme: Any, width: int, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("SURVEY_PICTURES") or tmp_path)
    await page.set_viewport_size({"width": width, "height": 700})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    chat = await opened_chat(page, door)

    async def look(state: str) -> None:
        await no_violations(page, state)
        await page.screenshot(path=pictures / f"{state}-{width}-{scheme}.png")

    for kind in SurveyKind:
        await asked(door, chat, kind)
        await page.get_by_role("radio", name=ENDS[kind][0], exact=True).focus()
        await page.keyboard.press("ArrowRight")
        chosen = page.get_by_role("radio", checked=True)
        ring = "node => getComputedStyle(node.closest('.choice')).outlineStyle"
        assert await chosen.evaluate(ring) == "solid", "who uses keys sees where they are"
        await look(kind.value)
        await page.get_by_role("button", name="Send rating").click()
        await expect(page.get_by_role("button", name="Send answer")).to_be_visible()
        await look(f"{kind.value}-why")
        await page.get_by_role("button", name="Skip").click()
        await expect(page.get_by_role("button", name="Yes, please")).to_be_visible()
        await look(f"{kind.value}-follow-up")
        await page.get_by_role("button", name="No, thanks").click()
        await expect(chat.log.get_by_text(THANKS)).to_have_count(list(SurveyKind).index(kind) + 1)
    await look("thanked")
