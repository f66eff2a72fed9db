"""An agent's words on their way to the customer: Slack's notation becomes plain text."""

import re
from collections.abc import Mapping

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_CALL = re.compile(r"<([@#!][^<>|\s]+)(?:\|([^<>]*))?>")
_EMOJI = re.compile(r":([a-z0-9_+'-]+)(::skin-tone-[2-6])?:")
_SCHEME = re.compile(r"^(?:mailto:|tel:|https?://)")


def mentioned(text: str) -> frozenset[str]:
    """The users that the text mentions."""
    return frozenset(_MENTION.findall(text))


def plain(text: str, names: Mapping[str, str], emoji: Mapping[str, str]) -> str:
    """The text as a customer reads it.

    Args: names: of the mentioned users, by id; others become "a colleague". emoji: characters
    by name, such as "+1" or "+1::skin-tone-3"; a name that is not there stays as it is written.
    """
    text = _TOKEN.sub(lambda token: _read(token[1], token[2] or "", names), text)
    text = _EMOJI.sub(lambda name: _character(name[1], name[2] or "", emoji) or name[0], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def typed(text: str) -> str:
    """Words from a form's field, where Slack leaves signs as they are: only calls are undone."""
    return _CALL.sub(lambda token: _read(token[1], token[2] or "", {}), text).strip()


def _character(name: str, tone: str, emoji: Mapping[str, str]) -> str | None:
    return emoji.get(name + tone) or emoji.get(name)


def _read(target: str, label: str, names: Mapping[str, str]) -> str:
    if target.startswith("@"):
        return names.get(target[1:]) or "a colleague"
    if target.startswith("#"):
        return f"#{label}" if label else "a channel"
    if target.startswith("!"):
        return label or f"@{target[1:].split('^')[0]}"
    bare = _SCHEME.sub("", target).rstrip("/")
    if target.startswith(("mailto:", "tel:")):
        target = bare
    if not label or label == target:
        return target
    if label.rstrip("/") == bare:  # Slack made a link of what was typed without one
        return label
    return f"{label} ({target})"
