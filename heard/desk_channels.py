"""The places in Slack that data/desk.yml names: whether they can be such, and which they are."""

import re
from collections.abc import Iterator

from handoff.queue.groups import DeskRules
from heard.settings import DESK, Settings
from store.desk_rules import BadDeskRules, load_desk_rules

_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}")
_USER_GROUP = re.compile(r"S[A-Z0-9]{5,}")


def wrong_places(settings: Settings) -> list[str]:
    """What in data/desk.yml cannot be a place in Slack, each with what to do.

    Nothing where agents do not work in Slack, or where the file cannot be read: that is told of
    elsewhere.
    """
    if settings.desk != "slack":
        return []
    try:
        return list(_wrong(load_desk_rules(DESK)))
    except BadDeskRules:
        return []


def channels(settings: Settings, rules: DeskRules) -> tuple[str, ...]:
    """The IDs of all channels that Heard posts in, each once, the support channel first."""
    named = (group.channel for group in rules.groups)
    digests = (plan.channel for plan in rules.digests.values())
    return tuple(dict.fromkeys([settings.slack_channel, *filter(None, (*named, *digests))]))


def _wrong(rules: DeskRules) -> Iterator[str]:
    named = [(f"groups: {group.key}", group.channel) for group in rules.groups]
    named += [(f"digests: {kind}", plan.channel) for kind, plan in rules.digests.items()]
    for where, channel in named:
        if channel and not _CHANNEL.fullmatch(channel):
            yield (
                f"data/desk.yml: {where}: channel must be a Slack channel's ID, such as "
                f"C0123456789, not {channel}. It stands at the end of the channel's «About» tab."
            )
    for group in rules.groups:
        if group.mention and not _USER_GROUP.fullmatch(group.mention):
            yield (
                f"data/desk.yml: groups: {group.key}: mention must be a Slack user group's ID, "
                f"such as S0123456789, not {group.mention}. It stands at the end of the address "
                "when you open the user group in the browser."
            )
