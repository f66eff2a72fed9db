"""A tracker store which keeps a turn as cheap at the end of a conversation as at its beginning."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.condense import condense
from bot.tracker_rows import TrackerRows

log = logging.getLogger("bot.tracker_store")

_PRUNE_EVERY_S = 60 * 60


class FlatTrackerStore(TrackerStore):  # type: ignore[misc]
    """Keeps state and last turns of each conversation in one row.

    See docs/adr/0010-flat-tracker-store.md.

    A tracker remembers the version of the row it was read from. Saving replaces that version or
    nothing: where two processes answered at once, the later one fails instead of mixing both.
    """

    def __init__(
        self,
        host: str | None,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        keep_turns: int | str = 6,
        keep_days: float | str = 30,
        **kwargs: Any,
    ) -> None:
        """Open the database `host` (Rasa hands the `url` of endpoints.yml over under this name).

        Raises: StoreUnavailable.
        """
        super().__init__(domain, event_broker, **kwargs)
        self._keep_turns = int(keep_turns)
        self._keep_days = float(keep_days)
        self._rows = TrackerRows.open(host or "")
        self._prune_at = 0.0

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when it is not known."""
        row = await asyncio.to_thread(self._rows.read, sender_id)
        if row is None:
            return None
        version, events = row
        tracker = DialogueStateTracker.from_events(
            sender_id, deserialise_events(json.loads(events)), self.domain.slots
        )
        tracker.version = version
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what `tracker` comes to; one without any events is not worth a row.

        Raises: Conflict when the conversation was saved by somebody else since it was read.
        """
        if not tracker.events:
            return
        await self.stream_events(tracker)
        kept = condense(tracker.events, self.domain.slots, self._keep_turns)
        events = json.dumps([event.as_dict() for event in kept])
        expected = getattr(tracker, "version", 0)
        tracker.version = await asyncio.to_thread(
            self._rows.write, tracker.sender_id, events, expected
        )
        await self._prune()

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return await asyncio.to_thread(self._rows.conversations)

    def close(self) -> None:
        """Close the connections to the database."""
        self._rows.close()

    async def _prune(self) -> None:
        if time.monotonic() < self._prune_at:
            return
        self._prune_at = time.monotonic() + _PRUNE_EVERY_S
        forgotten = await asyncio.to_thread(self._rows.prune, self._keep_days)
        if forgotten:
            log.info("conversations forgotten: count=%d days=%g", forgotten, self._keep_days)
