"""What Slack sends is stored first, whichever way it comes; the work comes later."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from conversation.clock import Clock
from handoff.desks.slack.requests.request import (
    foreign,
    of_bots,
    rank_of,
    settles,
    source_of,
    thread_of,
)
from handoff.desks.slack.web_api.api import Identity, SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.ports import Store

log = structlog.get_logger()

_LONG = timedelta(minutes=10)  # without a word, not even of our own posts
_JSON = {"content-type": "application/json"}


class Foreign(Exception):
    """The payload is meant for another app or another workspace."""


class Intake:
    """Takes payloads, from the door and from the sockets alike.

    `heard_at`: when something came in last. `left_out_since`: since then Slack has left something
    out, by its own word.
    """

    def __init__(self, store: Store, clock: Clock, api: SlackApi, settle_s: float) -> None:
        self._store = store
        self._clock = clock
        self._api = api
        self._settle = timedelta(seconds=settle_s)
        self.heard_at: datetime | None = None
        self.left_out_since: datetime | None = None

    async def take(self, found: Payload, headers: Mapping[str, str], body: bytes) -> bool:
        """Store the payload once, however often it comes. What returns may be acknowledged.

        Args: headers: with the body's content-type. body: as received.
        Returns: False where it was stored before. Raises: Foreign.
        """
        if self._api.known is not None and foreign(found, self._api.known):
            raise Foreign
        before, self.heard_at = self.heard_at, self._clock()
        if before is not None and self.heard_at - before > _LONG:
            self.left_out_since = self.left_out_since or before
        if of_bots(found):  # half of what comes are our own posts, and no bot is listened to
            return False
        key = str(found.get("event_id") or _digest(found))
        async with self._store.work() as work:
            now = self._clock()  # what settles does not settle while it waits for the database
            new = await work.inbox.put(
                source_of(found),
                key,
                dict(headers),
                body,
                now,
                thread=thread_of(found) or key,  # what is about no message waits for nothing
                rank=rank_of(found),
                due_at=now + self._settle if settles(found) else None,
            )
        if found.get("type") == "app_rate_limited":
            self.left_out_since = self.left_out_since or self.heard_at
            log.error("slack_sends_too_much", minute=found.get("minute_rate_limited"))
        log.info("slack_request_stored", key=key, type=found.get("type"), new=new)
        return new

    async def found(self, channel: str, message: Payload) -> bool:
        """Take a message that was read and may never have been sent, as if Slack sent it now.

        What was heard already is not heard again: its text may have changed since, a note's too.
        Returns: False where it came or was found before. Raises: DeskError.
        """
        event = _event(channel, message, await self._api.identity())
        rank = rank_of(event)
        async with self._store.read() as work:
            if rank and await work.inbox.holds(source_of(event), thread_of(event), rank):
                return False
        return await self.take(event, _JSON, json.dumps(event).encode())


def _event(channel: str, message: Payload, me: Identity) -> Payload:
    """The message as Slack would have sent it."""
    return {
        "type": "event_callback",
        "event_id": f"found:{channel}:{message['ts']}",
        "team_id": me.team_id,
        "event": {**message, "type": "message", "channel": channel},
    }


def _digest(found: Payload) -> str:
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
