"""What happened in a conversation beside its messages, and what agents did, in words for agents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handoff.case import Resolution

Detail = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline. `detail` holds facts, never message text."""

    kind: str
    at: datetime
    detail: Detail


def act_of(it: Happening, zone: tzinfo) -> str | None:
    """What an agent did about a case, in a short sentence; None where nothing is to be said.

    That is so of what nobody did, and of a case given to a colleague, who is called to it.
    Args: zone: in which moments are shown.
    """
    words = _ACTS.get(it.kind)
    return words(it, zone) if words and it.detail.get("agent") else None


def _taken(it: Happening, _: tzinfo) -> str | None:
    agent, owner = it.detail["agent"], it.detail.get("owner")
    if it.detail["to"] != agent:
        return None
    return f"{agent} took this over from {owner}." if owner else f"{agent} claimed this."


def _released(it: Happening, _: tzinfo) -> str:
    agent, owner = it.detail["agent"], it.detail["owner"]
    had = "" if owner == agent else f" {owner} had it."
    return f"{agent} put this back into the queue.{had}"


def _snoozed(it: Happening, zone: tzinfo) -> str:
    until = datetime.fromisoformat(str(it.detail["until"])).astimezone(zone)
    same_day = until.date() == it.at.astimezone(zone).date()
    shown = f"{until:%H:%M %Z}" if same_day else f"{until:%-d %b, %H:%M %Z}"
    return f"{it.detail['agent']} snoozed this until {shown}."


def _resolved(it: Happening, _: tzinfo) -> str:
    judged = Resolution(str(it.detail["resolution"])).words
    return f"{it.detail['agent']} resolved this: {judged}."


_ACTS: Mapping[str, Callable[[Happening, tzinfo], str | None]] = {
    "claimed": lambda it, _: f"{it.detail['agent']} claimed this.",
    "assigned": _taken,
    "released": _released,
    "passed_on": lambda it, _: f"{it.detail['agent']} passed this on to {it.detail['group']}.",
    "snoozed": _snoozed,
    "woken": lambda it, _: f"{it.detail['agent']} ended the snooze.",
    "prioritised": lambda it, _: (
        f"{it.detail['agent']} set the priority to {it.detail['priority']}."
    ),
    "resolved": _resolved,
    "handed_back": lambda it, _: f"{it.detail['agent']} handed this back to the assistant.",
    "reopened": lambda it, _: f"{it.detail['agent']} opened this again.",
}
