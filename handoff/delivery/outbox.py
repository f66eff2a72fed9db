"""Deliver to the desk: in order per case, again until it is taken, never shown twice."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from conversation.clock import Clock
from handoff.briefing.masked import MaskRules
from handoff.delivery.boxes import Delivery, Entry
from handoff.delivery.deliveries import Deliveries
from handoff.desk import Desk, DeskError, reason
from handoff.leases import LEASE, kept
from handoff.ports import Store
from handoff.queue.groups import DeskRules
from handoff.wakes import OUTBOX_TOPIC, Live

log = structlog.get_logger()

_IDLE_S = 5.0
_LONGEST_WAIT_S = 60.0
_PARKED_FOR = timedelta(minutes=5)
_IN_ONE_GO = (Delivery.RELAY, Delivery.UPDATE_CASE, Delivery.ACT)
_IN_ORDER = (Delivery.RELAY, Delivery.NOTICE)
_MOST_IN_ONE_GO = 19


class Dispatcher:
    """Carries outbox entries to the desk. Each app process runs one."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        live: Live,
        clock: Clock,
        site_url: str,
        rules: DeskRules | None = None,
        masks: MaskRules | None = None,
    ) -> None:
        """Args: rules: the groups whose cases the desk shows. masks: what it does not show."""
        self._store = store
        self._live = live
        self._clock = clock
        self._deliveries = Deliveries(
            store, desk, clock, site_url, rules or DeskRules(), masks or MaskRules()
        )
        self._busy: set[tuple[str, bool]] = set()
        self._held: dict[str, Entry] = {}

    async def run(self) -> None:
        """Deliver until cancelled. A case whose delivery takes long holds up no other."""
        await self._begin()
        async with (
            self._live.listen(OUTBOX_TOPIC) as listener,
            kept(self._renew),
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                try:
                    due, next_at = await self._look()
                    for head in due:
                        if entries := await self._claim(head):
                            self._busy.add(head.lane)
                            tasks.create_task(self._carry(entries))
                    pause = self._pause(next_at)
                except Exception:
                    log.exception("outbox_failed")
                    pause = _IDLE_S
                await listener.wait(pause)

    async def _begin(self) -> None:
        """Who started us may have mended what was parked, or chosen another desk."""
        now = self._clock()
        async with self._store.work() as work:
            await work.outbox.retry_parked(now)
            for case in await work.cases.listed(open_only=True):
                elsewhere = case.ref is not None and self._deliveries.ours(case.ref) is None
                undone = await work.outbox.undone(case.id) if elsewhere else ()
                if elsewhere and all(entry.kind is Delivery.ACT for entry in undone):
                    await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)

    async def _look(self) -> tuple[Sequence[Entry], datetime | None]:
        """What is due, and when the next is or was."""
        async with self._store.read() as work:
            entries = await work.outbox.due(self._clock())
            next_at = await work.outbox.next_at()
        return [entry for entry in entries if entry.lane not in self._busy], next_at

    async def _carry(self, entries: Sequence[Entry]) -> None:
        self._held |= {entry.id: entry for entry in entries}
        try:
            await self._try(entries)
        except Exception:
            log.exception("delivery_not_kept", entry=entries[0].id)
            await asyncio.sleep(_IDLE_S)
        finally:
            for entry in entries:
                del self._held[entry.id]
            self._busy.discard(entries[0].lane)
            self._live.wake(OUTBOX_TOPIC)

    def _pause(self, next_at: datetime | None) -> float:
        if next_at is None:
            return _IDLE_S
        least = 0.5 if self._busy else 0.05  # what is under way wakes this loop when it is done
        return min(_IDLE_S, max(least, (next_at - self._clock()).total_seconds()))

    async def _try(self, entries: Sequence[Entry]) -> None:
        try:
            await self._deliveries.deliver(entries)
        except DeskError as error:
            await self._failed(entries, error)
        except Exception as error:
            log.exception("delivery_broke", entry=entries[0].id, kind=entries[0].kind.value)
            await self._failed(entries, DeskError(reason(error)))
        else:
            async with self._store.work() as work:
                for entry in entries:
                    await work.outbox.done(entry, self._clock())

    async def _claim(self, head: Entry) -> Sequence[Entry]:
        """The head with what can go with it: waiting lines become one post, edits the last one."""
        until = self._clock() + LEASE
        async with self._store.work() as work:
            if not await work.outbox.begin(head, until):
                return ()
            alike = head.kind in _IN_ONE_GO
            after = await work.outbox.after(head, _MOST_IN_ONE_GO) if alike else ()
            return [head, *[entry for entry in after if await work.outbox.begin(entry, until)]]

    async def _renew(self) -> None:
        # All at once: in a rush hundreds wait for their turn at the desk.
        if not self._held:
            return
        async with self._store.work() as work:
            for entry in list(self._held.values()):
                await work.outbox.renew(entry, self._clock() + LEASE)

    async def _failed(self, entries: Sequence[Entry], error: DeskError) -> None:
        now = self._clock()
        async with self._store.work() as work:
            for entry in entries:
                if error.permanent:
                    until = now + _PARKED_FOR
                    await work.outbox.park(
                        entry, now, until, str(error), holds=_holds(entry, error)
                    )
                else:
                    await work.outbox.postpone(entry, now + _wait(entries[0], error), str(error))
        log.warning(
            "delivery_failed",
            entry=entries[0].id,
            kind=entries[0].kind.value,
            attempt=entries[0].attempts + 1,
            permanent=error.permanent,
            error=str(error),
        )


def _holds(entry: Entry, error: DeskError) -> bool:
    """Whether the case's later entries wait until somebody has acted: what was said is shown in its
    order, but a card that cannot be edited or moved keeps nothing back."""
    if entry.kind is Delivery.OPEN_CASE:
        return True
    return entry.kind in _IN_ORDER and not error.alone


def _wait(entry: Entry, error: DeskError) -> timedelta:
    doublings = min(entry.attempts, 10)  # a float holds no more than 1,023
    return timedelta(seconds=error.retry_after_s or min(_LONGEST_WAIT_S, 0.5 * 2**doublings))
