"""Keep what customers were promised: call, announce again, route on, call back, release."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import structlog

from conversation.clock import Clock
from handoff.case import Case, CaseError, CaseStatus
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery, Notice
from handoff.leases import LEASE
from handoff.ports import Store, Work
from handoff.promises.callbacks import Callbacks, Told
from handoff.promises.sla import LATE, SHOWN_AFTER, Due, Step, due
from handoff.promises.watch_words import (
    WATCH,
    announced,
    by_email,
    came_from,
    late,
    left_alone,
    nobody_there,
    soon_late,
    yours,
)
from handoff.queue.groups import Assign, DeskRules
from handoff.queue.presence import Presence
from handoff.queue.routing import next_group
from handoff.queue.way import route_to

log = structlog.get_logger()

_EVERY_S = 5.0
_DUTY = "watch"
_HAD_IT = "group:"


class Watch:
    """Looks every few seconds at all open cases, in one process at a time."""

    def __init__(
        self,
        store: Store,
        casework: Casework,
        callbacks: Callbacks,
        rules: DeskRules,
        clock: Clock,
    ) -> None:
        self._store = store
        self._casework = casework
        self._callbacks = callbacks
        self._rules = rules
        self._clock = clock
        self._name = str(uuid4())

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                if await self._on_duty():
                    await self.look()
            except Exception:
                log.exception("watch_failed")
            await asyncio.sleep(_EVERY_S)

    async def look(self) -> None:
        """Do everything that is due now."""
        async with self._store.read() as work:
            cases = await work.cases.listed(open_only=True)
            asked = await work.queue.unanswered()
            owners = {one.staff.id: one for one in await work.presence.agents()}
        for case in cases:
            try:
                await self._look_at(case, asked.get(case.conversation_id), owners)
            except CaseError as error:  # somebody was faster
                log.info("watch_passed_by", case=case.number, error=type(error).__name__)

    async def _on_duty(self) -> bool:
        now = self._clock()
        async with self._store.work() as work:
            return await work.duties.take(_DUTY, self._name, now, now + LEASE)

    async def _look_at(
        self, case: Case, asked_at: datetime | None, owners: Mapping[str, Presence]
    ) -> None:
        owner = owners.get(case.agent_id or "") or await self._former_agent(case)
        steps = list(due(case, self._rules, asked_at, owner, self._clock()))
        if steps:
            async with self._store.read() as work:
                done = await work.nudges.of(case.id)
            for one in steps:
                if one.key not in done and await self._do(case, one, done):
                    return
        if case.status is CaseStatus.WAITING:
            await self._assign(case)
        elif case.first_reply_at is not None and asked_at is not None:
            await self._show_that_they_wait(case, asked_at)

    async def _show_that_they_wait(self, case: Case, asked_at: datetime) -> None:
        """Have the card say that it is the agent's turn, once for each line that waits."""
        now, key = self._clock(), f"waits:{asked_at.isoformat()}"
        if now - asked_at < SHOWN_AFTER:
            return
        async with self._store.read() as work:
            if key in await work.nudges.of(case.id):
                return
        async with self._store.work() as work:
            if await work.nudges.once(case.id, key, now):
                await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)

    async def _former_agent(self, case: Case) -> Presence | None:
        """Who has the case and is no agent any more: gone."""
        if case.agent_id is None:
            return None
        async with self._store.read() as work:
            found = await work.presence.of(case.agent_id)
        return found and Presence(found.staff, found.since or case.claimed_at, gone=True)

    async def _do(self, case: Case, one: Due, done: Collection[str]) -> bool:
        """Do it. Returns: True where the case is another one afterwards."""
        match one.step:
            case Step.RELEASE:
                return await self._release(case, one)
            case Step.ROUTE_ON:
                return await self._route_on(case, done)
            case Step.CALLBACK:
                return await self._call_back(case, one)
            case Step.WARN:
                await self._tell(case, one, Notice(soon_late(case, one), agent_id=case.agent_id))
            case Step.BREACH:
                group = self._rules.group(case.route.group)
                await self._tell(case, one, Notice(late(case, one), group=group.key, aloud=True))
            case Step.ANNOUNCE:
                await self._announce(case, one)
            case Step.REMIND:
                nobodys = None if case.agent_id else self._rules.group(case.route.group).key
                said = by_email(case, one)
                await self._tell(case, one, Notice(said, case.agent_id, nobodys, bool(nobodys)))
        return False

    async def _release(self, case: Case, one: Due) -> bool:
        await self._casework.release(case.id, None)
        async with self._store.read() as work:
            released = await work.cases.get(case.id)
        notice = Notice(left_alone(case), agent_id=released.route.suggested_id, aloud=True)
        await self._tell(released, one, notice)
        log.warning("case_released", case=case.number, agent=case.agent_id)
        return True

    async def _route_on(self, case: Case, done: Collection[str]) -> bool:
        group, now = self._rules.group(case.route.group), self._clock()
        had = [key.removeprefix(_HAD_IT) for key in done if key.startswith(_HAD_IT)]
        following = next_group(self._rules, group, had, now)
        if following is None:
            return False
        async with self._store.work() as work:
            await work.nudges.once(case.id, f"{_HAD_IT}{group.key}", now)
        await self._casework.pass_on(case.id, None, following)
        notice = Notice(
            came_from(case, group), group=following.key, aloud=following.channel == group.channel
        )
        async with self._store.work() as work:
            await self._put(work, case, notice, f"from:{group.key}")
        log.info("case_routed_on", case=case.number, group=following.key)
        return True

    async def _call_back(self, case: Case, one: Due) -> bool:
        told = await self._callbacks.nobody_there(case.id)
        if told in (Told.PROMISED, Told.NOTHING):
            return True
        await self._tell(case, one, Notice(nobody_there(asked=told is Told.ASKED)))
        return False

    async def _announce(self, case: Case, one: Due) -> None:
        async with self._store.work() as work:
            if not await self._first_to(work, case, one):
                return
            group = self._rules.group(case.route.group)
            fresh = await route_to(work, self._rules, group, case, self._clock())
            agent = fresh.suggested_id
            await work.cases.route(case.id, replace(case.route, suggested_id=agent))
            waited = one.promised - one.left
            notice = Notice(announced(case, waited), agent_id=agent, aloud=True)
            await self._put(work, case, notice, one.key)
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())

    async def _assign(self, case: Case) -> None:
        group, now = self._rules.group(case.route.group), self._clock()
        if group.assign is not Assign.AUTOMATIC:
            return
        async with self._store.read() as work:
            found = await route_to(work, self._rules, group, case, now)
            agent = await work.accounts.by_id(found.suggested_id or "")
        if agent is None:
            return
        await self._casework.claim(case.id, agent, by_rule=True)
        async with self._store.work() as work:
            await self._put(work, case, Notice(yours(case), agent_id=agent.id), f"yours:{now}")

    async def _tell(self, case: Case, one: Due, notice: Notice) -> None:
        async with self._store.work() as work:
            if not await self._first_to(work, case, one):
                return
            await self._put(work, case, notice, one.key)
            if one.step in LATE:
                await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())
            if one.step is Step.BREACH:
                await work.timeline.record(
                    case.conversation_id,
                    "answer_late",
                    self._clock(),
                    key=f"{case.id}:{one.key}",
                    case=case.number,
                    agent=case.agent,
                    promised_min=round(one.promised.total_seconds() / 60),
                )

    async def _first_to(self, work: Work, case: Case, one: Due) -> bool:
        """Whether the case still stands as it was seen, and nobody has done this about it."""
        await work.conversations.get(case.conversation_id)
        fresh = await work.cases.get(case.id)
        same = (fresh.status, fresh.agent_id, fresh.route.since) == (
            case.status,
            case.agent_id,
            case.route.since,
        )
        answered = one.first and fresh.first_reply_at is not None
        return same and not answered and await work.nudges.once(case.id, one.key, self._clock())

    async def _put(self, work: Work, case: Case, notice: Notice, key: str) -> None:
        now = self._clock()
        await work.outbox.put(case.id, Delivery.NOTICE, now, notice=notice)
        await work.cases.note(case.id, WATCH, notice.text, f"{_DUTY}:{key}", now)
