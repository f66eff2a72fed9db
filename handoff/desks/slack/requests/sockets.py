"""Socket Mode: Slack is listened to where it cannot call us.

Two connections, each replaced before it ends where Slack announces that, and after every loss with
a new ticket: the address that Slack gives is good for one connection.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from slack_sdk.web.async_client import AsyncWebClient

from handoff.desk import DeskError
from handoff.desks.slack.forms.book import Forms
from handoff.desks.slack.requests.intake import Foreign, Intake
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.web_api.calls import Payload, quiet_logger
from handoff.desks.slack.web_api.refusals import translated

log = structlog.get_logger()

_CONNECTIONS = 2
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 10.0
_FIRST_WORD_S = 10.0
_OPEN_TOGETHER_S = 30.0
_SWITCHED_OFF = "link_disabled"
_JSON = {"content-type": "application/json"}
_TYPES = {"slash_commands": "slash_command"}
_STORED = ("events_api", "interactive", "slash_commands")


class Sockets:
    """Keeps the connections of this process."""

    def __init__(self, settings: SlackSettings, intake: Intake, forms: Forms) -> None:
        self._settings = settings
        self._intake = intake
        self._forms = forms
        self._client = AsyncWebClient(
            token=settings.app_token,
            base_url=settings.api_url,
            timeout=settings.timeout_s,
            retry_handlers=[],
            logger=quiet_logger(),
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        async with ClientSession() as session, asyncio.TaskGroup() as tasks:
            for number in range(1, _CONNECTIONS + 1):
                tasks.create_task(self._keep(session, tasks, number))

    async def _keep(self, session: ClientSession, tasks: asyncio.TaskGroup, number: int) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            connection = _Connection(session, self._settings, self._intake, self._forms, number)
            try:
                ticket = await self._ticket()
                tasks.create_task(connection.run(ticket))
                await connection.leaving.wait()
            except DeskError as error:
                log.warning("slack_socket_refused", socket=number, error=str(error))
            pause = connection.pause_s or min(_LONGEST_PAUSE_S, pause * 2)
            await asyncio.sleep(pause)

    async def _ticket(self) -> str:
        try:
            answer = await self._client.apps_connections_open(app_token=self._settings.app_token)
            return str(answer["url"])
        except Exception as error:  # the SDK lets answers it cannot read through as any error
            raise translated("apps.connections.open", error) from error


class _Connection:
    """One connection. `leaving` is set when another should take its place."""

    def __init__(
        self,
        session: ClientSession,
        settings: SlackSettings,
        intake: Intake,
        forms: Forms,
        number: int,
    ) -> None:
        self._session = session
        self._settings = settings
        self._intake = intake
        self._forms = forms
        self._number = number
        self.leaving = asyncio.Event()
        self.pause_s = 0.0  # before the next one; 0 where Slack did not let this one in

    async def run(self, ticket: str) -> None:
        """Serve it until it ends, however it ends."""
        why = "closed"
        try:
            connecting = self._session.ws_connect(ticket, heartbeat=self._settings.heartbeat_s)
            async with asyncio.timeout(self._settings.timeout_s):
                socket = await connecting
            async with socket:
                await self._serve(socket)
        except (ClientError, OSError, TimeoutError) as error:
            why = type(error).__name__
        except Exception:
            log.exception("slack_socket_failed", socket=self._number)
            why = "failed"
        finally:
            self.leaving.set()
        log.info("slack_socket_ended", socket=self._number, why=why)

    async def _serve(self, socket: ClientWebSocketResponse) -> None:
        async with asyncio.timeout(_FIRST_WORD_S) as patience:
            async for message in socket:
                patience.reschedule(None)
                if message.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(message.data))
                if self.leaving.is_set():
                    break
        with suppress(TimeoutError):  # what was sent before the notice is still taken
            async with asyncio.timeout(_OPEN_TOGETHER_S):
                async for message in socket:
                    if message.type is WSMsgType.TEXT:
                        await self._hear(socket, json.loads(message.data))

    async def _hear(self, socket: ClientWebSocketResponse, said: Payload) -> None:
        self.pause_s = self.pause_s or _FIRST_PAUSE_S
        if said.get("type") == "hello":
            log.info("slack_socket_open", socket=self._number)
        elif said.get("type") == "disconnect":
            self._announced(str(said.get("reason")))
        elif "envelope_id" in said:
            await self._take(socket, said)

    def _announced(self, reason: str) -> None:
        if reason == _SWITCHED_OFF:
            self.pause_s = 0.0  # it may be switched on again, but need not be soon
            log.error("slack_socket_mode_off", what_to_do="Switch Socket Mode on in the app's page")
        else:
            log.info("slack_socket_leaves", socket=self._number, reason=reason)
        self.leaving.set()

    async def _take(self, socket: ClientWebSocketResponse, said: Payload) -> None:
        found: Any = said.get("payload")
        shown: Payload = {}
        if said.get("type") in _STORED and isinstance(found, dict):
            kind = _TYPES.get(str(said["type"]))
            answer = await self._forms.answer(found)
            if answer is None:
                await self._store(found | {"type": kind} if kind else found)
            else:
                shown = {"payload": answer}  # the form stays open and says what to correct
        else:
            log.info("slack_envelope_passed_by", type=said.get("type"))
        await socket.send_json({"envelope_id": said["envelope_id"], **shown})

    async def _store(self, found: Payload) -> None:
        try:
            await self._intake.take(found, _JSON, json.dumps(found).encode())
        except Foreign:
            log.warning("slack_request_refused", code="foreign")
