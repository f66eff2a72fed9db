"""Put the Slack desk together from its settings."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sanic import Blueprint

from conversation.clock import Clock
from handoff.casework import Casework
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.door import Door
from handoff.desks.slack.inbox import InboxWorker
from handoff.desks.slack.intake import Intake
from handoff.desks.slack.listeners import Listeners
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.sockets import Sockets
from handoff.desks.slack.watch import Watch
from handoff.ports import Store
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
    settings: SlackSettings, store: Store, casework: Casework, live: Live, clock: Clock
) -> Slack:
    """The desk of one workspace. Nothing is asked of Slack before it runs.

    Args: casework: built with the desk name `SlackDesk.name`.
    """
    api = SlackApi(settings)
    courtesy = Courtesy(api)
    listeners = Listeners(api, store, casework, courtesy)
    app = listeners.app(settings.api_url)
    intake = Intake(store, clock, api, settings.settle_s)
    worker = InboxWorker(store, live, clock, api, listeners, app, settings.retry_pause_s)
    sockets = Sockets(settings, intake)
    watch = Watch(store, clock, api, intake, timedelta(minutes=settings.silence_min))
    secret = settings.signing_secret
    return Slack(
        desk=SlackDesk(api, settings.channel, settings.late_share_s),
        blueprint=Door(secret, intake, clock).blueprint if secret else None,
        _work=(
            worker.run,
            courtesy.run,
            watch.run,
            *((sockets.run,) if settings.app_token else ()),
        ),
    )
