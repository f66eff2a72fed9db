"""What a person wrote in a case's thread, read from Slack's event; everything else is passed by."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handoff.desks.slack.agent_files import Attached, attached
from handoff.desks.slack.place import Place

_SAID_BY_PERSON = (None, "thread_broadcast", "file_share")
_UNSEEN = "\u200b"
_VARIATIONS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BEFORE_MARK = re.compile(rf"(?:[\s*_~`>{_UNSEEN}]|&gt;|<[@!][^>]*>)*")
_NOTE_MARK = re.compile(
    rf";{_UNSEEN}*;|:(?:closed_)?lock(?:_with_\w+)?:|[\U0001f50f\U0001f510\U0001f512]"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a thread. `text` is still in Slack's notation; `key` names the human's act.

    `team` is the workspace whose member the author is, "" for ours. `edited`: this is not how it
    was written first.
    """

    thread: Place
    ts: str
    user: str
    text: str
    key: str
    files: tuple[Attached, ...]
    thread_of: str
    emoji: Mapping[str, str]
    team: str = ""
    edited: bool = False

    @property
    def place(self) -> Place:
        """The message itself."""
        return Place(self.thread.channel, self.ts)

    @property
    def note(self) -> str | None:
        """The text after the mark of a private note, None where it is a reply.

        In doubt it is a note: the mark counts also behind a mention, a quote or a bold sign.
        """
        # NFKC makes one sign of the semicolons that look alike on other keyboards.
        text = unicodedata.normalize("NFKC", self.text)
        seen = "".join(_UNSEEN if _unseen(character) else character for character in text)
        start = _BEFORE_MARK.match(seen)
        mark = _NOTE_MARK.match(seen, start.end() if start else 0)
        if mark is None:
            return None
        return f"{text[: mark.start()]}{text[mark.end() :]}".strip()


def said_in_thread(event: Mapping[str, Any]) -> Said | None:
    """The message, where a person wrote it as a reply in a thread; None for everything else."""
    ts, thread_ts = event.get("ts"), event.get("thread_ts")
    by_person = (
        event.get("subtype") in _SAID_BY_PERSON
        and not event.get("bot_id")
        and not event.get("hidden")
    )
    user, channel = event.get("user"), event.get("channel")
    if not (by_person and user and channel and ts and thread_ts) or ts == thread_ts:
        return None
    return Said(
        thread=Place(str(channel), str(thread_ts)),
        ts=str(ts),
        user=str(user),
        text=str(event.get("text") or ""),
        key=str(event.get("client_msg_id") or ts),
        files=tuple(attached(event)),
        thread_of=str(event.get("parent_user_id") or ""),
        emoji=dict(_emoji(event.get("blocks"))),
        team=_team(event),
        edited=bool(event.get("edited")),
    )


def _team(event: Mapping[str, Any]) -> str:
    """Whose member the author is. In a shared channel, and within an organisation, it is not the
    workspace that the event is for."""
    profile = event.get("user_profile")
    said = (event.get("user_team"), event.get("source_team"))
    shown = (profile.get("team") if isinstance(profile, dict) else None, event.get("team"))
    return str(next(filter(None, (*said, *shown)), ""))


def _unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or bool(_VARIATIONS.match(character))


def _emoji(blocks: Any) -> Iterator[tuple[str, str]]:
    """Names and characters of the emoji in the message: its text has only their names."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from _emoji(block)
    elif isinstance(blocks, dict):
        if blocks.get("type") == "emoji" and blocks.get("unicode"):
            yield str(blocks.get("name")), _characters(str(blocks["unicode"]))
        yield from _emoji(blocks.get("elements"))


def _characters(codes: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-"))
    except (ValueError, OverflowError):
        return ""
