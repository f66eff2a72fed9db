"""The blocks that cards, forms and home tabs are made of, within Slack's limits."""

from collections.abc import Iterable, Sequence
from typing import Any

from handoff.desks.slack.shown.text import fit
from handoff.desks.slack.web_api.api import Block

_HEADER, _LABEL, _OPTION = 150, 75, 75


def header(words: str) -> Block:
    """A line in large letters."""
    return {"type": "header", "text": plain_text(words, _HEADER)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """A paragraph. Args: text: escaped, in Slack's notation; accessory: stands beside it."""
    beside = {"accessory": accessory} if accessory else {}
    return {"type": "section", "text": mrkdwn(text), **beside}


def fields(texts: Iterable[str]) -> Block:
    """Up to ten short paragraphs in two columns."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(text: str) -> Block:
    """A line in small letters."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(elements: Sequence[Block]) -> Block:
    """A row of buttons and menus."""
    return {"type": "actions", "elements": list(elements)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def button(action: str, label: str, value: str, *, style: str | None = None) -> Block:
    """A button. Args: style: "primary", "danger" or None."""
    styled = {"style": style} if style else {}
    text = plain_text(label, _LABEL)
    return {"type": "button", "action_id": action, "text": text, "value": value, **styled}


def overflow(action: str, entries: Iterable[tuple[str, str]]) -> Block:
    """A menu behind three dots. Args: entries: label and value, at most five."""
    return {"type": "overflow", "action_id": action, "options": options(entries)}


def options(entries: Iterable[tuple[str, str]]) -> list[Block]:
    """Choices. Args: entries: label and value."""
    return [{"text": plain_text(label, _OPTION), "value": value} for label, value in entries]


def plain_text(words: str, limit: int) -> dict[str, Any]:
    """Words without any notation, cut to `limit` characters."""
    return {"type": "plain_text", "text": fit(words, limit) or "-", "emoji": False}


def mrkdwn(text: str) -> dict[str, Any]:
    """Words in Slack's notation."""
    # verbatim: Slack is not to find links, channels or mentions in customers' words
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def size(parts: Iterable[Block]) -> int:
    """How many characters of text the blocks hold, as Slack counts what one message may have."""
    return sum(_texts(part) for part in parts)


def _texts(part: object) -> int:
    if isinstance(part, list):
        return sum(_texts(one) for one in part)
    if not isinstance(part, dict):
        return 0
    text = part.get("text")
    own = len(text) if isinstance(text, str) else 0
    return own + sum(_texts(value) for value in part.values())
