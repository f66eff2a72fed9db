"""What a customer was promised next, and until when."""

from handoff.case import Case
from handoff.desks.slack.shown.text import at_moment, at_time
from handoff.promises.sla import email_due_at
from handoff.queue.groups import Group


def promised(case: Case, group: Group) -> str:
    """What is owed next and until when, "" where nothing is."""
    if case.callback_at is not None:
        by_email = email_due_at(case, group)
        return f"answer by e-mail due {at_moment(by_email)}" if by_email else ""
    due = case.route.reply_due_at
    return f"first reply due {at_time(due)}" if due and not case.first_reply_at else ""
