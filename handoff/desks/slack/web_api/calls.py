"""How Slack's Web API is called: each call with a time-out, paced, and never twice unseen."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.web_api.pace import Pace, Rank
from handoff.desks.slack.web_api.refusals import Refused, translated

Payload = dict[str, Any]
Call = Callable[..., Awaitable[Any]]

_PAGE = 200
_MOST_PAGES = 5
_MOST_TRIES = 3


def quiet_logger() -> logging.Logger:
    """A logger for Slack's libraries: below warnings they write out messages and tokens."""
    logger = logging.getLogger("heard.slack")
    logger.setLevel(logging.WARNING)
    return logger


class Calls:
    """Calls Slack. Raises, everywhere: DeskError."""

    def __init__(self, settings: SlackSettings) -> None:
        self.client = AsyncWebClient(
            token=settings.bot_token,
            base_url=settings.api_url,
            timeout=settings.timeout_s,
            retry_handlers=[],  # the outbox tries again, and looks first what has arrived
            logger=quiet_logger(),
        )
        self._pace = Pace(settings.post_every_s)

    async def ask(self, method: str, call: Call, **arguments: Any) -> Any:
        """Call at once. While Slack wants no calls of this method it is not asked."""
        self._pace.check(method)
        try:
            return await self._call(method, call, **arguments)
        except Refused as refusal:
            if refusal.retry_after_s is not None:
                self._pace.silence(method, refusal.retry_after_s)
            raise

    async def ask_in_turn(
        self, lane: str, rank: Rank, method: str, call: Call, **arguments: Any
    ) -> Any:
        """Call when the next turn comes in the lane, which is a channel: lower ranks first.

        What Slack put off has not been done: it is said again, in the same place of the row.
        """
        ticket = self._pace.ticket()
        for tries_left in reversed(range(_MOST_TRIES)):
            await self._pace.turn(lane, rank, ticket)
            try:
                return await self._call(method, call, **arguments)
            except Refused as refusal:
                if refusal.retry_after_s is None:
                    raise
                self._pace.rest(lane, refusal.retry_after_s)
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def pages(self, method: str, call: Call, **arguments: Any) -> Sequence[Payload]:
        """The messages of a listing with its next pages, at most a thousand."""
        found: list[Payload] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            response = await self.ask(
                method,
                call,
                limit=_PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
                **arguments,
            )
            found += response.get("messages") or []
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    async def _call(self, method: str, call: Call, **arguments: Any) -> Any:
        try:
            return await call(**arguments)
        except Exception as error:  # the SDK lets answers it cannot read through as any error
            raise translated(method, error) from error
