"""What a person wrote in a case's thread, read from Slack's event; everything else is passed by."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handoff.casework.note_mark import note_in
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.written.agent_files import Attached, attached

_SAID_BY_PERSON = (None, "thread_broadcast", "file_share")
_LOCK = re.compile(r":(?:closed_)?lock(?:_with_\w+)?:")
_NOTATION = r"<[^<>]*>|&(?:gt|lt|amp);|:[a-z0-9_+'-]+:"
_NO_WORDS = re.compile(_NOTATION)
_NO_WORDS_OF_THEIRS = re.compile(
    rf"```.*?```|^(?:&gt;|>)[^\n]*|{_NOTATION}", re.DOTALL | re.MULTILINE
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
        """The text without the mark of a private note, None where it is a reply.

        In doubt it is a note: the mark counts also behind a mention, a list's sign or what they
        quote.
        """
        text = _LOCK.sub("\U0001f512", self.text)
        note = note_in(text, _NO_WORDS)
        return note if note is not None else note_in(text, _NO_WORDS_OF_THEIRS)


@dataclass(frozen=True, slots=True)
class Aside:
    """A message at the top of a channel, in no thread. `team`: as `Said` has it."""

    channel: str
    user: str
    team: str


def said_in_thread(event: Mapping[str, Any]) -> Said | None:
    """The message, where a person wrote it as a reply in a thread; None for everything else."""
    ts, thread_ts = event.get("ts"), event.get("thread_ts")
    user, channel = event.get("user"), event.get("channel")
    if not (_by_person(event) and user and channel and ts and thread_ts) or ts == thread_ts:
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


def said_aside(event: Mapping[str, Any]) -> Aside | None:
    """The message, where a person wrote it into a channel itself; None for everything else."""
    user, channel = event.get("user"), event.get("channel")
    if not (_by_person(event) and user and channel) or event.get("thread_ts"):
        return None
    return Aside(str(channel), str(user), _team(event))


def by_program(message: Mapping[str, Any]) -> bool:
    """Whether a bot or an app posted the message, be it in a person's name: people's own name
    none."""
    return any(message.get(name) for name in ("bot_id", "bot_profile", "app_id"))


def _by_person(event: Mapping[str, Any]) -> bool:
    known = event.get("subtype") in _SAID_BY_PERSON
    return known and not by_program(event) and not event.get("hidden")


def _team(event: Mapping[str, Any]) -> str:
    """Whose member the author is. In a shared channel, and within an organisation, it is not the
    workspace that the event is for."""
    profile = event.get("user_profile")
    said = (event.get("user_team"), event.get("source_team"))
    shown = (profile.get("team") if isinstance(profile, dict) else None, event.get("team"))
    return str(next(filter(None, (*said, *shown)), ""))


def _emoji(blocks: Any) -> Iterator[tuple[str, str]]:
    """Names and characters of the emoji in the message: its text has only their names."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from _emoji(block)
    elif isinstance(blocks, dict):
        if blocks.get("type") == "emoji" and blocks.get("unicode"):
            tone = f"::skin-tone-{blocks['skin_tone']}" if blocks.get("skin_tone") else ""
            yield f"{blocks.get('name')}{tone}", _characters(str(blocks["unicode"]))
        yield from _emoji(blocks.get("elements"))


def _characters(codes: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-"))
    except (ValueError, OverflowError):
        return ""
