"""What can be wrong with training sentences: doubles, leaks, imbalance, intents too close."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

import numpy as np

from bot.lint.confusion import Confusion
from bot.lint.sentences import Sentence

ALIKE = 0.97  # cosine of two sentences that teach or test the same thing
CLOSE = 0.92  # cosine of two intents' centroids that are hardly two topics
CONFUSED = 0.08  # of the sentences of two intents, taken for the other one when held out
EVERYTHING_ELSE = "out_of_scope"  # as large as it is wide
FEWEST = 20  # sentences of an intent; below that single words decide
_FEW, _MANY = 0.25, 5.0  # of the median intent


class Level(Enum):
    """An error makes figures or answers wrong; a warning costs accuracy."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault and what to do about it."""

    level: Level
    kind: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.level.value}: {self.text}"


def repeats(written: Sequence[Sentence]) -> Iterator[Finding]:
    """The same words twice: an error in two intents, a warning in one."""
    for same in _by_words(written).values():
        first, *others = same
        for other in others:
            if other.intent != first.intent:
                yield Finding(
                    Level.ERROR,
                    "two_intents",
                    other.place,
                    f"“{other.text}” is {other.intent} here and {first.intent} in {first.place}: "
                    "keep it where its answer helps more",
                )
            else:
                yield _double(other, first)


def near_repeats(written: Sequence[Sentence], vectors: np.ndarray) -> Iterator[Finding]:
    """Sentences of one intent that mean the same in almost the same words.

    Args: vectors: unit vectors of shape (len(written), dimensions).
    """
    members: dict[str, list[int]] = defaultdict(list)
    for at, sentence in enumerate(written):
        members[sentence.intent].append(at)
    for rows in members.values():
        likeness = np.tril(vectors[rows] @ vectors[rows].T, k=-1)
        for row, nearest in enumerate(likeness.argmax(axis=1)):
            other, first = written[rows[row]], written[rows[nearest]]
            alike = likeness[row, nearest] > ALIKE and other.in_words
            if alike and other.plain != first.plain:
                yield _double(other, first)


def leaks(
    written: Sequence[Sentence],
    vectors: np.ndarray,
    held_out: Sequence[Sentence],
    held_out_vectors: np.ndarray,
) -> Iterator[Finding]:
    """Test sentences that the bot has seen in training: they measure memory."""
    learnt = _by_words(written)
    nearest = (held_out_vectors @ vectors.T).argmax(axis=1)
    likeness = (held_out_vectors * vectors[nearest]).sum(axis=1)
    for sentence, near, alike in zip(held_out, nearest, likeness, strict=True):
        same = learnt.get(sentence.plain)
        if same or (alike > ALIKE and sentence.in_words):
            source = same[0] if same else written[near]
            yield Finding(
                Level.ERROR,
                "leak",
                sentence.place,
                f"“{sentence.text}” is learnt from “{source.text}” in {source.place}: "
                "write another sentence for the test",
            )


def imbalance(written: Sequence[Sentence]) -> Iterator[Finding]:
    """Intents with far fewer or far more sentences than the middle one."""
    counts = Counter(sentence.intent for sentence in written)
    first = {sentence.intent: sentence for sentence in reversed(written)}
    middle = median(counts.values())
    for intent, count in counts.items():
        if count < max(FEWEST, _FEW * middle):
            what = f"write at least {int(max(FEWEST, _FEW * middle)) - count} more"
        elif count > _MANY * middle and intent != EVERYTHING_ELSE:
            what = "split the topic, or leave out what says the same"
        else:
            continue
        yield Finding(
            Level.WARNING,
            "imbalance",
            first[intent].place,
            f"{intent} has {count} sentences, the middle intent {middle:.0f}: {what}",
        )


def too_close(
    written: Sequence[Sentence], vectors: np.ndarray, confusion: Confusion
) -> Iterator[Finding]:
    """Pairs of intents that a held-out classifier mixes up, or whose centroids nearly meet."""
    first = {sentence.intent: sentence for sentence in reversed(written)}
    intents = sorted(first)
    of = np.array([sentence.intent for sentence in written])
    centres = np.stack([vectors[of == intent].mean(axis=0) for intent in intents])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    likeness = centres @ centres.T
    for one, other, mixed in confusion.pairs(intents):
        alike = float(likeness[intents.index(one), intents.index(other)])
        if mixed.share < CONFUSED and alike < CLOSE:
            continue
        example = (
            f", such as “{mixed.example.text}” in {mixed.example.place}" if mixed.count else ""
        )
        yield Finding(
            Level.WARNING,
            "too_close",
            first[one].place,
            f"{one} and {other} are hard to tell apart (centroids {alike:.2f} alike, "
            f"{mixed.share:.0%} of their held-out sentences mixed up{example}): "
            "write what only one of them says, or make one intent of them",
        )


def _double(other: Sentence, first: Sentence) -> Finding:
    return Finding(
        Level.WARNING,
        "double",
        other.place,
        f"“{other.text}” adds nothing to “{first.text}” in {first.place}: remove one of them",
    )


def _by_words(written: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in written:
        found[sentence.plain].append(sentence)
    return found
