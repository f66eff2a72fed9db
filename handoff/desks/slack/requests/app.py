"""The Bolt app: which of Slack's requests is whose."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.leavers import Leavers
from handoff.desks.slack.pressed.actions import (
    CLAIM,
    FORM,
    GO_ON,
    MENU,
    REOPEN,
    RETRY,
    STORED_AS,
    TAKE_OFF,
)
from handoff.desks.slack.pressed.commands import COMMAND, Commands
from handoff.desks.slack.pressed.presses import Pressed, Presses
from handoff.desks.slack.pressed.shortcuts import Shortcuts
from handoff.desks.slack.shown.fresh_homes import FreshHomes
from handoff.desks.slack.shown.home import PRESSES, Home
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload, quiet_logger
from handoff.desks.slack.written.listeners import Listeners

_ANYTHING = re.compile(".*")
_OPENS_FORM = re.compile(f"{FORM}:.*|{MENU}")

_Ack = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Ears:
    """Who listens to what."""

    messages: Listeners
    presses: Presses
    forms: Forms
    shortcuts: Shortcuts
    home: Home
    fresh_homes: FreshHomes
    commands: Commands
    leavers: Leavers


def bolt_app(api: SlackApi, api_url: str, ears: Ears) -> AsyncApp:
    """The app. Whatever a listener raises comes out of `async_dispatch`."""

    async def authorize() -> AuthorizeResult:
        # Bolt's own way asks auth.test on a listener's time and swallows its failure.
        me = await api.identity()
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id
        )

    app = AsyncApp(
        name="heard",
        logger=quiet_logger(),
        client=AsyncWebClient(base_url=api_url, logger=quiet_logger(), retry_handlers=[]),
        authorize=authorize,
        request_verification_enabled=False,  # verified at the door; old by now
        process_before_response=True,
        # Ours are passed by before; the deletion of a card of ours would count as our own act.
        ignoring_self_events_enabled=False,
    )
    app.error(_let_out)
    _listen(app, ears)
    app.event(_ANYTHING)(_pass_by)
    app.action(_ANYTHING)(_pass_by)
    app.view(_ANYTHING)(_pass_by)
    app.command(_ANYTHING)(_pass_by)
    app.shortcut(_ANYTHING)(_pass_by)
    return app


def _listen(app: AsyncApp, ears: Ears) -> None:
    async def on_message(event: Payload, context: dict[str, Any]) -> None:
        await ears.messages.on_message(event, str(context[STORED_AS]))

    async def on_change(event: Payload) -> None:
        await ears.leavers.on_change(event)

    async def on_card(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        await ears.presses.on_card(Pressed.of(body, action))

    async def for_form(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        await ears.presses.for_form(Pressed.of(body, action))

    async def on_submit(body: Payload, ack: _Ack) -> None:
        await ack()
        await ears.forms.submit(body)

    async def on_shortcut(body: Payload, ack: _Ack) -> None:
        await ack()
        await ears.shortcuts.use(body)

    async def on_retry(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        await ears.presses.retry(Pressed.of(body, action))

    async def on_go_on(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        await ears.presses.go_on(Pressed.of(body, action))

    async def on_take_off(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        await ears.messages.take_off(Pressed.of(body, action))

    _listen_at_home(app, ears)
    app.event("message")(on_message)
    app.event("user_change")(on_change)
    app.action(RETRY)(on_retry)
    app.action(GO_ON)(on_go_on)
    app.action(TAKE_OFF)(on_take_off)
    for name in (CLAIM, REOPEN):
        app.action(name)(on_card)
    app.action(_OPENS_FORM)(for_form)
    for name in ears.forms.names:
        app.view_submission(name)(on_submit)
    for name in ears.shortcuts.names:
        app.message_shortcut(name)(on_shortcut)


def _listen_at_home(app: AsyncApp, ears: Ears) -> None:
    async def on_home(event: Payload) -> None:
        if event.get("tab", "home") == "home":
            user = str(event.get("user"))
            ears.fresh_homes.looked(user)
            await ears.home.show(user, (event.get("view") or {}).get("hash"))

    async def at_home(body: Payload, action: Payload, ack: _Ack) -> None:
        await ack()
        pressed = Pressed.of(body, action)
        ears.fresh_homes.looked(pressed.user, pressed.team)
        await ears.home.press(pressed, (body.get("view") or {}).get("hash"))

    async def on_command(body: Payload, ack: _Ack) -> None:
        await ack()
        await ears.commands.run(body)

    app.event("app_home_opened")(on_home)
    for name in PRESSES:
        app.action(name)(at_home)
    app.command(COMMAND)(on_command)


async def _let_out(error: Exception) -> None:
    raise error


async def _pass_by(ack: _Ack) -> None:
    await ack()
