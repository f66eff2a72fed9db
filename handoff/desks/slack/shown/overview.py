"""Cases and figures in a few lines each: for the home tab and for answers to commands."""

from collections.abc import Iterator, Sequence

from conversation.topics import NOT_CLEAR
from handoff.briefing.masked import MaskRules, brief
from handoff.case import Case, CaseStatus
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.shown.owed import promised
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.text import ago, at_moment, at_time, fit
from handoff.queue.figures import Today
from handoff.queue.groups import DeskRules, Group
from handoff.queue.staffing import AgentStatus

_WHO, _WHAT, _QUOTE = 60, 80, 120
_MINUTE_S = 60


def rows(
    cases: Sequence[Case], workspace: str, masks: MaskRules, rules: DeskRules, most: int
) -> Iterator[tuple[Case, str]]:
    """Each case with its lines, masked, oldest first. Args: workspace: its address, such as
    "https://example.slack.com/"; most: how many are shown."""
    for case in cases[:most]:
        group = rules.group(case.route.group)
        yield case, row(brief(masks.of_desk(SlackDesk.name), case), workspace, group)


def row(case: Case, workspace: str, group: Group) -> str:
    """A case: its number leads to its thread, then what it is about and since when."""
    quote = fit(" ".join(case.briefing.quote.split()), _QUOTE)
    lines = [heading(case, workspace), _times(case, group)]
    return "\n".join([*lines, *([f"> {quote}"] if quote else [])])


def heading(case: Case, workspace: str) -> str:
    """A case in one line: its number leads to its thread, then whose it is and what about."""
    briefing = case.briefing
    goal = "" if briefing.goal == NOT_CLEAR else f" · {fit(briefing.goal, _WHAT)}"
    return f"*{_link(case, workspace)}*  {fit(case.customer, _WHO)}{goal}"


def more(cases: Sequence[Case], most: int) -> str:
    """How many cases are not shown, "" where all are."""
    left = len(cases) - most
    return f"… and {left} more" if left > 0 else ""


def figures(today: Today) -> str:
    """The day in one line."""
    reply = today.median_first_reply_s
    parts = [f"{today.opened} opened", f"{today.resolved} resolved"]
    if reply is not None:
        parts.append(f"first reply after {_duration(reply)} (median)")
    late = "1 reply" if today.breaches == 1 else f"{today.breaches} replies"
    return " · ".join([*parts, f"{late} later than promised"])


def presence(status: AgentStatus) -> str:
    """Whether the agent takes cases, and how many they have."""
    load = f"{status.load} of {status.capacity} cases on hand"
    if not status.away:
        return f"*You take new cases.*  {load}"
    until = f" until {at_moment(status.away_until)}" if status.away_until else ""
    return f"*You are away{until}.*  No new case is meant for you.  {load}"


def _link(case: Case, workspace: str) -> str:
    name = f"Case {case.number}"
    if not (case.ref and case.ref.startswith("slack:") and workspace):
        return name
    return f"<{Place.of(case.ref).address(workspace)}|{name}>"


def _times(case: Case, group: Group) -> str:
    if case.status is CaseStatus.WAITING:
        words = f"waiting since {at_time(case.waits_since)} ({ago(case.waits_since)})"
    elif case.snoozed_until:
        words = f"snoozed until {at_moment(case.snoozed_until)}"
    else:
        words = f"opened {at_time(case.opened_at)}"
    return " · ".join(filter(None, (words, promised(case, group))))


def _duration(seconds: float) -> str:
    minutes = round(seconds / _MINUTE_S)
    return f"{minutes} min" if minutes else "less than a minute"
