"""Which group gets a case, and who of it is found first. Pure."""

from collections.abc import Sequence
from datetime import datetime

from conversation.hours import closed_until
from handoff.case import Briefing
from handoff.queue.groups import DeskRules, Group
from handoff.queue.staffing import AgentStatus


def group_for(rules: DeskRules, briefing: Briefing, now: datetime) -> Group:
    """The first group that takes the case and is open; where none is, the first that takes it."""
    fitting = [group for group in rules.groups if _takes(group, briefing)]
    fitting = fitting or [rules.groups[-1]]
    return next((group for group in fitting if _open(group, now)), fitting[0])


def next_group(rules: DeskRules, group: Group, tried: Sequence[str], now: datetime) -> Group | None:
    """Who gets the case when nobody of `group` claims it, None where nobody is left.

    Args: tried: keys of the groups that had it; none gets it twice. A closed group is passed by.
    """
    seen = {group.key, *tried}
    on = group.route_on
    while on is not None and on not in seen:
        candidate = rules.group(on)
        if _open(candidate, now):
            return candidate
        seen.add(on)
        on = candidate.route_on
    return None


def suggested(
    rules: DeskRules,
    group: Group,
    briefing: Briefing,
    agents: Sequence[AgentStatus],
    now: datetime,
) -> AgentStatus | None:
    """Who should take the case: of the group, not away, with room for one more.

    Who speaks the customer's language comes first, then who knows the topic, then who has the
    least to do. None where nobody is free, or the group is closed.
    """
    if not _open(group, now):
        return None
    there = [agent for agent in agents if agent.free and group in agent.groups]
    needed = {name for name, topics in rules.skills.items() if briefing.topic in topics}

    def place(agent: AgentStatus) -> tuple[bool, bool, int, str, str]:
        own = rules.member(agent.staff.email)
        speaks = not own.languages or briefing.language in ("", *own.languages)
        knows = needed <= own.skills
        return not speaks, not knows, agent.load, agent.staff.name, agent.staff.id

    return min(there, key=place, default=None)


def back_at(rules: DeskRules, now: datetime) -> str | None:
    """When anybody is at the desk again, in words; None while some group is open."""
    if any(_open(group, now) for group in rules.groups):
        return None
    first = min(
        (group.hours for group in rules.groups if group.hours is not None),
        key=lambda hours: hours.opens_after(now) or datetime.max.replace(tzinfo=now.tzinfo),
    )
    return closed_until(first, now)


def _takes(group: Group, briefing: Briefing) -> bool:
    return (
        (not group.topics or briefing.topic in group.topics)
        and (not group.languages or briefing.language in group.languages)
        and (not group.tiers or briefing.tier in group.tiers)
    )


def _open(group: Group, now: datetime) -> bool:
    return group.hours is None or group.hours.open_at(now)
