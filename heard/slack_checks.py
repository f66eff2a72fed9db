"""`heard slack check`: whether Slack and Heard reach each other, each finding with what to do."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from handoff.desks.slack.requests.request import SOURCE
from handoff.desks.slack.web_api.calls import quiet_logger
from handoff.desks.slack.web_api.refusals import translated
from heard.desk_channels import channels
from heard.findings import Finding
from heard.services import opened_store
from heard.settings import DESK, Settings
from heard.slack_scopes import FULL, MINIMAL
from store.desk_rules import load_desk_rules

_TIMEOUT_S = 5
_MOST_SKEW_S = 60
_CHALLENGE = "is-it-you"
_NO_EVENT = (
    "No event has come from Slack yet: write something in the support channel and check again; if "
    "that stays, look at «Event Subscriptions» in the app's page and invite the app to the channel"
)


async def check_slack(settings: Settings) -> list[Finding]:
    """Look at everything that connects the Slack desk; nothing is changed."""
    client = _client(settings, settings.slack_bot_token.get_secret_value())
    try:
        me = await client.auth_test()
    except Exception as error:  # aiohttp's and asyncio's errors have no common base
        return [Finding(False, _not_reached(settings, error))]
    places = channels(settings, load_desk_rules(DESK))
    headers: Mapping[str, str] = {name.lower(): value for name, value in me.headers.items()}
    return [
        Finding(True, f"Slack knows the token: {me.get('user')} in {me.get('team')}"),
        *_scopes(headers.get("x-oauth-scopes")),
        *await _app(client, me.get("bot_id"), settings.slack_app_id),
        *_clock(headers.get("date")),
        *[await _channel(client, channel) for channel in places],
        *await _events(settings),
    ]


def _client(settings: Settings, token: str) -> AsyncWebClient:
    return AsyncWebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=_TIMEOUT_S,
        retry_handlers=[],
        logger=quiet_logger(),
    )


def _said(method: str, error: Exception) -> str:
    return str(translated(method, error)).rstrip(".")


def _not_reached(settings: Settings, error: Exception) -> str:
    said = _said("auth.test", error)
    if getattr(translated("auth.test", error), "code", ""):
        return said  # it was Slack that said no
    return (
        f"{said}: see whether this machine reaches {settings.slack_api_url} (HEARD_SLACK_API_URL)"
    )


async def _app(client: AsyncWebClient, bot: Any, app_id: str) -> list[Finding]:
    """Whether the app that is named is the token's: what another sends is refused."""
    try:
        found = (await client.bots_info(bot=bot)).get("bot") or {} if app_id else {}
    except Exception:  # as above; its scope is asked for by itself
        return []
    if found.get("app_id") in (None, app_id):
        return []
    wrong = (
        f"The bot token is of the app {found['app_id']}, and HEARD_SLACK_APP_ID names {app_id}: "
        "leave that out, or set both from one app's page"
    )
    return [Finding(False, wrong)]


def _scopes(header: str | None) -> Iterable[Finding]:
    if header is None:
        return
    given = {scope.strip() for scope in header.split(",")}
    for scope, use in MINIMAL.items():
        if scope not in given:
            text = f"The scope {scope} is missing ({use}): add it and install the app again"
            yield Finding(False, text)
    if given >= MINIMAL.keys():
        without = [f"{scope} ({use})" for scope, use in FULL.items() if scope not in given]
        more = f"; without it: {', '.join(without)}" if without else ", and all that may be added"
        yield Finding(True, f"The app has the scopes it needs{more}")


def _clock(date: str | None) -> Iterable[Finding]:
    try:
        slack = parsedate_to_datetime(date or "")
    except ValueError:
        return
    apart = round((datetime.now(UTC) - slack).total_seconds())
    good = abs(apart) <= _MOST_SKEW_S
    wrong = (
        f"This machine's clock is {abs(apart)} s {'ahead of' if apart > 0 else 'behind'} Slack's: "
        "set it by NTP; requests more than five minutes old are refused"
    )
    yield Finding(good, "This machine's clock agrees with Slack's" if good else wrong)


async def _channel(client: AsyncWebClient, channel: str) -> Finding:
    try:
        answer = await client.conversations_info(channel=channel)
    except Exception as error:  # as above
        return Finding(False, f"Channel {channel}: {_said('conversations.info', error)}")
    found: dict[str, Any] = answer.get("channel") or {}
    name = f"#{found.get('name', channel)} ({channel})"
    if found.get("is_archived"):
        return Finding(False, f"{name} is archived: unarchive it or set another channel")
    if not found.get("is_member"):
        return Finding(False, f"The app is not in {name}: write /invite @Heard there")
    return Finding(True, f"The app is in {name}")


async def _events(settings: Settings) -> list[Finding]:
    by_socket = settings.slack_app_token.get_secret_value()
    way = await (_socket_mode(settings, by_socket) if by_socket else _door(settings))
    return [way, await _heard_lately(settings)]


async def _socket_mode(settings: Settings, token: str) -> Finding:
    try:
        await _client(settings, token).apps_connections_open(app_token=token)
    except Exception as error:  # as above
        what_to_do = "switch Socket Mode on, and give the app token the scope connections:write"
        said = _said("apps.connections.open", error)
        return Finding(False, f"Socket Mode does not open ({said}): {what_to_do}")
    return Finding(True, "Socket Mode opens")


async def _door(settings: Settings) -> Finding:
    """Knock at our own public door as Slack does."""
    url = f"{settings.public_url}/slack/events"
    body = json.dumps({"type": "url_verification", "challenge": _CHALLENGE})
    at = str(int(time()))
    secret = settings.slack_signing_secret.get_secret_value()
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature,
    }
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
            answer = await http.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        text = (
            f"{url} does not answer ({type(error).__name__}): start Heard, and set HEARD_SITE_URL"
        )
        return Finding(False, f"{text} to the address at which Slack reaches it")
    if answer.status_code == httpx.codes.OK and answer.text == _CHALLENGE:
        return Finding(True, f"{url} takes what Slack signs")
    return Finding(
        False,
        f"{url} answers {answer.status_code} to a signed request: the Heard that runs there has "
        "another signing secret, or something before it changes requests",
    )


async def _heard_lately(settings: Settings) -> Finding:
    try:
        async with opened_store(settings) as store, store.read() as work:
            last = await work.inbox.last_at(SOURCE)
    except (SQLAlchemyError, OSError):
        return Finding(False, "The database does not answer: run `heard migrate`")
    if last is None:
        return Finding(False, _NO_EVENT)
    minutes = round((datetime.now(UTC) - last).total_seconds() / 60)
    return Finding(True, f"Slack's last event came {minutes} min ago")
