"""Deliver to the desk: in order per case, again until it is taken, never shown twice."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from conversation.clock import Clock
from conversation.messages import Message
from handoff.card import Card, card_of
from handoff.case import Case
from handoff.desk import Desk, DeskError
from handoff.ports import Delivery, Entry, Store
from handoff.wakes import OUTBOX_TOPIC, Live

log = structlog.get_logger()

_IDLE_S = 5.0
_LONGEST_WAIT_S = 60.0


class Dispatcher:
    """Carries outbox entries to the desk. One runs per desk."""

    def __init__(self, store: Store, desk: Desk, live: Live, clock: Clock, site_url: str) -> None:
        self._store = store
        self._desk = desk
        self._live = live
        self._clock = clock
        self._site_url = site_url
        self._busy: set[str] = set()

    async def run(self) -> None:
        """Deliver until cancelled. A case whose delivery takes long holds up no other."""
        async with self._live.listen(OUTBOX_TOPIC) as listener, asyncio.TaskGroup() as tasks:
            while True:
                try:
                    for entry in await self._due():
                        self._busy.add(entry.case_id)
                        tasks.create_task(self._carry(entry))
                    pause = await self._pause()
                except Exception:
                    log.exception("outbox_failed")
                    pause = _IDLE_S
                await listener.wait(pause)

    async def _due(self) -> Sequence[Entry]:
        async with self._store.read() as work:
            entries = await work.outbox.due(self._clock())
        return [entry for entry in entries if entry.case_id not in self._busy]

    async def _carry(self, entry: Entry) -> None:
        try:
            await self._try(entry)
        except Exception:
            log.exception("delivery_not_kept", entry=entry.id)
            await asyncio.sleep(_IDLE_S)
        finally:
            self._busy.discard(entry.case_id)
            self._live.wake(OUTBOX_TOPIC)

    async def _pause(self) -> float:
        async with self._store.read() as work:
            next_at = await work.outbox.next_at()
        if next_at is None:
            return _IDLE_S
        least = 0.5 if self._busy else 0.05  # what is under way wakes this loop when it is done
        return min(_IDLE_S, max(least, (next_at - self._clock()).total_seconds()))

    async def _try(self, entry: Entry) -> None:
        async with self._store.work() as work:
            await work.outbox.begin(entry.id)
        try:
            await self._deliver(entry)
        except DeskError as error:
            await self._failed(entry, error)
        except Exception as error:
            log.exception("delivery_broke", entry=entry.id, kind=entry.kind.value)
            await self._failed(entry, DeskError(f"{type(error).__name__}: {error}"))

    async def _deliver(self, entry: Entry) -> None:
        async with self._store.read() as work:
            case = await work.cases.get(entry.case_id)
            messages = await work.conversations.transcript(case.conversation_id)
        again = entry.attempts > 0
        ref = case.ref
        if entry.kind is Delivery.OPEN_CASE:
            known = [m for m in messages if m.seq <= case.opened_seq]
            ref = await self._desk.open_case(
                self._card(case, known), known, key=entry.id, again=again
            )
        elif ref is not None and entry.kind is Delivery.UPDATE_CASE:
            await self._desk.update_case(ref, self._card(case, messages))
        elif ref is not None:
            message = next(m for m in messages if m.seq == entry.seq)
            await self._desk.relay(ref, message, case.briefing.customer, key=entry.id, again=again)
        async with self._store.work() as work:
            if ref is not None and ref != case.ref:
                await work.cases.set_ref(case.id, ref)
            await work.outbox.done(entry.id, self._clock())

    def _card(self, case: Case, messages: Sequence[Message]) -> Card:
        url = f"{self._site_url}/desk/cases/{case.id}"
        return card_of(case, messages, self._clock(), url)

    async def _failed(self, entry: Entry, error: DeskError) -> None:
        async with self._store.work() as work:
            if error.permanent:
                await work.outbox.park(entry.id, str(error))
            else:
                await work.outbox.postpone(entry.id, self._retry_at(entry, error), str(error))
        log.warning(
            "delivery_failed",
            entry=entry.id,
            kind=entry.kind.value,
            attempt=entry.attempts + 1,
            permanent=error.permanent,
            error=str(error),
        )

    def _retry_at(self, entry: Entry, error: DeskError) -> datetime:
        wait_s = error.retry_after_s or min(_LONGEST_WAIT_S, 0.5 * 2**entry.attempts)
        return self._clock() + timedelta(seconds=wait_s)
