"""Write digests from what the database has, and send each out once."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import structlog

from conversation.clock import Clock
from conversation.survey_rules import SurveyRules
from handoff.case import Case
from handoff.desk import Desk, DeskError
from handoff.digests.digests import Digest, Mask, daily, period, voices
from handoff.leases import LEASE
from handoff.ports import Store
from handoff.promises.sla import email_due_at
from handoff.queue.groups import DeskRules, DigestKind, Plan

log = structlog.get_logger()

_EVERY_S = 30.0
_DUTY = "digests"
_WEEKDAYS = Plan(at=datetime.min.time(), days=frozenset(range(5)))
_LONGEST_PAUSE = timedelta(minutes=30)


class Editor:
    """Knows what stands in a digest."""

    def __init__(
        self,
        store: Store,
        rules: DeskRules,
        survey_rules: SurveyRules,
        clock: Clock,
        site_url: str,
        mask: Callable[[], Mask],
    ) -> None:
        """Args: mask: gives what takes the sensitive parts out of customers' words."""
        self._store = store
        self._rules = rules
        self._low = survey_rules.low
        self._clock = clock
        self._site_url = site_url
        self._mask = mask

    def today(self) -> date:
        """The day it is at the desk."""
        return self._clock().astimezone(self._rules.zone).date()

    async def write(self, kind: DigestKind, day: date, *, for_review: bool = False) -> Digest:
        """The digest that goes out on this day, or would if it were planned.

        Args: for_review: cases are links to their conversations, for readers who are no agents.
        """
        plan = self._rules.digests.get(kind, _WEEKDAYS)
        since, until = period(plan, day, self._rules.zone)
        mask, now = self._mask(), self._clock()
        async with self._store.read() as work:
            if kind is DigestKind.DAILY:
                cases = await work.queue.touched_since(since)
                link = self._talk if for_review else self._case
                return daily(cases, since, until, now, mask, link, self._due_at)
            said = await work.voices.said(since, until)
            rated = await work.voices.rated_low(since, until, self._low)
        return voices(said, rated, since, until, mask, self._conversation)

    def _due_at(self, case: Case) -> datetime | None:
        return email_due_at(case, self._rules.group(case.route.group))

    def _case(self, case: Case) -> str:
        return f"{self._site_url}/desk/cases/{case.id}"

    def _talk(self, case: Case) -> str:
        return self._conversation(case.conversation_id)

    def _conversation(self, conversation_id: str) -> str:
        return f"{self._site_url}/review/conversations/{conversation_id}"


class Rounds:
    """Sends digests to the desk when they are due, in one process at a time, each once."""

    def __init__(
        self, store: Store, desk: Desk, editor: Editor, rules: DeskRules, clock: Clock
    ) -> None:
        self._store = store
        self._desk = desk
        self._editor = editor
        self._rules = rules
        self._clock = clock
        self._name = str(uuid4())

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                async with self._store.work() as work:
                    now = self._clock()
                    mine = await work.duties.take(_DUTY, self._name, now, now + 2 * LEASE)
                if mine:
                    await self.look()
            except Exception:
                log.exception("digests_failed")
            await asyncio.sleep(_EVERY_S / 2)

    async def look(self) -> None:
        """Send what is due now."""
        here = self._clock().astimezone(self._rules.zone)
        for kind, plan in self._rules.digests.items():
            if here.weekday() in plan.days and here.time() >= plan.at:
                await self._send(kind, plan, here.date())

    async def _send(self, kind: DigestKind, plan: Plan, day: date) -> None:
        now = self._clock()
        async with self._store.work() as work:
            tries = await work.voices.begin(kind, day, now, now + LEASE)
        if tries is None:
            return
        digest = await self._editor.write(kind, day)
        key = f"digest:{kind}:{day.isoformat()}"
        try:
            if digest.sections:
                await self._desk.publish(digest, plan.channel, key=key, again=tries > 0)
        except DeskError as error:
            pause = min(_LONGEST_PAUSE, timedelta(seconds=30) * 2 ** min(tries, 10))
            async with self._store.work() as work:
                await work.voices.postpone(kind, day, self._clock() + pause)
            log.warning("digest_failed", kind=kind.value, error=str(error))
            return
        async with self._store.work() as work:
            await work.voices.sent(kind, day, self._clock())
        log.info("digest_sent", kind=kind.value, day=day.isoformat())
