"""The desk in figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from handoff.case import Case, CaseStatus


@dataclass(frozen=True, slots=True)
class Today:
    """The day so far. `breaches`: cases whose first reply came, or is still to come, too late.

    `median_first_reply_s` is of the cases opened in the day, None where none has a reply.
    """

    opened: int
    resolved: int
    median_first_reply_s: float | None
    breaches: int


def figures(cases: Sequence[Case], since: datetime, until: datetime, now: datetime) -> Today:
    """What happened from `since` on and before `until`. Args: cases: all that were open then."""
    opened = [case for case in cases if since <= case.opened_at < until]
    replied = [
        (case.first_reply_at - case.opened_at).total_seconds()
        for case in opened
        if case.first_reply_at
    ]
    return Today(
        opened=len(opened),
        resolved=sum(_resolved_in(case, since, until) for case in cases),
        median_first_reply_s=median(replied) if replied else None,
        breaches=sum(case.late(now) for case in opened),
    )


def _resolved_in(case: Case, since: datetime, until: datetime) -> bool:
    closed = case.closed_at
    return case.status is CaseStatus.RESOLVED and closed is not None and since <= closed < until
