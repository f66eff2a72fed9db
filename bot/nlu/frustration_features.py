"""What shows on the surface of a message: capitals, marks, stretched words, strong words."""

from __future__ import annotations

import math
import re

import numpy as np

from bot.nlu import frustration_words as words

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}|\.{3,}|…")
_MARKS_IN_A_ROW = re.compile(r"[?!]{2,}")

FEATURES = (
    "words_in_capitals",
    "share_of_capitals",
    "exclamation_marks",
    "question_marks",
    "marks_in_a_row",
    "stretched",
    "swearing",
    "complaining",
    "negations",
    "about_them",
    "about_me",
    "kindness",
    "persistence",
    "asking",
    "length",
    "very_short",
)


def surface(text: str) -> np.ndarray:
    """Measure the surface of one message.

    Returns: float32 of shape (len(FEATURES),), each about 0..1: counts are cut off at a few, so
    that a long message is not frustrated for its length alone.
    """
    spoken = _WORD.findall(text)
    letters = [character for character in text if character.isalpha()]
    shouted = sum(len(word) > 1 and word.isupper() for word in spoken)
    values = (
        _share(shouted, 5),
        sum(letter.isupper() for letter in letters) / max(len(letters), 1),
        _share(text.count("!"), 3),
        _share(text.count("?"), 3),
        float(_MARKS_IN_A_ROW.search(text) is not None),
        float(_STRETCHED.search(text) is not None),
        _count(words.SWEARING, text, 2),
        _count(words.COMPLAINING, text, 3),
        _count(words.NEGATION, text, 3),
        _count(words.ABOUT_THEM, text, 3),
        _count(words.ABOUT_ME, text, 3),
        _count(words.KINDNESS, text, 2),
        _count(words.PERSISTENCE, text, 3),
        _count(words.ASKING, text, 2),
        math.log1p(min(len(spoken), 100)) / 4,
        float(len(spoken) <= 4),
    )
    return np.asarray(values, dtype=np.float32)


def _count(pattern: re.Pattern[str], text: str, most: int) -> float:
    return _share(len(pattern.findall(text)), most)


def _share(count: int, most: int) -> float:
    return min(count, most) / most
