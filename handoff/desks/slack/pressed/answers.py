"""Answers to a command, seen by whoever gave it alone."""

import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handoff.desk import DeskError
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload, quiet_logger
from handoff.desks.slack.web_api.refusals import translated

log = structlog.get_logger()

_OK = 200


class Answers:
    """Sends answers to where Slack wants them; else into the channel, for that user's eyes."""

    def __init__(self, api: SlackApi, timeout_s: int) -> None:
        self._api = api
        self._timeout_s = timeout_s

    async def say(self, command: Payload, text: str) -> None:
        """Answer. Raises: DeskError where neither way works."""
        url = str(command.get("response_url") or "")
        if url and await self._respond(url, text):
            return
        await self._api.call(
            "chat.postEphemeral",
            channel=str(command.get("channel_id")),
            user=str(command.get("user_id")),
            text=text,
        )

    async def _respond(self, url: str, text: str) -> bool:
        client = AsyncWebhookClient(
            url, timeout=self._timeout_s, retry_handlers=[], logger=quiet_logger()
        )
        try:
            response = await client.send(text=text, response_type="ephemeral")
        except Exception as error:
            failure: DeskError = translated("response_url", error)
            log.warning("slack_answer_not_taken", error=str(failure))
            return False
        return response.status_code == _OK
