"""The written sentences of a folder, each with its intent, file and line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^\s*-\s+(intent|regex|lookup|synonym):\s*(\S+)")
_EXAMPLE = re.compile(r"^\s*-\s+(\S.*?)\s*$")
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_WORD = re.compile(r"\w+")


class NoSentences(Exception):
    """There is nothing to look at; the message says where it looked."""


@dataclass(frozen=True)
class Sentence:
    """One line that a customer might write. `text` is without Rasa's marks of entities."""

    intent: str
    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Where it stands, as editors and terminals link it."""
        return f"{self.file}:{self.line}"

    @property
    def plain(self) -> str:
        """The words alone, lower case: two sentences with the same ones are the same sentence."""
        text = unicodedata.normalize("NFKC", self.text).lower()
        words = _WORD.findall(re.sub("['’]", "", text))
        return " ".join(words) or "".join(text.split())  # signs alone stand for themselves

    @property
    def in_words(self) -> bool:
        """Whether it has a word at all: sentence models see one sign as the other."""
        return bool(_WORD.search(self.text))


def read(folder: Path) -> list[Sentence]:
    """All sentences with intents in the YAML files below a folder, file by file.

    Raises: NoSentences where there is none.
    """
    files = sorted(folder.rglob("*.yml")) if folder.is_dir() else []
    found = [sentence for file in files for sentence in _of(file)]
    if not found:
        raise NoSentences(f"There are no sentences with intents in {folder}.")
    return found


def _of(file: Path) -> Iterator[Sentence]:
    here = Path.cwd()
    shown = str(file.relative_to(here) if file.is_relative_to(here) else file)
    intent: str | None = None
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if block := _BLOCK.match(line):
            intent = block[2] if block[1] == "intent" else None
        elif intent and (example := _EXAMPLE.match(line)):
            yield Sentence(intent, _ENTITY.sub(r"\1", example[1]), shown, number)
