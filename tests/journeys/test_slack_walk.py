"""The same walk with the agent in Slack, whose place the tests' own server takes."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from heard.settings import ROOT
from tests.fake_slack.server import SECRET, TOKEN, FakeSlack
from tests.fake_slack.workspace import SUPPORT
from tests.journeys.test_walk import Walk
from tests.people import eventually
from tests.product import Product

ROBIN, GUEST = "U0ROBIN001", "U0GUEST001"

pytestmark = pytest.mark.asyncio(loop_scope="session")  # that of the browser


async def test_the_walk_with_an_agent_in_slack(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, tmp_path: Path
):
    async with FakeSlack() as slack:
        product = Product(
            tmp_path_factory.mktemp("slack"),
            DESK="slack",
            SLACK_BOT_TOKEN=TOKEN,
            SLACK_SIGNING_SECRET=SECRET,
            SLACK_CHANNEL=SUPPORT,
            SLACK_API_URL=slack.api_url,
        )
        slack.workspace.join(ROBIN, "Robin")
        slack.workspace.join(GUEST, "Guest")
        slack.sender.app_url = product.url
        await asyncio.to_thread(product.start)
        try:
            await _names_an_agent(product)
            await slack.hands.commands(ROBIN, "back", slack.workspace.channel(SUPPORT))
            await SlackWalk(product, browser, tmp_path, slack).whole()
        finally:
            await asyncio.to_thread(product.stop)


async def _names_an_agent(product: Product) -> None:
    """A demo agent has no Slack account, and is away until somebody takes the place."""
    named = ("robin@example.com", "--name", "Robin Demo", "--role", "agent", "--slack", ROBIN)
    argv = (
        sys.executable,
        "-m",
        "heard",
        "user",
        "add",
        *named,
        "--password",
        "for-this-walk",
    )
    adding = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, env=product.environment)
    assert await adding.wait() == 0


class SlackWalk(Walk):
    """The steps of the agent, taken in Slack."""

    def __init__(
        self, product: Product, browser: Browser, pictures: Path, slack: FakeSlack
    ) -> None:
        super().__init__(product, browser, pictures)
        self.slack = slack
        self.channel = slack.workspace.channel(SUPPORT)
        self.card: dict[str, Any]

    async def an_agent_reads_the_card_and_claims_the_case(self) -> None:
        cards = await eventually(lambda: list(self.slack.workspace.top(self.channel)))
        assert len(cards) == 1
        self.card = cards[0]
        card = str(self.card["blocks"])
        for words in ("Ada Demo", "of 100", "this is useless", "4 days late"):
            assert words in card
        await eventually(lambda: "should have been here days ago" in self._thread())
        await self.slack.presses(GUEST, "Claim", self.card["ts"])
        await self.slack.presses(ROBIN, "Claim", self.card["ts"])
        await expect(self._banner()).to_contain_text("Robin Demo")

    async def the_agents_reply_appears_on_the_page(self) -> None:
        await self._say("are you there?")
        await eventually(lambda: "are you there?" in self._thread())
        thread = self.card["ts"]
        await self.slack.says(ROBIN, ";; she is right to be cross", thread_ts=thread)
        await self.slack.says(GUEST, "let me help too", thread_ts=thread)
        await self.slack.says(ROBIN, "It is at the depot in Leeds.", thread_ts=thread, times=3)
        await expect(self.log).to_contain_text("It is at the depot in Leeds.")
        page = await self.log.inner_text()
        assert page.count("It is at the depot in Leeds.") == 1
        assert "cross" not in page
        assert "help too" not in page

    async def the_agent_resolves_the_case(self) -> None:
        await self.slack.presses(ROBIN, "Resolve", self.card["ts"])
        await eventually(lambda: self.slack.views.of(ROBIN) is not None)
        assert not await self.slack.hands.submits(ROBIN, needed="Yes")
        await expect(self.log).to_contain_text("Robin Demo has closed this conversation.")
        await eventually(lambda: "Resolved" in str(self._shown_card()))
        await eventually(lambda: "Robin Demo resolved this" in self._thread())

    async def the_customer_answers_the_survey(self) -> None:
        posted = len(self.slack.workspace.thread(self.channel, self.card["ts"]))
        await super().the_customer_answers_the_survey()
        await eventually(lambda: "Robin knew everything already" in str(self._shown_card()))
        assert "Ease 6 of 7" in str(self._shown_card())
        assert len(self.slack.workspace.thread(self.channel, self.card["ts"])) == posted
        assert len(list(self.slack.workspace.top(self.channel))) == 1

    def _thread(self) -> str:
        return str(self.slack.workspace.thread(self.channel, self.card["ts"]))

    def _shown_card(self) -> dict[str, Any]:
        return self.slack.workspace.message(self.channel, self.card["ts"])
