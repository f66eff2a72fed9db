"""The way of a case into a group's queue, as the database has it at the moment."""

from datetime import datetime

from conversation.hours import after_open_time
from handoff.case import Briefing, Case, Route
from handoff.ports import Work
from handoff.queue.groups import DeskRules, Group
from handoff.queue.routing import group_for, suggested
from handoff.queue.staffing import statuses


async def route_of(work: Work, rules: DeskRules, briefing: Briefing, now: datetime) -> Route:
    """The way of a new case."""
    group = group_for(rules, briefing, now)
    promise = group.goals.first_reply
    due = after_open_time(group.hours, now, promise) if promise else None
    return await _into(work, rules, group, briefing, now, due)


async def route_to(work: Work, rules: DeskRules, group: Group, case: Case, now: datetime) -> Route:
    """The way of a case that is there already: what its customer was promised stays."""
    return await _into(work, rules, group, case.briefing, now, case.route.reply_due_at)


async def _into(
    work: Work,
    rules: DeskRules,
    group: Group,
    briefing: Briefing,
    now: datetime,
    due: datetime | None,
) -> Route:
    agents = statuses(rules, await work.presence.agents(), await work.presence.loads(now), now)
    found = suggested(rules, group, briefing, agents, now)
    return Route(
        group=group.key,
        since=now,
        suggested_id=found.staff.id if found else None,
        suggested=found.staff.name if found else None,
        reply_due_at=due,
        place=await work.cases.waiting(group.key) + 1,
    )
