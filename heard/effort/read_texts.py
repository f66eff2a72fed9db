"""Labelled conversations as turns of the product: read by its NLU, signals found by its rules."""

import base64
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from conversation.effort import Weights
from conversation.signals import detect
from conversation.turns import UNREAD, Turn
from heard.bot_environment import run_in_bot
from heard.effort.labelled import Dialogue, Said, texts_of

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # nothing in the score depends on it


class NotRead(Exception):
    """The bot's environment has read nothing; its own words say why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the NLU makes of a text: the int8 vector, and the frustration 0..1."""

    embedding: bytes
    frustration: float


@dataclass(frozen=True, slots=True)
class Rated:
    """A conversation as turns with their signals, and beside them what people found."""

    id: str
    turns: tuple[Turn, ...]
    bad: tuple[bool | None, ...]
    levels: tuple[int | None, ...]


def rated(dialogues: Sequence[Dialogue], weights: Weights) -> list[Rated]:
    """The conversations as the product sees them. Raises: NotRead, NoBotEnvironment."""
    heard = read_texts(texts_of(dialogues))
    return [_rated(dialogue, heard, weights) for dialogue in dialogues]


def read_texts(texts: Sequence[str]) -> Mapping[str, Heard]:
    """Each text as the components of the bot read it. Raises: NotRead, NoBotEnvironment."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "texts.json"), Path(folder, "read.json")
        given.write_text(json.dumps(texts), encoding="utf-8")
        if run_in_bot("bot.reading", "--texts", given, "--out", found) != 0:
            raise NotRead("The messages were not read; the lines above say why.")
        read = json.loads(found.read_text(encoding="utf-8"))
    return {
        text: Heard(base64.b64decode(one["embedding"]), one["frustration"])
        for text, one in zip(texts, read, strict=True)
    }


def _rated(dialogue: Dialogue, heard: Mapping[str, Heard], weights: Weights) -> Rated:
    turns: list[Turn] = []
    for said in dialogue.turns:
        turn = _turn(said, heard[said.text], f"{dialogue.id}-{len(turns)}")
        found = detect(turn, turns, usual_turns=weights.usual_turns)
        turns.append(replace(turn, signals=found))
    return Rated(
        id=dialogue.id,
        turns=tuple(turns),
        bad=tuple(said.bad for said in dialogue.turns),
        levels=tuple(said.level for said in dialogue.turns),
    )


def _turn(said: Said, heard: Heard, message_id: str) -> Turn:
    return Turn(
        message_id=message_id,
        at=_NO_TIME,
        text=said.text,
        intent=UNREAD,
        embedding=heard.embedding,
        frustration=heard.frustration,
        replies=said.replies,
    )
