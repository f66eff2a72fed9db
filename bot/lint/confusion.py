"""Which intents a classifier mixes up that has not seen the sentences it is asked about."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.lint.sentences import Sentence

_FOLDS = 5
_PENALTY = 0.05
_SEED = 7


@dataclass(frozen=True)
class Mixed:
    """Two intents: how many held-out sentences of both were taken for the other one."""

    count: int
    share: float
    example: Sentence


class Confusion:
    """The mistakes of a cross-validated linear classifier on the sentence vectors."""

    def __init__(self, written: Sequence[Sentence], vectors: np.ndarray) -> None:
        """Args: vectors: unit vectors of shape (len(written), dimensions)."""
        self._written = written
        self._sizes = Counter(sentence.intent for sentence in written)
        self._mistakes: dict[frozenset[str], list[Sentence]] = {}
        for sentence, taken_for in zip(written, _held_out(written, vectors), strict=True):
            if taken_for != sentence.intent:
                pair = frozenset((sentence.intent, taken_for))
                self._mistakes.setdefault(pair, []).append(sentence)

    def pairs(self, intents: Sequence[str]) -> Iterator[tuple[str, str, Mixed]]:
        """All pairs of intents, those with the largest share of mistakes first."""
        pairs = [
            (one, other, self._of(one, other)) for one, other in itertools.combinations(intents, 2)
        ]
        yield from sorted(pairs, key=lambda pair: -pair[2].share)

    def _of(self, one: str, other: str) -> Mixed:
        mistakes = self._mistakes.get(frozenset((one, other)), [])
        share = len(mistakes) / (self._sizes[one] + self._sizes[other])
        return Mixed(len(mistakes), share, mistakes[0] if mistakes else self._written[0])


def _held_out(written: Sequence[Sentence], vectors: np.ndarray) -> list[str]:
    """The intent each sentence is taken for by least squares fitted on the other folds."""
    intents = sorted({sentence.intent for sentence in written})
    truth = np.array([intents.index(sentence.intent) for sentence in written])
    weight = 1 / np.bincount(truth)[truth]  # a small intent counts as much as a large one
    features = np.hstack([vectors, np.ones((len(vectors), 1))])
    target = np.where(np.arange(len(intents)) == truth[:, None], 1.0, -1.0)
    fold = np.random.default_rng(_SEED).integers(0, _FOLDS, len(written))
    taken_for = np.zeros(len(written), dtype=int)
    for held in range(_FOLDS):
        seen = fold != held
        if not seen.any():
            continue
        weighted = features[seen] * weight[seen, None]
        square = weighted.T @ features[seen] + _PENALTY * np.eye(features.shape[1])
        solution = np.linalg.solve(square, weighted.T @ target[seen])
        taken_for[~seen] = (features[~seen] @ solution).argmax(axis=1)
    return [intents[number] for number in taken_for]
