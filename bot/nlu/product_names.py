"""The shop's products in a customer's words: plurals, words run together, slips of the finger."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA
from rasa.shared.exceptions import InvalidConfigException

from bot.nlu.entity_spans import Span

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MOST_WORDS = 4
_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 5, 10
_OTHER_LETTER_FROM = 7  # in short words another letter makes another word: stole, no stove
_OFTEN = 4  # a word in so many training sentences is meant, and no slip
# The last word of a name that says too little without the others.
_TOO_GENERAL = frozenset({"bag", "bottle", "box", "card", "kit", "pair", "set", "sheet", "size"})


def read_names(path: Path) -> list[str]:
    """Read the names of the products from a shop's file.

    Raises: InvalidConfigException when it cannot be read or has no products with names.
    """
    try:
        shop: Any = json.loads(path.read_text(encoding="utf-8"))
        return sorted({str(product["name"]) for product in shop["products"]})
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InvalidConfigException(
            f"The products of {path} cannot be read ({error!r}): it must be JSON with a list "
            '"products" of objects with a "name".'
        ) from error


class ProductNames:
    """Finds products in a text. Args: common: words which are no misspelt product names."""

    def __init__(self, names: Iterable[str], common: Iterable[str] = ()) -> None:
        self._common = frozenset(common)
        self._names, words = _keys(names)
        self._by_letter: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for key, parts in words.items():
            self._by_letter.setdefault(key[0], []).append((key, parts))

    @property
    def common(self) -> frozenset[str]:
        """The words which look like a slip in a product's name and are none."""
        return self._common

    @classmethod
    def learnt(cls, names: list[str], sentences: Iterable[str]) -> ProductNames:
        """Learn from training sentences which words are words of their own ("store", not stove)."""
        often = Counter(
            word for sentence in sentences for word in {w.lower() for w in _WORD.findall(sentence)}
        )
        plain = cls(names)
        words = [word for word, times in often.items() if times >= _OFTEN]
        return cls(names, (word for word in words if plain.misspelt([word])))

    def find(self, text: str) -> Iterator[Span]:
        """Yield the products named, longest names first; `value` is the name in the shop.

        A word that several products share ("tent") is given as it stands in their names.
        """
        words = list(_WORD.finditer(text))
        taken: set[int] = set()
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            for first in range(len(words) - length + 1):
                places = set(range(first, first + length))
                if places & taken:
                    continue
                name = self._name([word[0] for word in words[first : first + length]])
                if name is not None:
                    taken |= places
                    yield Span(
                        "product", words[first].start(), words[first + length - 1].end(), name
                    )

    def misspelt(self, words: list[str]) -> str | None:
        """Return the product whose name these words misspell, if any.

        A single word may also be a name run together; more are compared word by word.
        """
        key = _key(words)
        if not key or key in self._names or {*words, key} & self._common:
            return None
        for candidate, parts in self._by_letter.get(key[0], ()):
            pairs = [(key, candidate)] if len(words) == 1 else _pairs(words, parts)
            if pairs and all(_is_near(written, meant) for written, meant in pairs):
                return self._names[candidate]
        return None

    def _name(self, words: list[str]) -> str | None:
        lowered = [word.lower() for word in words]
        return self._names.get(_key(lowered)) or self.misspelt(lowered)


def _pairs(words: list[str], parts: tuple[str, ...]) -> list[tuple[str, str]]:
    if len(words) != len(parts):
        return []
    return [(_key([written]), _key([meant])) for written, meant in zip(words, parts, strict=True)]


def _is_near(written: str, meant: str) -> bool:
    slips = (len(meant) >= _ONE_SLIP_FROM) + (len(meant) >= _TWO_SLIPS_FROM)
    if written[:1] != meant[:1]:
        return False
    if len(written) == len(meant) < _OTHER_LETTER_FROM and sorted(written) != sorted(meant):
        return False
    return OSA.distance(written, meant, score_cutoff=slips) <= slips


def _keys(names: Iterable[str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Map each product's name, and its last word, to what is meant by it and to its words."""
    meant: dict[str, str] = {}
    parts: dict[str, tuple[str, ...]] = {}
    last: dict[str, set[str]] = {}
    for name in names:
        words = [word.lower() for word in _WORD.findall(name.partition(",")[0])]
        if words:
            meant[_key(words)], parts[_key(words)] = name, tuple(words)
            last.setdefault(_key(words[-1:]), set()).add(name)
    for word, owners in last.items():
        if word not in _TOO_GENERAL and word not in meant:
            meant[word], parts[word] = min(owners) if len(owners) == 1 else word, (word,)
    return meant, parts


def _key(words: list[str]) -> str:
    joined = re.sub(r"['’-]", "", "".join(words))
    if re.search(r"(?:x|ss|ch|sh)es$", joined):
        return joined[:-2]
    return joined[:-1] if joined.endswith("s") and not joined.endswith("ss") else joined
