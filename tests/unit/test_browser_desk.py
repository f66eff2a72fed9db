"""The agents' desk in the browser: what they see, and what their forms do."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from conversation.messages import Author
from handoff.case import Case
from handoff.wakes import CASES_TOPIC, case_topic, conversation_topic
from staff.account import Role
from tests.desks.site import Customers, eventually
from tests.unit.staff_site import Browser, StaffSite, hidden_fields, staff_site, text_of


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[StaffSite]:
    async with staff_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def ruth(site: StaffSite) -> Browser:
    return await site.signed_in("Ruth", Role.AGENT)


async def _waiting(site: StaffSite, name: str, said: str = "hello") -> tuple[Customers, Case]:
    customer = await site.site.customer(name)
    case = await customer.asks_for_a_person()
    await customer.says(said)
    return customer, case


@asynccontextmanager
async def _listening(browser: Browser, path: str) -> AsyncIterator[list[str]]:
    """What the stream says, as it comes in."""
    heard: list[str] = []

    async def listen() -> None:
        async with browser.http.stream("GET", path, timeout=30) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                heard.extend([line] if line else [])

    task = asyncio.create_task(listen())
    await _hears(heard)
    yield heard
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _hears(heard: list[str]) -> None:
    """Wait until the stream says that something changed, and forget it."""

    async def said() -> bool:
        return "event: changed" in heard

    await eventually(said)
    await asyncio.sleep(0.1)
    heard.clear()


def _section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


async def test_an_empty_desk_says_what_will_happen_by_itself(ruth: Browser) -> None:
    text = await ruth.reads("/desk")
    assert "Nobody is waiting." in text
    assert "You have no open case." in text


async def test_the_longest_waiting_customer_comes_first_with_the_reason(
    site: StaffSite, ruth: Browser
) -> None:
    await _waiting(site, "Ada")
    await _waiting(site, "Grace")
    page = await ruth.gets("/desk")
    waiting = text_of(_section(page, "waiting"))
    assert waiting.index("Ada") < waiting.index("Grace")
    assert "2 cases, longest first" in waiting
    assert "The customer asked for a person" in waiting
    assert "<title>(2) Desk" in page


async def test_cases_move_from_waiting_to_mine_to_colleagues_to_closed(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case = await _waiting(site, "Ada")
    sam = await site.signed_in("Sam", Role.AGENT)
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/claim")
    await customer.says("are you there?")
    assert "since the customer wrote" in text_of(_section(await ruth.gets("/desk"), "mine"))
    await ruth.sends(path, f"{path}/reply", text="I am.")
    assert "answered" in text_of(_section(await ruth.gets("/desk"), "mine"))
    assert "Ada" in text_of(_section(await sam.gets("/desk"), "others"))
    await ruth.sends(path, f"{path}/resolve", closing="Goodbye.", needed="yes", survey="on")
    closed = text_of(_section(await sam.gets("/desk"), "closed"))
    assert "resolved by Ruth" in closed
    assert "Ada" not in text_of(_section(await sam.gets("/desk"), "others"))


async def test_what_a_customer_writes_is_shown_as_text(site: StaffSite, ruth: Browser) -> None:
    hostile = '<script>alert(1)</script> & "quotes" \'</li>'
    _, case = await _waiting(site, "<img src=x onerror=alert(1)>", hostile)
    page = await ruth.gets(f"/desk/cases/{case.id}")
    assert "<script>alert(1)" not in page
    assert "<img" not in page
    assert hostile in html.unescape(page)
    assert "<img" not in await ruth.gets("/desk")


async def test_whoever_comes_second_is_told_who_was_first(site: StaffSite, ruth: Browser) -> None:
    _, case = await _waiting(site, "Ada")
    sam = await site.signed_in("Sam", Role.AGENT)
    path = f"/desk/cases/{case.id}"
    fields = hidden_fields(await sam.gets(path), f"{path}/claim")
    assert (await ruth.sends(path, f"{path}/claim")).status_code == 303
    answer = await sam.http.post(f"{path}/claim", data=fields)
    assert answer.status_code == 409
    assert "Ruth has already claimed this case." in text_of(answer.text)
    assert "Claimed by Ruth" in text_of(answer.text)


async def test_a_reply_sent_twice_reaches_the_customer_once(site: StaffSite, ruth: Browser) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    fields = {**hidden_fields(await ruth.gets(path), f"{path}/reply"), "text": "Hello Ada."}
    for _ in range(2):
        answer = await ruth.http.post(f"{path}/reply", data=fields)
        assert answer.headers["location"] == f"{path}#composer"
    assert await customer.reads_from_agents() == [("Ruth", "Hello Ada.")]
    assert hidden_fields(await ruth.gets(path), f"{path}/reply")["key"] != fields["key"]


async def test_a_private_note_is_marked_as_one_and_is_never_among_the_messages(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/note", text="Has been rude on the phone.")
    page = await ruth.gets(path)
    notes = text_of(_section(page, "notes"))
    assert "Only staff see these. They are never shown to Ada." in notes
    assert "Has been rude on the phone. Ruth" in notes
    assert "Has been rude" not in page.split('role="log"')[1].split("</ol>")[0]
    assert all("rude" not in message.text for message in await customer.sees())


async def test_the_reply_box_says_who_reads_it(site: StaffSite, ruth: Browser) -> None:
    _, case = await _waiting(site, "Ada")
    page = await ruth.gets(f"/desk/cases/{case.id}")
    assert '<label for="reply">Reply to Ada: the customer sees this</label>' in page
    assert '<label for="note">New private note</label>' in page
    assert "Send to Ada" in page
    assert "Keep as a private note" in page


async def test_handing_back_leaves_the_assistant_what_it_should_know(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/claim")
    answer = await ruth.sends(
        path, f"{path}/hand-back", summary="The refund is on its way.", sure="on"
    )
    assert answer.status_code == 303
    async with site.site.store.read() as work:
        conversation = await work.conversations.get(customer.conversation_id)
    assert conversation.handed_back == "The refund is on its way."
    assert "Handed back by you" in await ruth.reads(path)


@pytest.mark.parametrize(("box", "asked"), [({"survey": "on"}, True), ({}, False)])
async def test_resolving_says_the_last_word_and_asks_only_where_wanted(
    site: StaffSite, ruth: Browser, box: dict[str, str], asked: bool
) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/resolve", closing="All done.", needed="yes", **box)
    assert await customer.reads_from_agents() == [("Ruth", "All done.")]
    assert (await customer.survey() is not None) is asked


async def test_what_was_typed_is_not_lost_when_the_case_was_closed_meanwhile(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case = await _waiting(site, "Ada")
    sam = await site.signed_in("Sam", Role.AGENT)
    path = f"/desk/cases/{case.id}"
    fields = hidden_fields(await ruth.gets(path), f"{path}/reply")
    await sam.sends(path, f"{path}/resolve", closing="", needed="yes")
    answer = await ruth.http.post(f"{path}/reply", data={**fields, "text": "My long answer"})
    assert answer.status_code == 409
    assert "This case is resolved; nothing was sent." in text_of(answer.text)
    assert "My long answer" in answer.text
    assert await customer.reads_from_agents() == []


async def test_an_empty_reply_is_refused_and_keeps_its_key(site: StaffSite, ruth: Browser) -> None:
    _, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    fields = hidden_fields(await ruth.gets(path), f"{path}/reply")
    answer = await ruth.http.post(f"{path}/reply", data={**fields, "text": "  "})
    assert answer.status_code == 409
    assert "Write something first." in text_of(answer.text)
    assert hidden_fields(answer.text, f"{path}/reply")["key"] == fields["key"]


@pytest.mark.parametrize("key", ["", "k" * 65])
async def test_a_form_that_came_in_incomplete_sends_nothing(
    site: StaffSite, ruth: Browser, key: str
) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    answer = await ruth.sends(path, f"{path}/reply", text="Hello", key=key)
    assert answer.status_code == 400
    assert "Reload the page and send it again." in text_of(answer.text)
    assert await customer.reads_from_agents() == []


async def test_a_closed_case_offers_notes_and_no_reply(site: StaffSite, ruth: Browser) -> None:
    _, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/resolve", closing="", needed="yes")
    page = await ruth.gets(path)
    assert f'action="{path}/reply"' not in page
    assert "This case is resolved by Ruth." in text_of(page)
    assert (await ruth.sends(path, f"{path}/note", text="Call on Friday.")).status_code == 303


@pytest.mark.parametrize("path", ["", "/live"])
async def test_an_unknown_case_is_a_page_that_leads_back(ruth: Browser, path: str) -> None:
    page = await ruth.gets(f"/desk/cases/{uuid4()}{path}", 404)
    assert "There is no such case." in text_of(page)
    assert 'href="/desk"' in page


@pytest.mark.parametrize("verb", ["claim", "reply", "note", "hand-back", "resolve"])
async def test_no_verb_works_without_the_sessions_token(
    site: StaffSite, ruth: Browser, verb: str
) -> None:
    customer, case = await _waiting(site, "Ada")
    before = await customer.sees()
    answer = await ruth.http.post(
        f"/desk/cases/{case.id}/{verb}", data={"key": "k", "text": "x", "csrf": "wrong"}
    )
    assert answer.status_code == 403
    assert await customer.sees() == before
    assert (await customer.case()).status == case.status


async def test_an_open_case_page_hears_of_a_new_message(site: StaffSite, ruth: Browser) -> None:
    customer, case = await _waiting(site, "Ada")
    async with _listening(ruth, f"/desk/events?case={case.id}") as heard:
        await customer.says("one more thing")
        await _hears(heard)
    assert "one more thing" in await ruth.reads(f"/desk/cases/{case.id}/live")


async def test_an_open_list_hears_of_new_cases_and_of_what_my_customers_write(
    site: StaffSite, ruth: Browser
) -> None:
    async with _listening(ruth, "/desk/events") as heard:
        customer, case = await _waiting(site, "Ada")
        await _hears(heard)
        path = f"/desk/cases/{case.id}"
        await ruth.sends(path, f"{path}/claim")
        await site.site.delivered()
        await _hears(heard)
        await customer.says("are you there?")
        await _hears(heard)


async def test_the_stream_is_for_signed_in_agents(site: StaffSite) -> None:
    lea = await site.signed_in("Lea", Role.LEAD)
    await lea.gets("/desk/events", 403)
    await (await site.browser()).gets("/desk/events", 401)


async def test_the_store_wakes_the_topics_that_the_pages_listen_to(site: StaffSite) -> None:
    live = site.site.live
    customer = await site.site.customer("Ada")
    async with live.listen(CASES_TOPIC) as cases:
        case = await customer.asks_for_a_person()
        assert await cases.wait(2)
    async with (
        live.listen(case_topic(case.id)) as of_case,
        live.listen(conversation_topic(customer.conversation_id)) as of_conversation,
    ):
        await site.casework.note(case.id, await site.account("Sam", Role.AGENT), "n", key="1")
        assert await of_case.wait(2)
        await customer.says("hello")
        assert await of_conversation.wait(2)


async def test_every_message_carries_its_author(site: StaffSite, ruth: Browser) -> None:
    customer, case = await _waiting(site, "Ada")
    path = f"/desk/cases/{case.id}"
    await ruth.sends(path, f"{path}/reply", text="Hello Ada.")
    page = await ruth.gets(path)
    kinds = re.findall(r'<li class="entry (\w+)" id="m\d+">', page)
    assert kinds == [message.author.value for message in await customer.sees()]
    assert {Author.CUSTOMER.value, Author.BOT.value, Author.AGENT.value} <= set(kinds)
    who = re.findall(r'<p class="entry-who">(\S+) <time', page)
    assert len(who) == len(kinds)
    assert {"Ada", "Assistant", "Ruth"} <= set(who)
