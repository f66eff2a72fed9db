"""What Slack sends is stored first, whichever way it comes; the work comes later."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

import structlog

from conversation.clock import Clock
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.inbox import SOURCE, foreign, rank_of, settles, thread_of
from handoff.ports import Store

log = structlog.get_logger()


class Foreign(Exception):
    """The payload is meant for another app or another workspace."""


class Intake:
    """Takes payloads, from the door and from the sockets alike."""

    def __init__(self, store: Store, clock: Clock, api: SlackApi, settle_s: float) -> None:
        self._store = store
        self._clock = clock
        self._api = api
        self._settle = timedelta(seconds=settle_s)

    async def take(self, found: Payload, headers: Mapping[str, str], body: bytes) -> None:
        """Store the payload once, however often it comes. What returns may be acknowledged.

        Args: headers: with the body's content-type. body: as received.
        Raises: Foreign.
        """
        if self._api.known is not None and foreign(found, self._api.known):
            raise Foreign
        key = str(found.get("event_id") or _digest(found))
        now = self._clock()
        async with self._store.work() as work:
            new = await work.inbox.put(
                SOURCE,
                key,
                dict(headers),
                body,
                now,
                thread=thread_of(found) or key,  # what is about no message waits for nothing
                rank=rank_of(found),
                due_at=now + self._settle if settles(found) else None,
            )
        if found.get("type") == "app_rate_limited":
            log.error("slack_sends_too_much", minute=found.get("minute_rate_limited"))
        log.info("slack_request_stored", key=key, type=found.get("type"), new=new)


def _digest(found: Payload) -> str:
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
