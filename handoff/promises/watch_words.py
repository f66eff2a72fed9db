"""What the watch tells agents beside a case."""

from datetime import timedelta

from handoff.case import Case
from handoff.promises.sla import Due
from handoff.queue.groups import Group
from staff.words import span as in_brief

WATCH = "Heard"
"""Who says it, among the notes of a case."""

_A_MOMENT = timedelta(minutes=1)


def soon_late(case: Case, due: Due) -> str:
    """To the owner, at three quarters of the time."""
    what = "a first answer" if due.first else "an answer"
    promised = f"(promised {_brief(due.promised)})"
    if due.left < _A_MOMENT:
        return f"{case.customer}: {what} is due now {promised}."
    return f"{case.customer}: {_brief(due.left)} left for {what} {promised}."


def late(case: Case, due: Due) -> str:
    """To the group, once the time is over."""
    what = "a first answer" if due.first else "an answer"
    holder = f"{case.agent} has it." if case.agent else "Nobody has claimed it."
    waited, promised = _brief(due.promised - due.left), _brief(due.promised)
    return f"{case.customer}: {waited} without {what} (promised {promised}). {holder}"


def announced(case: Case, waited: timedelta) -> str:
    """To whoever is there, about a case that nobody has claimed."""
    return (
        f"{case.customer}: {_brief(waited)} in the queue, nobody has claimed it. Reply in its "
        "thread, or claim it on its card."
    )


def left_alone(case: Case) -> str:
    """To whoever is there, about a case whose owner is away."""
    return (
        f"{case.agent} is away: {case.customer} waits for somebody else. Reply in the "
        "thread of the case, or claim it on its card."
    )


def came_from(case: Case, group: Group) -> str:
    """To the next group."""
    return f"Nobody of {group.name} has claimed the case of {case.customer}."


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
        f"{case.customer} wrote an e-mail address. No e-mail can be sent from here: the "
        "customer was told that the answer comes in the chat, in this browser."
    )


def by_email(case: Case, due: Due) -> str:
    """To the owner, or to the group where nobody has the case."""
    whose = "yours" if case.agent else "nobody's"
    return (
        f"{case.customer}: no answer by e-mail yet (promised {_brief(due.promised)}). The case is "
        f"{whose}: what is replied here goes there."
    )


def _brief(span: timedelta) -> str:
    return in_brief(span.total_seconds())


def yours(case: Case) -> str:
    """To the agent who was made the owner."""
    return f"This case is yours: {case.customer} waits for your first answer."
