"""Put the Slack desk together from its settings."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sanic import Blueprint

from conversation.clock import Clock
from handoff.casework import Casework
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.app import Ears, bolt_app
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.door import Door
from handoff.desks.slack.forms.assign import Assign
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.forms.form import Form
from handoff.desks.slack.forms.hand_back import HandBack
from handoff.desks.slack.forms.note import WriteNote
from handoff.desks.slack.forms.priority import Prioritise
from handoff.desks.slack.forms.resolve import Resolve
from handoff.desks.slack.forms.snooze import Snooze
from handoff.desks.slack.inbox import InboxWorker
from handoff.desks.slack.intake import Intake
from handoff.desks.slack.listeners import Listeners
from handoff.desks.slack.presses import Presses
from handoff.desks.slack.replies import Replies
from handoff.desks.slack.request import SOURCE, SOURCE_AT_ONCE
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.shortcuts import Shortcuts
from handoff.desks.slack.signs import Signs
from handoff.desks.slack.sockets import Sockets
from handoff.desks.slack.views import Views
from handoff.desks.slack.watch import Watch
from handoff.ports import Store
from handoff.staffing import Staffing
from handoff.wakes import Live


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


def slack_desk(
    settings: SlackSettings,
    store: Store,
    casework: Casework,
    staffing: Staffing,
    live: Live,
    clock: Clock,
) -> Slack:
    """The desk of one workspace. Nothing is asked of Slack before it runs.

    Args: casework: built with the desk name `SlackDesk.name`.
    """
    api = SlackApi(settings)
    courtesy = Courtesy(api)
    agents, views = Agents(store, api, courtesy), Views(api)
    forms = Forms(_forms(casework, staffing, clock), agents)
    listeners = Listeners(api, store, agents, Replies(api, store, casework, courtesy))
    presses = Presses(store, casework, agents, forms, views, courtesy, clock)
    signs = Signs(store, live, clock, api, settings.away_after_s)
    shortcuts = Shortcuts(store, agents, forms, views)
    app = bolt_app(api, settings.api_url, Ears(listeners, presses, forms, shortcuts))

    def worker(source: str) -> InboxWorker:
        pause_s = settings.retry_pause_s
        return InboxWorker(store, live, clock, api, listeners, app, pause_s, source)

    intake = Intake(store, clock, api, settings.settle_s)
    watch = Watch(store, clock, api, intake, timedelta(minutes=settings.silence_min))
    work = (worker(SOURCE).run, worker(SOURCE_AT_ONCE).run, courtesy.run, signs.run, watch.run)
    sockets = (Sockets(settings, intake, forms).run,) if settings.app_token else ()
    secret = settings.signing_secret
    return Slack(
        desk=SlackDesk(api, settings.channel, settings.late_share_s),
        blueprint=Door(secret, intake, forms, clock).blueprint if secret else None,
        _work=(*work, *sockets),
    )


def _forms(casework: Casework, staffing: Staffing, clock: Clock) -> tuple[Form, ...]:
    return (
        Resolve(casework),
        Resolve(casework, needless=True),
        HandBack(casework),
        Assign(casework, staffing),
        Snooze(casework, clock),
        Prioritise(casework),
        WriteNote(casework),
    )
