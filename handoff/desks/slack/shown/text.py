"""Other people's words on their way into Slack: shown as written, never obeyed."""

import re
from collections.abc import Iterator
from datetime import datetime

_BROKEN_ENTITY = re.compile(r"&[a-z]{0,3}$")


def escape(text: str) -> str:
    """Take Slack's control characters their meaning: no mention, link or broadcast is left."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fit(text: str, limit: int) -> str:
    """The escaped text, cut so that it has at most `limit` characters once it is escaped."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return f"{_BROKEN_ENTITY.sub('', escaped[: limit - 1])}…"


def quoted(escaped: str) -> str:
    """Escaped text as a quotation: every line of it, so that none can pose as a heading."""
    return "\n".join(f"> {line}" for line in escaped.splitlines() or [""])


def pieces(text: str, size: int) -> Iterator[str]:
    """Cut text into pieces of at most `size` characters, between words where that is possible."""
    while len(text) > size:
        cut = max(text.rfind(" ", size // 2, size), text.rfind("\n", size // 2, size))
        end = cut if cut > 0 else size
        yield text[:end]
        text = text[end:].removeprefix(" ").removeprefix("\n")
    yield text


def at_time(moment: datetime) -> str:
    """A moment, shown by Slack in each reader's own time zone."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment:%H:%M} UTC>"


def at_moment(moment: datetime) -> str:
    """A day and a time, shown by Slack in each reader's own time zone."""
    shown = "{date_short_pretty} {time}"
    return f"<!date^{int(moment.timestamp())}^{shown}|{moment:%-d %b %H:%M} UTC>"


def ago(moment: datetime) -> str:
    """How long ago a moment was, counted by Slack whenever somebody looks."""
    return f"<!date^{int(moment.timestamp())}^{{ago}}|{moment:%H:%M} UTC>"
