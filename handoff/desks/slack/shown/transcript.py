"""The conversation so far as the first reply in the thread."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conversation.messages import Message
from handoff.briefing.card import speaker, written
from handoff.case import Note
from handoff.desks.slack.shown.text import at_time, escape, fit, pieces, quoted
from handoff.desks.slack.web_api.api import Block

_MOST = 9_000
_SECTION = 2_900
_PIECE = 500  # five times as long where every character must be escaped
_LAST_TURNS = 20
_NAME = 60
_TURN = 280


@dataclass(frozen=True, slots=True)
class Transcript:
    """What to post: blocks, the fallback, and the text file where the blocks do not hold all."""

    blocks: Sequence[Block]
    fallback: str
    file: str | None


def transcript(messages: Sequence[Message], customer: str) -> Transcript:
    """All messages as sections up to 9,000 characters; else the last 20 turns and a file."""
    whole = list(_paragraphs(messages, customer))
    if sum(len(paragraph) + 1 for paragraph in whole) <= _MOST:
        return Transcript(_sections(whole), f"The conversation: {len(messages)} messages", None)
    last = [
        f"{_heading(m, customer)}\n{quoted(fit(written(m), _TURN))}"
        for m in messages[-_LAST_TURNS:]
    ]
    note = f"_The last {_LAST_TURNS} of {len(messages)} messages; the file below has all._"
    return Transcript(
        _sections([note, *last]),
        f"The last {_LAST_TURNS} of {len(messages)} messages",
        "\n".join(_plain(m, customer) for m in messages),
    )


def notes_so_far(notes: Sequence[Note], elsewhere: str) -> Sequence[Block]:
    """The private notes as sections, the newest where not all of them fit.

    Args: elsewhere: where all of them stand.
    """
    shown: list[str] = []
    left = _MOST
    for note in reversed(notes):
        text = fit(note.text, _SECTION - 2 * _NAME)
        shown.append(f"*{fit(note.author, _NAME)}*  {at_time(note.at)}\n{quoted(text)}")
        left -= len(shown[-1])
        if left < 0:
            shown[-1] = f"_Older ones: {elsewhere}_"
            break
    return _sections(["*Private notes so far*, never shown to the customer", *reversed(shown)])


def _paragraphs(messages: Iterable[Message], customer: str) -> Iterator[str]:
    for message in messages:
        heading = f"{_heading(message, customer)}\n"
        for piece in pieces(written(message), _PIECE):
            yield f"{heading}{quoted(escape(piece))}"
            heading = ""


def _heading(message: Message, customer: str) -> str:
    return f"*{fit(speaker(message, customer), _NAME)}*  {at_time(message.at)}"


def _plain(message: Message, customer: str) -> str:
    indented = written(message).replace("\n", "\n    ")
    return f"{message.at:%Y-%m-%d %H:%M} UTC  {speaker(message, customer)}: {indented}"


def _sections(paragraphs: Iterable[str]) -> list[Block]:
    texts: list[str] = []
    for paragraph in paragraphs:
        if texts and len(texts[-1]) + len(paragraph) < _SECTION:
            texts[-1] += f"\n{paragraph}"
        else:
            texts.append(paragraph)
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
        for text in texts
    ]
