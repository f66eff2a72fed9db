"""Conversations whose customer turns people have rated, one a line as JSON.

A line is `{"dialog_id", "turns": [{"speaker": "user" | "system" | "agent", "text", ...}]}`. A user
turn may have `frustration` (0 calm to 4 furious) or `scores` (satisfaction 1..5, one a rater); a
system turn may have `O_T_X`, the shares of raters who saw no, a possible and a certain breakdown.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRUSTRATED = 3
_DISSATISFIED = 2.5
_BROKEN_DOWN = 0.5
_CUSTOMER = "user"
_SPEAKERS = frozenset({_CUSTOMER, "system", "agent"})


class UnusableData(Exception):
    """A file cannot be used; the message names the file, the line, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    """A customer turn with the replies before it. `bad`, `level` 0..4: None where not rated."""

    text: str
    replies: tuple[str, ...]
    bad: bool | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation's customer turns, oldest first."""

    id: str
    turns: tuple[Said, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    """The conversations of the file in which a customer speaks. Raises: UnusableData."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableData(f"{path} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            dialogue = _dialogue(json.loads(line))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnusableData(
                f"{path}, line {number}: not a conversation ({error!r}). Wanted is "
                '{"dialog_id", "turns": [{"speaker": "user"|"system"|"agent", "text", ...}]}.'
            ) from error
        found += [dialogue] if dialogue.turns else []
    if not any(turn.bad is not None for one in found for turn in one.turns):
        raise UnusableData(
            f"{path} has no rated turn: it needs `frustration` or `scores` on user turns."
        )
    return found


def texts_of(dialogues: Sequence[Dialogue]) -> list[str]:
    """Every text a customer wrote, once, the shortest first."""
    return sorted({turn.text for one in dialogues for turn in one.turns}, key=lambda t: (len(t), t))


def has_levels(dialogues: Sequence[Dialogue]) -> bool:
    """True where turns are rated 0..4 for frustration."""
    return any(turn.level is not None for one in dialogues for turn in one.turns)


def _dialogue(raw: Mapping[str, Any]) -> Dialogue:
    return Dialogue(str(raw["dialog_id"]), tuple(_turns(raw["turns"])))


def _turns(raw: Sequence[Mapping[str, Any]]) -> Iterator[Said]:
    replies: list[Mapping[str, Any]] = []
    for one in raw:
        if one["speaker"] not in _SPEAKERS:
            raise ValueError(f"speaker is {one['speaker']!r}")
        if one["speaker"] != _CUSTOMER:
            replies.append(one)
            continue
        level = one.get("frustration")
        if level is not None and level not in range(5):
            raise ValueError(f"frustration is {level!r}, and must be 0 to 4")
        said = tuple(str(reply["text"]).strip() for reply in replies)
        yield Said(str(one["text"]).strip(), said, _bad(one, replies), level)
        replies = []


def _bad(turn: Mapping[str, Any], replies: Sequence[Mapping[str, Any]]) -> bool | None:
    if turn.get("frustration") is not None:
        return bool(turn["frustration"] >= FRUSTRATED)
    if scores := turn.get("scores"):
        return bool(sum(scores) / len(scores) <= _DISSATISFIED)
    if replies and (shares := replies[-1].get("O_T_X")):
        _, possible, certain = shares
        return bool(certain + possible / 2 >= _BROKEN_DOWN)
    return None
