"""A digest as one Slack message. All text together stays below 9,000 characters."""

from handoff.desks.slack.shown.text import fit, quoted
from handoff.desks.slack.web_api.api import Post
from handoff.digests.digests import Digest, Line, Section

_MOST_SECTIONS = 12
_SECTION = 650
_TITLE = 140
_LINE = 240


def digest_post(digest: Digest, key: str) -> Post:
    """The digest, ready to post."""
    title = {"type": "plain_text", "text": digest.title[:_TITLE], "emoji": False}
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": _section(section)}}
        for section in digest.sections[:_MOST_SECTIONS]
    ]
    blocks = [{"type": "header", "text": title}, *sections]
    return Post(fit(digest.title, _TITLE), key, "digest", blocks=blocks)


def _section(section: Section) -> str:
    """As many whole lines as there is room for."""
    text = f"*{fit(section.heading, _TITLE)}*"
    for number, line in enumerate(section.lines):
        shown = _line(line)
        if len(text) + len(shown) + 20 > _SECTION:
            return f"{text}\nand {len(section.lines) - number} lines more"
        text = f"{text}\n{shown}"
    return text


def _line(line: Line) -> str:
    words = fit(line.text, _LINE)
    link = f" <{line.url}|Open>" if line.url else ""
    return f"{quoted(words)}{link}" if line.quote else f"{words}{link}"
