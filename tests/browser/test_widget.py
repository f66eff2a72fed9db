"""The chat widget as a customer meets it, in a real browser."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, WebSocketRoute, expect

from conversation.clock import utc_now
from conversation.messages import Author, Button, Draft, Link
from handoff.case import Case
from tests.door import IDENTITY_KEY, Door, open_door
from tests.patience import PATIENT_S, only_woken
from website.identity import sign_identity
from website.limits import Limits, TokenBuckets

pytestmark = pytest.mark.asyncio(loop_scope="session")

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> & \u202eright"


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page that fails the test where a script or the content policy complains."""
    context = await browser.new_context(viewport={"width": 1100, "height": 760})
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if "Policy" in m.text else None)
    yield opened
    await context.close()
    assert complaints == []


class Chat:
    """The widget on a page, by what a customer can see and name."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name=re.compile("^Help"))
        self.panel = page.get_by_role("dialog", name=re.compile("support"))
        self.log = page.get_by_role("log")
        self.field = page.get_by_label("Your message")
        self.person = page.get_by_role("button", name="Talk to a person")
        self.back = page.get_by_role("button", name="Back to the assistant")

    async def visit(self, door: Door, query: str = "") -> "Chat":
        await self.page.goto(f"{door.url}/{query}")
        return self

    async def open(self) -> "Chat":
        await self.launcher.click()
        await expect(self.panel).to_be_visible()
        return self

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    def message(self, author: str, text: str) -> Locator:
        named = self.page.locator(".author", has_text=author)
        return self.log.locator(".message").filter(has=named).filter(has_text=text)

    async def texts(self) -> list[str]:
        return await self.log.locator(".message:not(.intro) .bubble, .line").all_inner_texts()


async def opened_chat(page: Page, door: Door, query: str = "") -> Chat:
    return await (await Chat(page).visit(door, query)).open()


async def waiting_case(door: Door) -> Case:
    async with asyncio.timeout(PATIENT_S):
        while True:
            async with door.store.read() as work:
                cases = await work.cases.listed(open_only=True)
            if cases:
                return cases[0]
            await asyncio.sleep(0.02)


async def test_the_assistant_introduces_itself_and_a_person_is_one_press_away(
    door: Door, page: Page
) -> None:
    chat = await opened_chat(page, door)
    intro = chat.message("Automated assistant", "This is Northpine's automated assistant")
    await expect(intro).to_be_visible()
    await expect(chat.person).to_be_visible()
    await expect(chat.field).to_be_focused()
    await page.get_by_role("button", name="Where is my order?").click()
    await expect(chat.message("You", "Where is my order?")).to_be_visible()
    await expect(chat.message("Automated", "You wrote: Where is my order?")).to_be_visible()


async def test_every_message_carries_its_author_and_markup_stays_text(
    door: Door, page: Page
) -> None:
    chat = await opened_chat(page, door)
    await chat.say(HOSTILE)
    await expect(chat.message("You", HOSTILE)).to_be_visible()
    await expect(chat.message("Automated assistant", f"You wrote: {HOSTILE}")).to_be_visible()
    assert await chat.log.locator("img, script").count() == 0
    await expect(chat.log.locator(".delivery")).to_have_count(0)


async def test_an_answers_article_opens_beside_the_chat_and_its_link_stays(
    door: Door, page: Page
) -> None:
    buttons = (
        Button("Yes", "Yes"),
        Link("Read more: What delivery costs", "/help/delivery-cost"),
        Link("Elsewhere", "https://other.example/help"),
    )
    costs = Draft(Author.BOT, "From 60 EUR it is free.", buttons=buttons)
    glad = Draft(Author.BOT, "Good to hear.")
    door.bot.answer = lambda asked: (glad if asked.text == "Yes" else costs,)
    chat = await opened_chat(page, door)
    await chat.say("delivery cost")
    answer = chat.message("Automated", "From 60 EUR it is free.")
    link = answer.get_by_role("link", name="Read more: What delivery costs (opens in a new tab)")
    await expect(link).to_have_attribute("href", f"{door.url}/help/delivery-cost")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(answer.get_by_role("link")).to_have_count(2)
    await expect(page.get_by_role("group").get_by_role("button")).to_have_text(["Yes"])
    box = await link.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    async with page.context.expect_page() as opened:
        await link.press("Enter")
    assert (await opened.value).url == f"{door.url}/help/delivery-cost"
    await page.get_by_role("button", name="Yes").click()
    await expect(chat.message("Automated", "Good to hear.")).to_be_visible()
    await expect(link).to_be_visible()


async def test_links_in_an_answer_can_be_followed_and_only_web_links_are_links(
    door: Door, page: Page
) -> None:
    answer = "Read https://example.com/a?b=1&c=2. Not javascript:alert(1)"
    door.bot.answer = lambda _: (Draft(Author.BOT, answer),)
    chat = await opened_chat(page, door)
    await chat.say("help")
    link = chat.log.get_by_role("link")
    await expect(link).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(chat.message("Automated", answer)).to_be_visible()


async def test_a_slow_answer_is_announced_quietly(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    door.bot.gate.clear()
    await chat.say("hello")
    line = chat.log.get_by_text("The assistant is looking it up")
    await expect(line).to_be_visible()
    door.bot.gate.set()
    await expect(line).to_have_count(0)


async def test_a_suggestion_is_sent_as_the_customers_own_words(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.say("hello")
    suggestion = chat.log.get_by_role("button", name="Where is my order?")
    await suggestion.click()
    await expect(chat.message("You", "Where is my order?")).to_be_visible()
    await expect(chat.message("Automated", "You wrote: Where is my order?")).to_be_visible()


async def test_waiting_shows_the_place_and_the_way_back(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.person.click()
    await expect(chat.panel.get_by_text("You are next in the queue")).to_be_visible()
    await expect(chat.field).to_be_focused()
    await chat.back.click()
    await expect(chat.person).to_be_visible()
    await expect(chat.message("Automated", "You have left the queue")).to_be_visible()


async def test_an_agents_reply_is_brought_to_the_page(
    door: Door, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_woken(monkeypatch)
    chat = await opened_chat(page, door)
    await chat.person.click()
    case = await waiting_case(door)
    agent = await door.agent("Robin Demo")
    await door.casework.claim(case.id, agent)
    await expect(chat.panel.get_by_text("Robin Demo answers")).to_be_visible()
    await door.casework.reply(case.id, agent, "I have your parcel here.", key="1", via="test")
    await chat.log.get_by_text("I have your parcel here.").wait_for()
    await expect(chat.message("Robin Demo", "I have your parcel here.")).to_be_visible()
    await expect(chat.log.locator(".line")).to_have_text("Robin Demo has joined the chat.")


@pytest.mark.parametrize("sockets", [True, False])
async def test_an_edited_reply_says_so_and_a_deleted_one_is_gone(
    door: Door, page: Page, sockets: bool
) -> None:
    if not sockets:
        await page.route_web_socket("**/api/chat", _cut)
    chat = await opened_chat(page, door)
    await chat.person.click()
    case, agent = await waiting_case(door), await door.agent("Robin Demo")
    for key in ("1", "2"):
        await door.casework.reply(case.id, agent, f"Reply {key}.", key=key, via="test")
    await expect(chat.message("Robin Demo", "Reply 2.")).to_be_visible()
    await door.casework.edit_reply(case.id, agent, "1", "Reply 1, put right.", "test")
    await door.casework.delete_reply(case.id, agent, "2", "test")
    await expect(chat.message("edited", "Reply 1, put right.")).to_be_visible()
    await expect(chat.message("Robin Demo", "Deleted by Robin Demo")).to_be_visible()
    shown = (await chat.texts())[-2:]
    assert shown == ["Reply 1, put right.", "Deleted by Robin Demo"]
    await page.reload()
    await expect(chat.message("Robin Demo", "Deleted by Robin Demo")).to_be_visible()
    await expect(chat.log.get_by_text("Reply 2.")).to_have_count(0)


async def test_the_survey_is_answered_with_the_keyboard_alone(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.person.press("Enter")
    case = await waiting_case(door)
    agent = await door.agent()
    await door.casework.resolve(case.id, agent, closing="Done.")
    await expect(page.get_by_role("group", name="Northpine made it easy")).to_be_visible()
    await expect(chat.log.get_by_text("Done.")).to_be_in_viewport()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    for _ in range(5):
        await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    why = page.get_by_label("What made it easy or hard?")
    await expect(why).to_be_focused()
    await page.keyboard.type("One person did it all.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(why).to_have_count(0)
    await expect(chat.field).to_be_focused()
    async with door.store.read() as work:
        (survey,) = await work.surveys.of(case.conversation_id)
    assert survey.why == "One person did it all."
    assert survey.score in (5, 6)


async def test_after_a_reload_the_whole_conversation_is_there(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    for text in ("one", "two", "three"):
        await chat.say(text)
        await expect(chat.message("Automated", f"You wrote: {text}")).to_be_visible()
    before = await chat.texts()
    await page.reload()
    await expect(chat.message("Automated", "You wrote: three")).to_be_visible()
    assert await chat.texts() == before
    assert len(before) == 6


async def test_news_is_counted_on_the_launcher_while_the_chat_is_closed(
    door: Door, page: Page
) -> None:
    async with page.expect_response("**/api/session") as answered:
        chat = await opened_chat(page, door)
    conversation_id = (await (await answered.value).json())["conversation"]
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(chat.launcher).to_have_accessible_name("Help. Open the chat")
    async with door.store.work() as work:
        for text in ("news", "more news"):
            await work.conversations.append(
                conversation_id, Draft(Author.BOT, text), door.site.clock()
            )
    await expect(chat.launcher).to_have_accessible_name("Help. Open the chat, 2 new messages")
    await page.reload()
    await expect(chat.launcher).to_have_accessible_name("Help. Open the chat, 2 new messages")
    await chat.open()
    await page.keyboard.press("Escape")
    await expect(chat.launcher).to_have_accessible_name("Help. Open the chat")


async def test_escape_closes_and_the_focus_goes_back(door: Door, page: Page) -> None:
    chat = await Chat(page).visit(door)
    await chat.launcher.focus()
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("again")
    await page.keyboard.press("Enter")
    await expect(chat.message("Automated", "You wrote: hello\nagain")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(chat.panel).to_have_count(0)
    await expect(chat.launcher).to_be_focused()


async def test_a_server_that_restarts_costs_the_customer_nothing(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.say("before")
    await expect(chat.message("Automated", "You wrote: before")).to_be_visible()
    await door.stop()
    await expect(chat.log.get_by_text("Connecting again")).to_be_visible()
    await chat.say("during")
    await expect(chat.message("You", "during").get_by_text("Sending")).to_be_visible()
    await door.start()
    await expect(chat.message("Automated", "You wrote: during")).to_be_visible()
    await expect(chat.log.get_by_text("Connecting again")).to_have_count(0)
    await expect(chat.log.locator(".delivery")).to_have_count(0)
    assert await chat.texts() == ["before", "You wrote: before", "during", "You wrote: during"]


async def test_an_unsent_message_is_kept_over_a_reload_and_sent_once(
    door: Door, page: Page
) -> None:
    chat = await opened_chat(page, door)
    await chat.say("first")
    await expect(chat.message("Automated", "You wrote: first")).to_be_visible()
    await page.route("**/api/**", lambda route: route.abort())
    await page.route_web_socket("**/api/chat", _cut)
    await page.reload()
    await chat.say("kept")
    await expect(chat.message("You", "kept").get_by_text("Sending")).to_be_visible()
    await page.reload()
    await expect(chat.message("You", "kept")).to_be_visible()
    await page.unroute("**/api/**")
    await expect(chat.message("Automated", "You wrote: kept")).to_be_visible()
    assert (await chat.texts()).count("kept") == 1


async def test_a_refused_message_says_why_and_can_be_sent_again(tmp_path: Path, page: Page) -> None:
    limits = Limits(visitor=TokenBuckets(per_s=1, burst=1))
    async with open_door(tmp_path, limits=limits) as door:
        chat = await opened_chat(page, door)
        await chat.say("one")
        await chat.say("two")
        failed = chat.message("You", "two")
        await expect(failed.get_by_text("Not sent.")).to_contain_text("Too many messages")
        await asyncio.sleep(1.1)
        await failed.get_by_role("button", name="Retry").click()
        await expect(chat.message("Automated", "You wrote: two")).to_be_visible()
        await expect(chat.log.locator(".delivery")).to_have_count(0)


async def test_where_sockets_are_blocked_everything_works_over_http(door: Door, page: Page) -> None:
    await page.route_web_socket("**/api/chat", _cut)
    chat = await opened_chat(page, door)
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    await chat.person.click()
    case = await waiting_case(door)
    agent = await door.agent("Robin Demo")
    await door.casework.claim(case.id, agent)
    await expect(chat.panel.get_by_text("Robin Demo answers")).to_be_visible()
    await door.casework.reply(case.id, agent, "Over plain HTTP.", key="1", via="test")
    await expect(chat.message("Robin Demo", "Over plain HTTP.")).to_be_visible()
    await chat.say("thanks")
    await expect(chat.message("You", "thanks").locator(".delivery")).to_have_count(0)
    await expect(chat.log.get_by_text("Connecting again")).to_have_count(0)


async def test_over_http_messages_arrive_in_the_order_in_which_they_were_written(
    door: Door, page: Page
) -> None:
    await page.route_web_socket("**/api/chat", _cut)
    chat, conversation = await _met(door, page)
    await door.stop()
    await expect(chat.log.get_by_text("Connecting again")).to_be_visible()
    await page.route("**/api/messages", _slower_at_first())
    await chat.say("one")
    await chat.say("two")
    await door.start()
    await expect(chat.message("Automated", "You wrote: two")).to_be_visible()
    await chat.say("three")
    await expect(chat.message("Automated", "You wrote: three")).to_be_visible()
    assert await _written(door, conversation) == ["hello", "one", "two", "three"]


async def test_a_message_between_hello_and_welcome_overtakes_none_that_waits(
    door: Door, page: Page
) -> None:
    line = _Line()
    await page.route_web_socket("**/api/chat", line.route)
    chat, conversation = await _met(door, page)
    await page.route("**/api/**", lambda route: route.abort())
    await page.reload()
    await chat.say("older")
    await expect(chat.message("You", "older")).to_be_visible()
    line.hold()
    await page.unroute("**/api/**")
    async with asyncio.timeout(PATIENT_S):
        await line.greeted.wait()
    await chat.say("newer")
    await expect(chat.message("You", "newer")).to_be_visible()
    await asyncio.sleep(0.2)
    line.let_go()
    await expect(chat.message("Automated", "You wrote: newer")).to_be_visible()
    await expect(chat.message("Automated", "You wrote: older")).to_be_visible()
    assert await _written(door, conversation) == ["hello", "older", "newer"]


async def test_on_a_shared_device_nobody_sees_anybody_elses_chat(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.say("an anonymous secret")
    await expect(chat.message("Automated", "You wrote: an anonymous secret")).to_be_visible()
    await chat.visit(door, "?as=demo-ada")
    await chat.say("a secret of Ada")
    await expect(chat.message("Automated", "You wrote: a secret of Ada")).to_be_visible()
    assert await chat.texts() == ["a secret of Ada", "You wrote: a secret of Ada"]
    await chat.visit(door, "?as=demo-bea")
    await chat.say("Bea")
    await expect(chat.message("Automated", "You wrote: Bea")).to_be_visible()
    assert await chat.texts() == ["Bea", "You wrote: Bea"]
    await chat.visit(door)
    await expect(chat.message("Automated", "You wrote: an anonymous secret")).to_be_visible()
    assert len(await chat.texts()) == 2


async def test_another_website_embeds_the_chat_with_one_script_tag(
    tmp_path: Path, page: Page
) -> None:
    async with _website() as (origin, site), open_door(tmp_path, origins=(origin,)) as door:
        identity = sign_identity("demo-ada", IDENTITY_KEY, utc_now(), timedelta(minutes=5))
        site["body"] = (
            f'<script type="module" src="{door.url}/widget/support-chat.js" '
            f'data-company="Elsewhere" data-identity="{identity}"></script>'
        )
        await page.goto(origin)
        chat = await Chat(page).open()
        await expect(chat.panel).to_have_accessible_name("Chat with Elsewhere support")
        await chat.say("from elsewhere")
        await expect(chat.message("Automated", "You wrote: from elsewhere")).to_be_visible()


async def test_a_page_may_place_the_element_itself_and_sign_somebody_in_later(
    tmp_path: Path, page: Page
) -> None:
    async with _website() as (origin, site), open_door(tmp_path, origins=(origin,)) as door:
        site["body"] = (
            '<support-chat company="Elsewhere"></support-chat>'
            f'<script type="module" src="{door.url}/widget/support-chat.js"></script>'
        )
        await page.goto(origin)
        chat = await Chat(page).open()
        await chat.say("anonymous")
        await expect(chat.message("Automated", "You wrote: anonymous")).to_be_visible()
        identity = sign_identity("demo-ada", IDENTITY_KEY, utc_now(), timedelta(minutes=5))
        element = page.locator("support-chat")
        assert await element.count() == 1
        await element.evaluate("(chat, jwt) => chat.setAttribute('identity', jwt)", identity)
        await expect(chat.message("Automated", "You wrote: anonymous")).to_have_count(0)
        await chat.say("as Ada")
        await expect(chat.message("Automated", "You wrote: as Ada")).to_be_visible()
        assert await chat.texts() == ["as Ada", "You wrote: as Ada"]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 256)])
async def test_nothing_is_cut_off_on_a_narrow_or_enlarged_page(
    door: Door, page: Page, width: int, height: int
) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    chat = await opened_chat(page, door)
    await chat.say("w" * 300)
    await expect(chat.message("Automated", "You wrote: www")).to_be_visible()
    for control in (chat.person, chat.field, page.get_by_role("button", name="Close the chat")):
        await expect(control).to_be_in_viewport(ratio=1)
    sideways = "(node) => node.scrollWidth > node.clientWidth"
    assert not await chat.log.evaluate(sideways)
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_state(door: Door, page: Page, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    chat = await Chat(page).visit(door, "?as=demo-ada")
    await expect(chat.launcher).to_be_visible()
    await no_violations(page, "closed")
    await chat.open()
    await no_violations(page, "introduction")
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    await no_violations(page, "answer")
    await chat.person.click()
    await expect(chat.back).to_be_visible()
    await no_violations(page, "waiting")
    case = await waiting_case(door)
    agent = await door.agent("Robin Demo")
    await door.casework.reply(case.id, agent, "See https://example.com", key="1", via="test")
    await expect(chat.message("Robin Demo", "See")).to_be_visible()
    await no_violations(page, "agent")
    await door.casework.resolve(case.id, agent)
    rating = page.get_by_role("radio", name="7, Strongly agree")
    await rating.check()
    await no_violations(page, "rating")
    await page.get_by_role("button", name="Send rating").click()
    await expect(page.get_by_label("What made it easy or hard?")).to_be_visible()
    await no_violations(page, "reason")
    await door.stop()
    await chat.say("lost")
    await expect(chat.log.get_by_text("Connecting again")).to_be_visible()
    await no_violations(page, "disconnected")


async def test_there_is_one_live_region_and_targets_are_large(door: Door, page: Page) -> None:
    chat = await opened_chat(page, door)
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    live = page.locator('support-chat :is([aria-live], [role="status"], [role="alert"])')
    assert await live.count() == 0
    assert await page.get_by_role("log").count() == 1
    for button in await chat.panel.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40, await button.inner_text()


async def test_motion_stops_for_those_who_ask_for_it(door: Door, page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    chat = await opened_chat(page, door)
    door.bot.gate.clear()
    await chat.say("hello")
    line = chat.log.get_by_text("The assistant is looking it up")
    await expect(line).to_be_visible()
    name = "getComputedStyle(node, '::before').animationName"
    assert await line.evaluate(f"(node) => {name}") == "none"


@asynccontextmanager
async def _website() -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Another website: its origin, and the body of its one page."""
    site = {"body": ""}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        page = f"<!doctype html><html lang=en><title>Shop</title><body>{site['body']}".encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page)}"
        writer.write(f"{head}\r\nconnection: close\r\n\r\n".encode() + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", site


class _Line:
    """A socket between page and server on which the server's frames can be held up."""

    def __init__(self) -> None:
        self.greeted = asyncio.Event()
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None

    def hold(self) -> None:
        self._held = []

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for socket, frame in held:
            socket.send(frame)

    def route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_page(frame: str | bytes) -> None:
            if self._held is None:
                socket.send(frame)
            else:
                self._held.append((socket, frame))
                self.greeted.set()

        server.on_message(to_page)


def _slower_at_first() -> Callable[[Route], Awaitable[None]]:
    """Each message posted has a shorter way than the one before."""
    ways = iter((0.8, 0.4))

    async def route(route: Route) -> None:
        if route.request.method == "POST":
            await asyncio.sleep(next(ways, 0))
        await route.continue_()

    return route


async def _met(door: Door, page: Page) -> tuple[Chat, str]:
    """A chat in which the bot has answered once, and its conversation."""
    async with page.expect_response("**/api/session") as answered:
        chat = await opened_chat(page, door)
    conversation_id: str = (await (await answered.value).json())["conversation"]
    await chat.say("hello")
    await expect(chat.message("Automated", "You wrote: hello")).to_be_visible()
    return chat, conversation_id


async def _written(door: Door, conversation_id: str) -> list[str]:
    """What the customer wrote, as the server has it."""
    async with door.store.read() as work:
        messages = await work.conversations.transcript(conversation_id)
    return [message.text for message in messages if message.author is Author.CUSTOMER]


async def _cut(socket: WebSocketRoute) -> None:
    await socket.close()


async def no_violations(page: Page, state: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.async_playwright").Axe()
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = (await axe.run(page, options=options)).response["violations"]
    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert told == [], state
