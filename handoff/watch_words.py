"""What the watch tells agents beside a case."""

from datetime import timedelta

from conversation.hours import spelt
from handoff.case import Case
from handoff.groups import Group
from handoff.sla import Due

WATCH = "Heard"
"""Who says it, among the notes of a case."""


def soon_late(case: Case, due: Due) -> str:
    """To the owner, at three quarters of the time."""
    what = "first answer" if due.first else "answer"
    return f"{case.briefing.customer} was promised the {what} within {spelt(due.left)} from now."


def late(case: Case, due: Due) -> str:
    """To the group, once the time is over."""
    what = "a first answer" if due.first else "an answer"
    holder = f"{case.agent} has the case." if case.agent else "Nobody has claimed the case."
    waited = spelt(due.promised - due.left)
    return (
        f"{case.briefing.customer}: {waited} without {what} (promised within "
        f"{spelt(due.promised)}). {holder}"
    )


def announced(case: Case, waited: timedelta) -> str:
    """To whoever is there, about a case that nobody has claimed."""
    return (
        f"{case.briefing.customer}: {spelt(waited)} in the queue, and nobody has claimed the case. "
        "Reply in its thread, or claim it on its card."
    )


def left_alone(case: Case) -> str:
    """To whoever is there, about a case whose owner is away."""
    return (
        f"{case.agent} is away: {case.briefing.customer} waits for somebody else. Reply in the "
        "thread of the case, or claim it on its card."
    )


def came_from(case: Case, group: Group) -> str:
    """To the next group."""
    return f"Nobody of {group.name} has claimed the case of {case.briefing.customer}."


def nobody_there(*, asked: bool) -> str:
    """To whoever looks at the case: what its customer was told, and whether for an address."""
    if asked:
        return "Nobody has claimed this case, and the customer was asked for an e-mail address."
    return (
        "Nobody has claimed this case. The customer was told that nobody can answer at the moment, "
        "and that the answer comes in the chat."
    )


def no_email(case: Case) -> str:
    """To whoever looks at the case: the customer counts on an e-mail, and none can be sent."""
    return (
        f"{case.briefing.customer} wrote an e-mail address. No e-mail can be sent from here: the "
        "customer was told that the answer comes in the chat, in this browser."
    )


def by_email(case: Case, due: Due) -> str:
    """To the owner, or to the group where nobody has the case."""
    whose = "yours" if case.agent else "nobody's"
    return (
        f"{case.briefing.customer} was promised an answer by e-mail, and has waited longer than "
        f"{spelt(due.promised)} for it. The case is {whose}: what is replied here goes there."
    )


def yours(case: Case) -> str:
    """To the agent who was made the owner."""
    return f"This case is yours: {case.briefing.customer} waits for your first answer."
