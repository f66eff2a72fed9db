"""Put the Slack desk together from its settings."""

import asyncio
from dataclasses import dataclass

from sanic import Blueprint

from conversation.clock import Clock
from handoff.casework import Casework
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.door import Door
from handoff.desks.slack.inbox import InboxWorker
from handoff.desks.slack.listeners import Listeners
from handoff.desks.slack.settings import SlackSettings
from handoff.ports import Store
from handoff.wakes import Live


@dataclass(frozen=True, slots=True)
class Slack:
    """What the wiring needs: the desk for the dispatcher, the route for the web app, the work."""

    desk: SlackDesk
    blueprint: Blueprint
    _worker: InboxWorker
    _courtesy: Courtesy

    async def run(self) -> None:
        """Work off what comes in, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._worker.run())
            tasks.create_task(self._courtesy.run())


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
    return Slack(
        desk=SlackDesk(api, settings.channel),
        blueprint=Door(settings.signing_secret, store, clock).blueprint,
        _worker=InboxWorker(store, live, clock, api, listeners, app, settings.retry_pause_s),
        _courtesy=courtesy,
    )
