"""Links of an answer: from the bot to the customer, and to the staff who read along."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sanic import Sanic
from sanic.response import json
from sqlalchemy import update

from conversation.clock import utc_now
from conversation.messages import Author, Button, Draft, Link, Message, may_be_linked
from handoff.briefing.card import written
from heard.web_server import serving
from review.story import story
from staff.account import Role
from store.store import SqlStore
from store.tables import MessageRow
from tests.desks.site import HOST
from tests.ports import free_ports
from tests.unit.staff_site import staff_site
from website.bot_client import BotClient, Question
from website.state import message_json

ARTICLE = Link("Read more: What delivery costs", "/help/delivery-cost")
YES = Button("Yes", "Yes")


@pytest.mark.parametrize(
    "url", ["/help/x", "/", "https://shop.example/a?b=c#d", "https://[2001:db8::1]/"]
)
def test_pages_of_the_site_and_https_may_be_linked(url: str) -> None:
    assert may_be_linked(url)


@pytest.mark.parametrize(
    "url",
    ["", "help", "//evil.example", "/\\evil.example", "http://shop.example", "javascript:alert(1)",
     "data:text/html,x", "https://", "https:///x", "/a b", "/a\n", "\thttps://a.example"],
)  # fmt: skip
def test_no_other_address_may_be_linked(url: str) -> None:
    assert not may_be_linked(url)


def message(*buttons: Button | Link) -> Message:
    return Message("m", "c", 1, Author.BOT, "It is free.", utc_now(), buttons=buttons)


def test_readers_elsewhere_get_whole_addresses() -> None:
    https = Link("Elsewhere", "https://other.example/")
    moved = message(ARTICLE, YES, https).on("https://shop.example")
    assert moved.links == (Link(ARTICLE.title, "https://shop.example/help/delivery-cost"), https)
    assert moved.buttons[1] == YES
    assert written(moved).splitlines() == [
        "It is free.",
        "Buttons: Yes",
        "Read more: What delivery costs: https://shop.example/help/delivery-cost",
        "Elsewhere: https://other.example/",
    ]


def test_the_page_gets_a_payload_or_an_address() -> None:
    assert message_json(message(YES, ARTICLE))["buttons"] == [
        {"title": "Yes", "payload": "Yes"},
        {"title": "Read more: What delivery costs", "url": "/help/delivery-cost"},
    ]


def test_review_tells_links_from_buttons() -> None:
    (entry,) = story([message(YES, ARTICLE)], (), (), (), (), "Ada")
    assert (entry.choices, entry.links) == (("Yes",), (ARTICLE,))


async def test_links_are_stored_and_messages_of_before_are_read(store: SqlStore) -> None:
    async with store.work() as work:
        conversation = (await work.conversations.start("v", None, utc_now())).id
        draft = Draft(Author.BOT, "It is free.", buttons=(YES, ARTICLE))
        await work.conversations.append(conversation, draft, utc_now())
        old = await work.conversations.append(conversation, Draft(Author.BOT, "old"), utc_now())
        rows = update(MessageRow).where(MessageRow.id == old.id)
        await work.conversations._session.execute(rows.values(buttons=[["Yes", "Yes"]]))
    async with store.read() as work:
        first, second = await work.conversations.transcript(conversation)
    assert first.buttons == (YES, ARTICLE)
    assert second.buttons == (YES,)


@pytest.fixture
async def bot() -> AsyncIterator[tuple[BotClient, list[dict[str, Any]]]]:
    """A client, and the replies that the bot at its other end gives."""
    replies: list[dict[str, Any]] = []
    app: Sanic[Any, Any] = Sanic(f"bot_{uuid4().hex}", configure_logging=False)
    app.add_route(lambda _: json({"replies": replies}), "/webhooks/gateway/turn", methods=["POST"])
    port = free_ports(1)[0]
    async with serving(app, HOST, port):
        client = BotClient(f"http://{HOST}:{port}", "token", 5)
        yield client, replies
        await client.close()


async def test_the_bots_links_arrive_and_unsafe_ones_are_left_out(
    bot: tuple[BotClient, list[dict[str, Any]]],
) -> None:
    client, replies = bot
    buttons = [
        {"title": "Yes", "payload": "Yes"},
        {"title": "Bad", "url": "javascript:alert(1)"},
        {"title": ARTICLE.title, "url": ARTICLE.url},
    ]
    replies.append({"text": "It is free.", "buttons": buttons})
    (draft,) = await client.ask(Question("c", "m", "cost?", None, "en", "", None))
    assert draft.text == "It is free."
    assert draft.buttons == (YES, ARTICLE)


async def test_an_agent_in_the_browser_can_follow_a_link(tmp_path: Path) -> None:
    async with staff_site(tmp_path) as site:
        ruth = await site.signed_in("Ruth", Role.AGENT)
        ada = await site.site.customer("Ada")
        async with site.site.store.work() as work:
            draft = Draft(Author.BOT, "It is free.", buttons=(YES, ARTICLE))
            await work.conversations.append(ada.conversation_id, draft, utc_now())
        case = await ada.asks_for_a_person()
        page = (await ruth.http.get(f"/desk/cases/{case.id}")).text
    assert f'<a href="{ARTICLE.url}" target="_blank" rel="noopener">{ARTICLE.title}</a>' in page
