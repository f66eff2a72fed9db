"""What a customer is told about the wait: only what recent claims and the hours bear out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversation.clock import Clock
from conversation.hours import closed_until, open_time
from conversation.waits import Waited, expected
from handoff.case import Case
from handoff.ports import Work
from handoff.queue.groups import DeskRules, Group

_WINDOW = timedelta(days=7)
_MOST = 20
_FRESH_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Wait:
    """A place in the queue. `place` counts from 1.

    `within_min`: eight of ten were answered within so many minutes, None where too little is
    known. `slow`: the customer has waited longer than that already. `back`: when people are
    there again, None while the group is open. `away`: nobody of the group is at the desk.
    `nobody`: the customer was told that nobody can answer at the moment.
    """

    place: int
    within_min: int | None = None
    slow: bool = False
    back: str | None = None
    away: bool = False
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    recent: Sequence[Waited]
    away: bool
    at: datetime


class Waits:
    """Tells waits. What it reads of a group is good for `fresh_for`, however many wait."""

    def __init__(self, rules: DeskRules, clock: Clock, fresh_for: timedelta = _FRESH_FOR) -> None:
        self._rules = rules
        self._clock = clock
        self._fresh_for = fresh_for
        self._seen: dict[str, _Seen] = {}

    async def of(self, work: Work, case: Case, place: int) -> Wait:
        """The wait of a case that stands at this place now."""
        wait = await self.at(work, case.route.group, place)
        if not wait.back and case.nobody_key in await work.nudges.of(case.id):
            return Wait(place, nobody=True)
        if wait.within_min is None or case.route.since is None:
            return wait
        group = self._rules.group(case.route.group)
        usual = expected((await self._look(work, group)).recent, case.route.place)
        waited = open_time(group.hours, case.route.since, self._clock())
        slow = usual is not None and waited > usual.most
        return Wait(place, slow=True) if slow else wait

    async def at(self, work: Work, group: str, place: int) -> Wait:
        """The wait at this place of the group's queue."""
        found, now = self._rules.group(group), self._clock()
        if back := closed_until(found.hours, now):
            return Wait(place, back=back)
        seen = await self._look(work, found)
        if seen.away:
            return Wait(place, away=True)
        usual = expected(seen.recent, place)
        return Wait(place, usual.within_min if usual else None)

    async def _look(self, work: Work, group: Group) -> _Seen:
        now, known = self._clock(), self._seen.get(group.key)
        if known is not None and timedelta() <= now - known.at < self._fresh_for:
            return known
        claimed = await work.queue.claimed_since(group.key, now - _WINDOW, _MOST)
        recent = [one for case in claimed if (one := _waited(case, group)) is not None]
        agents = [
            one
            for one in await work.presence.agents()
            if group in self._rules.groups_of(one.staff.email)
        ]
        away = bool(agents) and all(one.away(now) for one in agents)
        seen = self._seen[group.key] = _Seen(recent, away, now)
        return seen


def _waited(case: Case, group: Group) -> Waited | None:
    since, claimed_at = case.route.since, case.claimed_at
    if since is None or claimed_at is None or claimed_at < since:
        return None
    if case.callback_at is not None:  # nobody waited for this one
        return None
    return Waited(open_time(group.hours, since, claimed_at), case.route.place)
