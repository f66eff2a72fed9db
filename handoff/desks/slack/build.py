"""Put the Slack desk together from its settings."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sanic import Blueprint

from handoff.desks.slack.agents import Agents
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.forms.assign import Assign
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.forms.form import Form
from handoff.desks.slack.forms.hand_back import HandBack
from handoff.desks.slack.forms.note import WriteNote
from handoff.desks.slack.forms.priority import Prioritise
from handoff.desks.slack.forms.resolve import Resolve
from handoff.desks.slack.forms.reveal import Reveal
from handoff.desks.slack.forms.shop import AskShop
from handoff.desks.slack.forms.snooze import Snooze
from handoff.desks.slack.leavers import Leavers
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.pressed.answers import Answers
from handoff.desks.slack.pressed.commands import Commands
from handoff.desks.slack.pressed.presses import Presses
from handoff.desks.slack.pressed.shortcuts import Shortcuts
from handoff.desks.slack.pressed.views import Views
from handoff.desks.slack.requests.app import Ears, bolt_app
from handoff.desks.slack.requests.door import Door
from handoff.desks.slack.requests.inbox import InboxWorker
from handoff.desks.slack.requests.intake import Intake
from handoff.desks.slack.requests.request import SOURCE, SOURCE_AT_ONCE
from handoff.desks.slack.requests.sockets import Sockets
from handoff.desks.slack.requests.watch import Watch
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.shown.fresh_homes import FreshHomes
from handoff.desks.slack.shown.home import Home
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.written.agent_files import AgentFiles
from handoff.desks.slack.written.astray import Astray
from handoff.desks.slack.written.changes import Changes
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.differing import Differing
from handoff.desks.slack.written.listeners import Listeners
from handoff.desks.slack.written.replies import Replies
from handoff.desks.slack.written.reply_files import ReplyFiles
from handoff.desks.slack.written.signs import Signs


@dataclass(frozen=True, slots=True)
class Slack:
    """What the wiring needs: the desk for the dispatcher, the route for the web app, the work."""

    desk: SlackDesk
    blueprint: Blueprint | None
    _work: Sequence[Callable[[], Coroutine[None, None, None]]]

    async def run(self) -> None:
        """Listen to Slack and work off what comes in, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for work in self._work:
                tasks.create_task(work())


def slack_desk(settings: SlackSettings, parts: SlackParts) -> Slack:
    """The desk of one workspace. Nothing is asked of Slack before it runs."""
    store, casework, clock = parts.store, parts.casework, parts.clock
    api = SlackApi(settings)
    courtesy = Courtesy(store, parts.live, clock, api, casework.revealed)
    agents, views = Agents(store, api, courtesy), Views(api)
    forms = Forms(_forms(parts), agents)
    differing = Differing(store, courtesy)
    files = ReplyFiles(AgentFiles(settings), store, casework, courtesy, differing)
    replies = Replies(api, files, store, casework, courtesy, differing)
    changes = Changes(store, casework, replies, differing, clock)
    astray = Astray(api, agents, courtesy, parts)
    listeners = Listeners(api, store, agents, replies, changes, astray)
    home = Home(api, agents, parts)
    fresh_homes = FreshHomes(home, parts.live, clock, settings.home_every_s)
    ears = Ears(
        listeners,
        Presses(store, casework, agents, forms, views, courtesy, clock),
        forms,
        Shortcuts(store, casework, agents, forms, views),
        home,
        fresh_homes,
        Commands(api, agents, Answers(api, settings.timeout_s), parts),
        Leavers(store, agents, parts.staffing, clock),
    )
    app = bolt_app(api, settings.api_url, ears)
    signs = Signs(store, parts.live, clock, api, settings.away_after_s)

    def worker(source: str) -> InboxWorker:
        pause_s = settings.retry_pause_s
        return InboxWorker(store, parts.live, clock, api, listeners, app, pause_s, source)

    intake = Intake(store, clock, api, settings.settle_s)
    watch = Watch(store, clock, api, intake, timedelta(minutes=settings.silence_min))
    work = (worker(SOURCE).run, worker(SOURCE_AT_ONCE).run, courtesy.run, signs.run, watch.run)
    sockets = (Sockets(settings, intake, forms).run,) if settings.app_token else ()
    secret = settings.signing_secret
    return Slack(
        desk=SlackDesk(api, store, settings.channel, settings.late_share_s),
        blueprint=Door(secret, intake, forms, clock).blueprint if secret else None,
        _work=(*work, fresh_homes.run, *sockets),
    )


def _forms(parts: SlackParts) -> tuple[Form, ...]:
    casework = parts.casework
    return (
        Resolve(casework),
        HandBack(casework),
        AskShop(parts.remedies),
        Assign(casework, parts.staffing, parts.rules),
        Snooze(casework, parts.clock),
        Prioritise(casework),
        WriteNote(casework),
        Reveal(casework),
    )
