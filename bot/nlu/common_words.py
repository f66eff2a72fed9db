"""Common words of other languages: what tells a line of three words from a slip of the finger."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("common_words.json")
_SHARED_COUNTS = 0.5  # a word of both languages says little
_ENOUGH = 1.5
_ENOUGH_AMONG_OTHERS = 2
_SURE_OF_ENOUGH = 0.85
_EACH_WORD_MORE = 0.1
_TELLING_LETTERS = 3
_OF_NAMES = {"das", "dei", "del", "della", "den", "der", "des", "las", "los", "san", "van", "von"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True)
class Likeness:
    """How many words of a message are of a language.

    `own` are telling ones of this language alone, `shared` its others; `served` are words of the
    bot's language that this one lacks, of `words` in all.
    """

    code: str
    own: int
    shared: int
    served: int
    words: int

    @property
    def weight(self) -> float:
        """What the words say together."""
        return self.own + _SHARED_COUNTS * self.shared

    @property
    def certainty(self) -> float:
        """How certain the language is by these words alone, 0..1; 0 where they are too few."""
        among_others = self.served and self.own < _ENOUGH_AMONG_OTHERS
        if not self.is_half or self.weight < _ENOUGH or among_others:
            return 0.0
        return min(1.0, _SURE_OF_ENOUGH + _EACH_WORD_MORE * (self.weight - _ENOUGH))

    @property
    def is_half(self) -> bool:
        """True where half of the words are of the language."""
        return 2 * (self.own + self.shared) >= self.words


class CommonWords:
    """The words of each language, small ones and those of shops, with and without accents.

    A star ends the stem of a word that is inflected. Hindi is that of chats, in Latin letters.
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        """Args: table: of each language's code its words, any number of them in a line."""
        self._listed: dict[str, set[str]] = defaultdict(set)
        for code, lines in table.items():
            for word in _folded(" ".join(lines)).split():
                self._listed[word].add(code)
        self._longest = max(map(len, self._listed), default=0)
        self._codes = frozenset(table)

    def likest(
        self,
        words: Sequence[str],
        is_known: Callable[[str], bool],
        likely: Sequence[str] = (),
        *,
        besides: str = "",
    ) -> Likeness | None:
        """The language that most words are of; None where no telling word is of any.

        Args: is_known: tells the words of the bot's language, whose code is `besides`.
        likely: codes that decide between equals, the likeliest first.
        """
        known = {word: is_known(word) for word in words}
        languages = {word: self._languages(word) for word in known}
        telling = [word for word in known if _is_telling(word) and not known[word]]
        codes = {code for word in telling for code in languages[word]} - {besides}
        found = [_likeness(code, languages, telling, known) for code in codes]
        order = list(dict.fromkeys((*likely, *sorted(codes))))
        return max(found, key=lambda one: (one.weight, -order.index(one.code)), default=None)

    def lists(self, code: str) -> bool:
        """True where words of the language are known at all."""
        return code in self._codes

    def _languages(self, word: str) -> set[str]:
        found: set[str] = set()
        for part in _parts(_folded(word)):
            found |= self._listed.get(part, set())
            for end in range(1, min(len(part), self._longest) + 1):
                found |= self._listed.get(f"{part[:end]}*", set())
        return found


@cache
def common_words() -> CommonWords:
    """The words that come with the program."""
    return CommonWords(json.loads(_FILE.read_text(encoding="utf-8")))


def _likeness(
    code: str, languages: dict[str, set[str]], telling: Sequence[str], known: dict[str, bool]
) -> Likeness:
    listed = [word for word in known if code in languages[word]]
    own = sum(code in languages[word] for word in telling)
    served = sum(known.values()) - sum(known[word] for word in listed)
    return Likeness(code, own, len(listed) - own, served, len(known))


def _parts(word: str) -> Iterator[str]:
    """`n'est` is as good as `est`; the letter after an apostrophe is no word."""
    yield word
    yield from (part for part in word.split("'") if 1 < len(part) < len(word))


def _is_telling(word: str) -> bool:
    return len(word) >= _TELLING_LETTERS and word not in _OF_NAMES


def _folded(text: str) -> str:
    """The text in small letters without accents, as it is often typed."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
