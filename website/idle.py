"""Close conversations with the bot that the customer has left, with an honest outcome."""

import asyncio
from datetime import datetime, timedelta

import structlog

from conversation.clock import Clock
from conversation.events import WentSilent
from conversation.outcome import Ending, outcome_of
from conversation.responder import after
from store.store import SqlStore

log = structlog.get_logger()

_EVERY_S = 60.0


class Idle:
    """Looks once a minute for customers who have been silent for longer than `silence`."""

    def __init__(self, store: SqlStore, clock: Clock, silence: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._silence = silence

    async def run(self) -> None:
        """Close what is left until cancelled."""
        while True:
            try:
                await self.close_silent()
            except Exception:
                log.exception("idle_failed")
            await asyncio.sleep(_EVERY_S)

    async def close_silent(self) -> int:
        """Close every conversation with the bot that went silent. Returns: how many."""
        since = self._clock() - self._silence
        async with self._store.read() as work:
            silent = await work.conversations.silent_since(since)
        for conversation_id in silent:
            await self._close(conversation_id, since)
        return len(silent)

    async def _close(self, conversation_id: str, since: datetime) -> None:
        now = self._clock()
        async with self._store.work() as work:
            if not await work.conversations.silent_since(since, conversation_id):
                return  # somebody wrote meanwhile
            conversation = await work.conversations.get(conversation_id)
            after(conversation.responder, WentSilent())
            turns = await work.turns.of(conversation_id, conversation.began_anew_at)
            thanked = bool(turns) and turns[-1].turn.intent == "thank"
            await work.conversations.close(
                conversation_id, outcome_of(Ending(thanked=thanked)), now
            )
            await work.timeline.record(conversation_id, "went_silent", now)
