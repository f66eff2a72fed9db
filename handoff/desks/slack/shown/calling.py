"""Agents and groups called by their names in Slack, and where a case has gone."""

from handoff.briefing.card import Card
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.text import escape
from handoff.queue.groups import Group
from staff.account import Staff


def called(whom: Staff | Group) -> str:
    """A mention that calls them; their name in bold where they are not known in Slack."""
    if isinstance(whom, Staff) and whom.slack_user:
        return f"<@{whom.slack_user.rpartition('/')[2]}>"
    if isinstance(whom, Group) and whom.mention:
        return f"<!subteam^{whom.mention}>"
    return f"*{escape(whom.name)}*"


def gone_to(card: Card, place: Place) -> str:
    """What is left of a card in the channel that its case has left."""
    group = escape(card.group.name) if card.group else "another group"
    return (
        f"Case {card.case.number} has gone to {group}, in <#{place.channel}>. Replies in this "
        f"thread no longer reach the customer. <{card.url}|Open in the browser>"
    )
