"""Agents in Slack: the fake server, and people who write and press there."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from sanic import Sanic
from sqlalchemy import update

from conversation.clock import utc_now
from handoff.briefing.masked import MaskRules
from handoff.case import Case
from handoff.desk import Desk
from handoff.desks.slack.build import Slack, slack_desk
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.requests.intake import Intake
from handoff.desks.slack.requests.request import SOURCE, SOURCE_AT_ONCE
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.queue.groups import DeskRules
from handoff.queue.view import QueueView
from staff.account import Role
from store.tables import InboxRow
from tests.desks.harness import Person
from tests.desks.site import Site, end, eventually, open_site
from tests.fake_slack import FakeSlack, Reset
from tests.fake_slack.limits import Json
from tests.fake_slack.server import APP_TOKEN, SECRET, TOKEN
from tests.fake_slack.workspace import SUPPORT
from tests.patience import PATIENT_S
from tests.ports import free_ports

_MANIFESTS = Path(__file__).parents[2] / "deploy" / "slack"
_NUMBERS = count(1)
_SOURCES = (SOURCE, SOURCE_AT_ONCE)


class SlackHarness:
    """Satisfies `Harness`."""

    def __init__(
        self,
        site: Site,
        slack: FakeSlack,
        settings: SlackSettings,
        working: "asyncio.Task[None]",
    ) -> None:
        self.site = site
        self.working = working
        self.slack = slack
        self.settings = settings

    async def crashes(self) -> None:
        """Kill what works off requests; it starts once the leases of what it was at are over."""
        await end(self.working)
        async with self.site.engine.begin() as connection:
            undone = update(InboxRow).where(InboxRow.done_at.is_(None))
            await connection.execute(undone.values(due_at=self.site.clock()))
        self.working = self.another_process()

    def another_process(self) -> "asyncio.Task[None]":
        """Begin to work off requests a second time, beside the first."""
        site = self.site
        part = _desk(self.settings, site)
        return asyncio.create_task(part.run())

    def intake(self) -> Intake:
        """What takes requests in, beside the one at the door."""
        api, settle_s = SlackApi(self.settings), self.settings.settle_s
        return Intake(self.site.store, self.site.clock, api, settle_s)

    async def agent(self, name: str) -> Person:
        """An agent whose account names their Slack user."""
        person = self._join(name)
        async with self.site.store.work() as work:
            await work.accounts.save(
                f"{name.lower()}@example.com",
                name,
                [Role.AGENT],
                "-",
                utc_now(),
                slack_user=person.handle,
            )
        return person

    async def stranger(self) -> Person:
        """A member of the workspace without an account."""
        return self._join("Sam")

    async def claims(self, who: Person, case: Case) -> None:
        """Press Claim."""
        await self.presses(who, case, "Claim")

    async def replies(self, who: Person, case: Case, text: str, *, times: int = 1) -> None:
        """Write in the thread."""
        typed = html.escape(text, quote=False)
        await self.writes(who, case, typed, times=times)

    async def notes(self, who: Person, case: Case, text: str) -> None:
        """Write in the thread, marked as a note."""
        await self.writes(who, case, f";; {text}")

    async def hands_back(self, who: Person, case: Case) -> None:
        """Press Hand back to assistant, and send the form as it is."""
        await self.fills(who, case, "Hand back to assistant")

    async def resolves(self, who: Person, case: Case) -> None:
        """Press Resolve, say that a person was needed, and send the form."""
        await self.fills(who, case, "Resolve", needed="Yes")

    async def told(self, who: Person) -> str:
        """The last ephemeral message to this user."""

        async def whispers() -> list[str]:
            return self.whispers(who)

        return (await eventually(whispers))[-1]

    async def state(self, who: Person, case: Case) -> str:
        """The card's header."""
        await self.site.delivered()
        card = self.message(await self.place(case))
        return str(next(b for b in card["blocks"] if b["type"] == "header")["text"]["text"])

    async def card(self, who: Person, case: Case) -> str:
        """The card's texts, as Slack shows them."""
        await self.site.delivered()
        message = self.message(await self.place(case))
        fields = [
            text
            for block in message["blocks"]
            for text in [*(block.get("fields") or ()), *(block.get("elements") or ())]
            if text["type"] == "mrkdwn"
        ]
        return " ".join([*_lines(message), *(html.unescape(field["text"]) for field in fields)])

    async def reads(self, who: Person, case: Case) -> list[str]:
        """The thread, with the transcript's quotations as lines of their own."""
        await self.site.delivered()
        return [line for message in await self.thread(case) for line in _lines(message)]

    async def cases_shown(self, who: Person) -> int:
        """The cards in the channel."""
        return len(self.cards())

    async def next_delivery_is_cut(self) -> None:
        """Slack posts the next message and the connection is reset."""
        self.slack.faults.next("chat.postMessage", Reset(accepted=True))

    async def presses(self, who: Person, case: Case, label: str, *, times: int = 1) -> None:
        """Press a button of the card; an old card still shows it."""
        place = await self.place(case)
        await self.slack.presses(who.handle, label, place.ts, times=times)
        await self.worked_off()

    async def opens(self, who: Person, case: Case, label: str) -> Json | None:
        """Press what opens a form. Returns: the form, None where the person is told something."""
        told = len(self.whispers(who))
        await self.presses(who, case, label)
        views = self.slack.views

        async def opened() -> bool:
            return views.of(who.handle) is not None or len(self.whispers(who)) > told

        await eventually(opened)
        return views.of(who.handle)

    async def fills(self, who: Person, case: Case, label: str, **filled: Any) -> Mapping[str, str]:
        """Press what opens a form, fill it in and send it. Returns: the errors that it shows."""
        if await self.opens(who, case, label) is None:
            return {}
        errors = await self.slack.hands.submits(who.handle, **filled)
        await self.worked_off()
        return errors

    async def form_of(self, who: Person, *, other_than: Json | None = None) -> Json:
        """The form that this person has open, once it is there and is not `other_than`."""

        async def shown() -> Json | None:
            view = self.slack.views.of(who.handle)
            before = (other_than or {}).get("hash")
            return view if view and view["hash"] != before else None

        view = await eventually(shown)
        assert view is not None
        return view

    async def home_of(self, who: Person) -> str:
        """All that the person's home tab says, once it is there."""

        async def shown() -> Json | None:
            return self.slack.views.homes.get(who.handle)

        view = await eventually(shown)
        assert view is not None
        return _text_of(view["blocks"])

    async def presses_at_home(self, who: Person, label: str) -> None:
        """Press a button of the home tab, the first with this label."""
        view = self.slack.views.homes[who.handle]
        await self.slack.hands.presses_in_view(who.handle, label, view)
        await self.worked_off()

    async def commands(self, who: Person, text: str) -> str:
        """Write /heard with this text. Returns: the answer."""
        told = len(self.whispers(who))
        await self.slack.hands.commands(who.handle, text, self.slack.workspace.channels[SUPPORT])

        async def answered() -> bool:
            return len(self.whispers(who)) > told

        await eventually(answered)
        return self.whispers(who)[-1]

    def labels_of(self, who: Person, name: str) -> list[str]:
        """What an input of the open form offers."""
        view = self.slack.views.of(who.handle)
        assert view is not None
        [element] = [block["element"] for block in view["blocks"] if block["block_id"] == name]
        return [option["text"]["text"] for option in element["options"]]

    def whispers(self, who: Person) -> list[str]:
        """What this person alone was told."""
        return [w["text"] for w in self.slack.workspace.whispers if w["user"] == who.handle]

    async def writes(
        self, who: Person, case: Case, text: str, *, times: int = 1, **fields: Any
    ) -> str:
        """Write in the thread, in Slack's notation. Returns: the message's ts."""
        place = await self.place(case)
        where = {"channel": place.channel, "thread_ts": place.ts}
        ts = await self.slack.says(who.handle, text, times=times, **{**where, **fields})
        await self.worked_off()
        return ts

    async def place(self, case: Case) -> Place:
        """Where the case stands, once it does."""

        async def found() -> Place | None:
            async with self.site.store.read() as work:
                ref = (await work.cases.get(case.id)).ref
            return Place.of(ref) if ref else None

        place = await eventually(found)
        assert place is not None
        return place

    async def thread(self, case: Case) -> list[Json]:
        """The replies in the case's thread."""
        place = await self.place(case)
        channel = self.slack.workspace.channels[place.channel]
        return self.slack.workspace.thread(channel, place.ts)

    def message(self, place: Place) -> Json:
        """The message at this place."""
        return self.slack.workspace.channels[place.channel].messages[place.ts]

    def cards(self) -> list[Json]:
        """What stands in the support channel itself."""
        channel = self.slack.workspace.channels[SUPPORT]
        return [m for m in self.slack.workspace.top(channel) if m.get("bot_id")]

    async def worked_off(self) -> None:
        """Wait until everything that Slack sent has been dealt with."""
        await self.slack.settled()

        async def empty() -> bool:
            async with self.site.store.read() as work:
                waits = [await work.inbox.next_at(source) for source in _SOURCES]
            return not any(waits)

        await eventually(empty, PATIENT_S)

    def _join(self, name: str) -> Person:
        user = self.slack.workspace.join(f"U0PERSON{next(_NUMBERS):03d}", name)
        return Person(name, user)


@asynccontextmanager
async def slack_harness(
    folder: Path,
    *,
    post_every_s: float = 0.01,
    timeout_s: int = 2,
    retry_pause_s: float = 0.02,
    rules: DeskRules | None = None,
    settle_s: float = 0.05,
    heartbeat_s: float = 10.0,
    late_share_s: float = 0.2,
    away_after_s: float = 60.0,
    home_every_s: float = 0.05,
    socket_mode: bool = False,
    limit_s: float | None = None,
    server: Callable[..., FakeSlack] = FakeSlack,
    **workspace: Any,
) -> AsyncIterator[SlackHarness]:
    """A site whose agents work in Slack."""
    port = free_ports(1)[0]
    workspace.setdefault("scopes", manifest_scopes())
    app_url = f"http://127.0.0.1:{port}"
    async with server(app_url, socket_mode=socket_mode, post_every_s=limit_s, **workspace) as slack:
        slack.views.trigger_lives_s = PATIENT_S  # three seconds are short on a busy machine
        parts: list[Slack] = []
        settings = SlackSettings(
            bot_token=TOKEN,
            signing_secret=SECRET,
            app_token=APP_TOKEN if socket_mode else "",
            channel=SUPPORT,
            api_url=slack.api_url,
            files_url=slack.api_url.removesuffix("/api/"),
            timeout_s=timeout_s,
            post_every_s=post_every_s,
            retry_pause_s=retry_pause_s,
            settle_s=settle_s,
            heartbeat_s=heartbeat_s,
            late_share_s=late_share_s,
            away_after_s=away_after_s,
            home_every_s=home_every_s,
        )

        def build(site: Site, app: "Sanic[Any, Any]") -> Desk:
            part = _desk(settings, site)
            if part.blueprint is not None:
                app.blueprint(part.blueprint)
            parts.append(part)
            return part.desk

        async with open_site(folder, "slack", build, port, rules) as site:
            working = asyncio.create_task(parts[0].run())
            harness = SlackHarness(site, slack, settings, working)
            try:
                yield harness
                await harness.worked_off()
            finally:
                await end(harness.working)


def _desk(settings: SlackSettings, site: Site) -> Slack:
    queue = QueueView(site.store, site.rules, site.clock)
    parts = (site.store, site.casework, site.remedies, site.staffing, queue, site.rules)
    return slack_desk(settings, SlackParts(*parts, site.live, site.clock, MaskRules()))


def manifest_scopes(kind: str = "") -> frozenset[str]:
    """What an app made from this manifest of ours may do."""
    file = _MANIFESTS / (f"manifest-{kind}.yml" if kind else "manifest.yml")
    manifest = yaml.safe_load(file.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def _lines(message: Json) -> list[str]:
    texts = [block["text"]["text"] for block in message.get("blocks") or () if "text" in block]
    whole = "\n".join(texts) or str(message["text"])
    shown = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", whole)
    return [html.unescape(line).removeprefix("> ") for line in shown.split("\n")]


def _text_of(blocks: Any) -> str:
    """Every text in the blocks, each on a line of its own."""
    if isinstance(blocks, list):
        return "\n".join(found for block in blocks if (found := _text_of(block)))
    if not isinstance(blocks, dict):
        return ""
    if isinstance(blocks.get("text"), str):
        return html.unescape(blocks["text"])
    return _text_of(list(blocks.values()))
