"""Which promise to a customer is due, or broken, and what is done about it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conversation.hours import after_open_time, open_time
from handoff.case import Case, CaseStatus
from handoff.queue.groups import DeskRules, Group
from handoff.queue.presence import Presence

WARN_AT = 0.75
"""At this part of a promised time its owner is called."""

SHOWN_AFTER = timedelta(seconds=20)
"""Who waits so long is shown to wait on the card: in a lively talk it would change all the time."""


class Step(StrEnum):
    """What is to be done about a case."""

    WARN = "warn"
    BREACH = "breach"
    ANNOUNCE = "announce"
    ROUTE_ON = "route_on"
    CALLBACK = "callback"
    RELEASE = "release"
    REMIND = "remind"


LATE = (Step.BREACH, Step.REMIND)
"""With these a promised time is over."""


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due. `key` names it among all of the case: each is done once.

    `promised` is the time that was promised, `left` what remains of it (negative once it is
    over), `first`: it is about the first answer.
    """

    step: Step
    key: str
    promised: timedelta = timedelta()
    left: timedelta = timedelta()
    first: bool = False


def due(
    case: Case,
    rules: DeskRules,
    asked_at: datetime | None,
    owner: Presence | None,
    now: datetime,
) -> Iterator[Due]:
    """What is due about an open case, the mildest first.

    Args: asked_at: when the customer wrote what no agent has answered, None where all is.
        owner: the presence of who has the case.
    """
    group = rules.group(case.route.group)
    if owner is not None and _has_left(case, owner, rules, now):
        yield Due(Step.RELEASE, f"{Step.RELEASE}:{owner.since}")
        return
    if case.rests(now):
        return
    yield from _owed(case, group, asked_at, now)
    if case.status is CaseStatus.WAITING and case.callback_at is None:
        yield from _unclaimed(case, group, now)


def overdue(case: Case, group: Group, asked_at: datetime | None, now: datetime) -> bool:
    """Whether an answer that was promised is over its time. Args: asked_at: as in `due`."""
    if not case.status.open or case.rests(now):
        return False
    return any(one.step in LATE for one in _owed(case, group, asked_at, now))


def email_due_at(case: Case, group: Group) -> datetime | None:
    """When the first answer that was promised by e-mail is late; None where none is owed."""
    since, promised = case.callback_at, group.goals.by_email
    owed = case.status is CaseStatus.CALLBACK or case.first_reply_at is None
    if since is None or promised is None or not owed or not case.status.open:
        return None
    return after_open_time(group.hours, since, promised)


def _owed(case: Case, group: Group, asked_at: datetime | None, now: datetime) -> Iterator[Due]:
    by_email = case.callback_at is not None
    return (_by_email if by_email else _promise)(case, group, asked_at, now)


def _by_email(case: Case, group: Group, asked_at: datetime | None, now: datetime) -> Iterator[Due]:
    since = case.callback_at
    if case.status is not CaseStatus.CALLBACK and case.first_reply_at is not None:
        since = asked_at  # it goes on by e-mail
    promised = group.goals.by_email
    if since is None or promised is None:
        return
    left = promised - open_time(group.hours, since, now)
    if left <= timedelta():
        yield Due(Step.REMIND, f"{Step.REMIND}:{since.isoformat()}", promised, left)


def _has_left(case: Case, owner: Presence, rules: DeskRules, now: datetime) -> bool:
    if owner.gone:
        return True
    if rules.away_release is None or owner.since is None or case.rests(now):
        return False
    return owner.away(now) and now - owner.since >= rules.away_release


def _promise(case: Case, group: Group, asked_at: datetime | None, now: datetime) -> Iterator[Due]:
    first = case.first_reply_at is None
    if first:
        by = case.route.reply_due_at
        since, promised = case.opened_at, by and open_time(group.hours, case.opened_at, by)
    else:
        since, promised = asked_at or now, group.goals.reply if asked_at else None
    if not promised:
        return
    left = promised - open_time(group.hours, since, now)
    about = "first" if first else since.isoformat()
    if left <= timedelta():
        yield Due(Step.BREACH, f"{Step.BREACH}:{about}", promised, left, first)
    elif left <= promised * (1 - WARN_AT) and case.agent_id is not None:
        yield Due(Step.WARN, f"{Step.WARN}:{about}", promised, left, first)


def _unclaimed(case: Case, group: Group, now: datetime) -> Iterator[Due]:
    since = case.route.since or case.opened_at
    if group.hours is not None and not group.hours.open_at(now):
        yield Due(Step.ROUTE_ON, f"closed:{since.isoformat()}")  # where there is one that is open
        return
    waited = open_time(group.hours, since, now)
    goals = group.goals
    for step, after in (
        (Step.ANNOUNCE, goals.announce_again),
        (Step.ROUTE_ON, goals.route_on),
        (Step.CALLBACK, goals.callback),
    ):
        if after is not None and waited >= after:
            yield Due(step, f"{step}:{since.isoformat()}", after, after - waited)
