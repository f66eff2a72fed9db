"""What leads see: every conversation, and why a person was brought in."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from conversation.amounts import day
from conversation.clock import utc_now
from conversation.contacts import Channel, Contact
from conversation.outcome import Outcome
from conversation.surveys import SurveyKind
from staff.account import Role
from store.touchpoints import Touchpoint
from tests.unit.staff_site import Browser, StaffSite, staff_site, text_of
from tests.unit.talk import struggle, talk_with


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[StaffSite]:
    async with staff_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def lea(site: StaffSite) -> Browser:
    return await site.signed_in("Lea", Role.LEAD)


async def test_an_empty_list_says_how_the_first_conversation_comes(lea: Browser) -> None:
    text = await lea.reads("/review")
    assert "No customer has written yet. Open the chat on your website" in text


async def test_the_list_shows_outcome_reason_peak_and_rating(site: StaffSite, lea: Browser) -> None:
    talk, case = await struggle(site)
    agent = await site.account("Ruth", Role.AGENT)
    await site.casework.resolve(case.id, agent)
    async with site.site.store.work() as work:
        await work.surveys.rate(talk.id, 3, utc_now())
    row = text_of((await lea.gets("/review")).split("<tbody>")[-1])
    assert "Ada" in row
    assert "Resolved by an agent" in row
    assert "The conversation had cost the customer too much effort" in row
    assert "effort 71" in row
    assert re.search(r"effort 71 \d+ CES 3 ", row), row


async def test_the_newest_conversation_comes_first_and_nobodys_is_left_out(
    site: StaffSite, lea: Browser
) -> None:
    await (await talk_with(site, "Ada")).says("hello")
    await (await talk_with(site, "Grace")).says("hello")
    await site.site.customer("Silent")
    text = text_of((await lea.gets("/review")).split("<tbody>")[-1])
    assert text.index("Grace") < text.index("Ada")
    assert "Silent" not in text
    assert "2 conversations" in text


async def test_the_list_is_narrowed_by_outcome_by_handover_and_by_words(
    site: StaffSite, lea: Browser
) -> None:
    closed, _ = await talk_with(site, "Ada"), await struggle(site)
    await closed.says("100 % sure_thing")
    await closed.closes(Outcome.BOT_CONFIRMED)

    async def rows(query: str) -> int:
        return (await lea.gets(f"/review?{query}")).count('<th scope="row"><a')

    assert await rows("") == 2
    assert await rows("outcome=resolved_by_bot_confirmed") == 1
    assert await rows("outcome=open") == 1
    assert await rows("outcome=callback") == 0
    assert await rows("handed=1") == 1
    assert await rows("q=YOU+DON%27T") == 1
    assert await rows("q=sure_thing") == 1
    assert await rows("q=sure%25thing") == 0
    assert await rows("q=sure.thing") == 0
    assert await rows("q=100+%25&handed=1") == 0


async def test_filters_stay_when_another_is_added(site: StaffSite, lea: Browser) -> None:
    await struggle(site)
    page = await lea.gets("/review?q=parcel&handed=1")
    assert 'href="/review?q=parcel&amp;outcome=open&amp;handed=1"' in page
    assert 'href="/review?q=parcel"' in page
    assert 'name="handed" value="1"' in page


async def test_a_search_without_a_find_leads_back_to_all(site: StaffSite, lea: Browser) -> None:
    await struggle(site)
    page = await lea.gets("/review?q=unheard")
    assert "No conversation matches." in page
    assert '<a href="/review">show all conversations</a>' in page


async def test_older_conversations_are_on_further_pages(site: StaffSite, lea: Browser) -> None:
    for number in range(26):
        await (await talk_with(site, f"Customer {number}")).says("hello")
    first, second = await lea.gets("/review"), await lea.gets("/review?page=2")
    assert first.count('<th scope="row"><a') == 25
    assert 'href="/review?page=2" rel="next"' in first
    assert "Customer 0<" in second
    assert 'href="/review" rel="prev"' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    "query", ["outcome=nice", "rated=nicely", "page=0", "page=x", "page=-1", "page=²"]
)
async def test_a_filter_that_does_not_exist_is_named(lea: Browser, query: str) -> None:
    text = await lea.reads(f"/review?{query}", 400)
    assert "There is no such" in text
    assert "Go to Review" in text


async def test_one_sentence_says_why_a_person_was_brought_in(site: StaffSite, lea: Browser) -> None:
    talk, case = await struggle(site)
    text = await lea.reads(talk.path)
    assert (
        "A person was brought in because the conversation had cost the customer too much effort: "
        "had to correct the assistant, was not understood." in text
    )
    assert "“you don't get it”" in text
    assert "Nobody has claimed the case yet." in text
    agent = await site.account("Ruth", Role.AGENT)
    await site.casework.claim(case.id, agent)
    await site.casework.hand_back(case.id, agent, "done")
    text = await lea.reads(talk.path)
    assert "Ruth claimed it after 0 s and handed it back 0 s later." in text


async def test_where_no_person_came_that_is_said(site: StaffSite, lea: Browser) -> None:
    talk = await talk_with(site, "Ada")
    await talk.says("thanks", 9, intent="thank")
    assert "No person was brought in." in await lea.reads(talk.path)


async def test_each_message_shows_what_was_understood_and_what_it_cost(
    site: StaffSite, lea: Browser
) -> None:
    talk, _ = await struggle(site)
    text = await lea.reads(talk.path)
    assert "Understood as Where an order is order_status , 87 % sure effort 47 up 35" in text
    assert "Cost: had to say the same thing in other words, had to correct the assistant" in text
    assert "A person was offered" in text
    assert "Not understood , 87 % sure effort 71 up 24" in text
    assert "A person was brought in. The conversation had cost the customer" in text
    assert "12 to 47 : had to say the same thing in other words" in text
    assert "47 to 71 : was not understood" in text


async def test_the_curve_has_every_value_in_a_table_too(site: StaffSite, lea: Browser) -> None:
    talk, _ = await struggle(site)
    page = await lea.gets(talk.path)
    assert page.count("<circle") == 3
    assert 'aria-label="Effort after each message of the customer, from 12 to 71' in page
    table = text_of(page.split("<table>")[1].split("</table>")[0])
    assert "2 Where an order is 87 % 47" in table
    assert " style=" not in page


async def test_the_timeline_holds_events_notes_and_answers_in_order(
    site: StaffSite, lea: Browser
) -> None:
    talk, case = await struggle(site)
    agent = await site.account("Ruth", Role.AGENT)
    await site.casework.claim(case.id, agent)
    await site.casework.note(case.id, agent, "Second time this week.", key="1")
    await site.casework.reply(case.id, agent, "I have found it.", key="2", via="browser")
    await site.casework.resolve(case.id, agent)
    async with site.site.store.work() as work:
        await work.surveys.rate(talk.id, 6, utc_now())
        await work.surveys.tell(talk.id, "Ruth was quick", utc_now())
    text = await lea.reads(talk.path)
    expected = (
        "you don't get it",
        "Case 1 opened.",
        "Ruth claimed case 1",
        "Private note , never shown to the customer Second time this week.",
        "I have found it.",
        "Ruth resolved case 1",
        "Ease (CES): 6 of 7. “Ruth was quick”",
    )
    story = text.split("What happened")[1]
    places = [story.index(words) for words in expected]
    assert places == sorted(places)


async def test_effort_that_counts_anew_is_no_relief(site: StaffSite, lea: Browser) -> None:
    talk, case = await struggle(site)
    await site.casework.hand_back(case.id, await site.account("Ruth", Role.AGENT), "done")
    await talk.says("and when do you open", 12, intent="opening_hours")
    text = await lea.reads(talk.path)
    assert "effort 12 counted anew" in text
    assert "down" not in text


async def test_markup_in_a_conversation_is_shown_as_text(site: StaffSite, lea: Browser) -> None:
    talk = await talk_with(site, "<b>Ada</b>")
    await talk.says("<script>alert(1)</script>")
    for path in (talk.path, "/review", "/review?q=%3Cscript%3E"):
        page = await lea.gets(path)
        assert "<b>Ada" not in page
        assert "<script>alert" not in page


async def test_figures_are_shown_from_five_conversations_on(site: StaffSite, lea: Browser) -> None:
    for number in range(4):
        talk = await talk_with(site, f"Customer {number}")
        await talk.says("hello")
        await talk.closes(Outcome.BOT_CONFIRMED)
    assert "Resolution, confirmed – shown from n = 5; n = 4" in await lea.reads("/review")
    await struggle(site)
    text = await lea.reads("/review")
    assert "Resolution, confirmed 80 % 4 of 5; 95 % interval 38 % to 96 %" in text
    assert "Escalation rate 20 % 1 of 5" in text
    assert "Engaged conversations 5 1 still open" in text


async def test_an_unknown_conversation_is_a_page_that_leads_back(lea: Browser) -> None:
    text = await lea.reads(f"/review/conversations/{uuid4()}", 404)
    assert "There is no such conversation." in text
    assert "Go to Review" in text


async def test_every_survey_figure_stands_beside_what_became_of_all_that_were_asked(
    site: StaffSite, lea: Browser
) -> None:
    for number in range(8):
        talk = await talk_with(site, f"Customer {number}")
        await talk.says("hello")
        await talk.closes(Outcome.BOT_CONFIRMED)
        async with site.site.store.work() as work:
            await work.surveys.ask(talk.id, SurveyKind.CSAT, utc_now())
            if number < 5:
                await work.surveys.rate(talk.id, 5 - number, utc_now())
            elif number < 7:
                await work.surveys.dismiss(talk.id, utc_now())
    text = await lea.reads("/review")
    assert "Satisfaction (CSAT) 40 % Few answers, firm from 30 gave 4 or 5" in text
    row = text.split("Satisfaction (CSAT)")[1].split("Recommendation (NPS)")[0]
    assert row.endswith(" 8 5 (62 %) 2 0 1 "), row
    assert "Ease (CES) – shown from 5 answers on 0 0 (–) 0 0 0" in text
    assert "Resolved by an agent: Ease in 100 of 100 conversations." in text


async def test_the_list_is_narrowed_by_what_was_rated(site: StaffSite, lea: Browser) -> None:
    for name, kind, score in (("Ada", SurveyKind.CES, 3), ("Bob", SurveyKind.NPS, 7)):
        talk = await talk_with(site, name)
        await talk.says("hello")
        await talk.closes(Outcome.BOT_CONFIRMED)
        async with site.site.store.work() as work:
            await work.surveys.ask(talk.id, kind, utc_now())
            await work.surveys.rate(talk.id, score, utc_now())
    page = await lea.gets("/review?rated=low")
    shown = text_of(page.split("<tbody>")[-1])
    assert "Ada" in shown
    assert "CES 3" in shown
    assert "Bob" not in shown
    assert 'name="rated" value="low"' in page
    assert 'href="/review?outcome=open&amp;rated=low"' in page
    assert "Rated low <b>1</b>" in page
    assert "Bob" in text_of((await lea.gets("/review?rated=nps")).split("<tbody>")[-1])


async def test_the_timeline_tells_whether_a_colleague_was_wanted_and_why_nobody_was_asked(
    site: StaffSite, lea: Browser
) -> None:
    talk, case = await struggle(site)
    await site.casework.resolve(case.id, await site.account("Ruth", Role.AGENT))
    feedback = site.site.feedback
    await feedback.rate(talk.id, SurveyKind.CES, 2)
    await feedback.tell(talk.id, "in circles")
    assert "“in circles” (Was asked whether a colleague" in await lea.reads(talk.path)
    await feedback.wants_follow_up(talk.id, True)
    async with site.site.store.read() as work:
        again = await work.cases.open_of(talk.id)
    assert again is not None
    await site.casework.resolve(again.id, await site.account("Ruth", Role.AGENT))
    text = await lea.reads(talk.path)
    assert "Ease (CES): 2 of 7. “in circles” (Wants a colleague to look at it.)" in text
    assert "No rating was asked for: it followed up an earlier one" in text
    assert "A person was brought in because the customer gave a low rating and wants" in text


async def test_the_story_tells_what_was_tried_elsewhere(site: StaffSite, lea: Browser) -> None:
    talk = await talk_with(site, "Ada")
    await talk.says("where is my parcel")
    async with site.site.store.work() as work:
        customer = (await work.conversations.get(talk.id)).customer_id
        at = utc_now() - timedelta(days=2)
        call = Contact(Channel.CALL, at, at, ("late_parcel",), False, summary="Asked where it is")
        await work.touchpoints.put(Touchpoint("t1", str(customer), call), at)
        await work.touchpoints.put(Touchpoint("t2", "somebody-else", call), at)
    text = await lea.reads(talk.path)
    line = "called about a parcel that is late, still open: “Asked where it is”"
    assert text.count(f"{day(at.date())}: {line}") == text.count(line) == 1
    assert text.index(line) < text.index("where is my parcel")


async def test_what_a_changed_reply_said_before_is_shown_to_staff(site: StaffSite, lea: Browser):
    talk, case = await struggle(site)
    agent = await site.account("Ruth", Role.AGENT)
    for key in ("1", "2"):
        await site.casework.reply(case.id, agent, f"First words {key}.", key=key, via="browser")
    await site.casework.edit_reply(case.id, agent, "1", "Better words.", "browser")
    await site.casework.delete_reply(case.id, agent, "2", "browser")
    sam = await site.signed_in("Sam", Role.AGENT)
    story = await lea.reads(talk.path)
    assert "Better words. Edited; before: “First words 1.”" in story
    assert "First words 2. Deleted by Ruth: the customer no longer sees it" in story
    assert "Ruth deleted message" in story
    at_the_desk = await sam.reads(f"/desk/cases/{case.id}")
    assert "What it said before First words 1." in at_the_desk
    assert "What it said before First words 2." in at_the_desk


async def test_digests_can_be_read_for_any_day(site: StaffSite, lea: Browser) -> None:
    talk, case = await struggle(site)
    assert "Digests" in await lea.reads("/review")
    daily = await lea.gets("/review/digests")
    assert "1 opened, 0 resolved" in text_of(daily)
    assert f"Case {case.number}: Ada" in text_of(daily)
    assert f'href="{site.site.url}{talk.path}"' in daily, "a lead need not be an agent to read it"
    voices = await lea.gets("/review/digests?kind=voices")
    assert "Where an order is: 1 conversation" in text_of(voices)
    assert f'href="{site.site.url}{talk.path}"' in voices
    assert "0 opened" in await lea.reads("/review/digests?day=2026-01-02")
    for wrong in ("kind=weekly", "day=yesterday"):
        await lea.reads(f"/review/digests?{wrong}", 400)


async def test_digests_are_for_leads(site: StaffSite) -> None:
    sam = await site.signed_in("Sam", Role.AGENT)
    await sam.reads("/review/digests", 403)
