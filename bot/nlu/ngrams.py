"""Words and parts of words as sparse features: they know product names, and forgive typos."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

_WORDS: dict[str, Any] = {"ngram_range": (1, 2), "token_pattern": r"\w+", "max_features": 20_000}
_PARTS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "max_features": 40_000}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class _Block:
    """One kind of entries: how a text is taken apart, and how rare each known entry is."""

    split: Callable[[str], list[str]]
    columns: dict[str, int]
    rarity: np.ndarray

    def weigh(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns in rising order, and TF-IDF weights of length 1, of one text."""
        known = Counter(map(self.columns.get, self.split(text)))
        known.pop(None, None)
        columns = np.array(sorted(known), dtype=np.int32)  # type: ignore[type-var]
        often = np.array([known[column] for column in columns.tolist()], dtype=np.float64)
        weights = (1 + np.log(often)) * self.rarity[columns]
        return columns, weights / max(float(np.sqrt(weights @ weights)), 1e-12)


class Ngrams:
    """TF-IDF of words, pairs of words and pieces of two to five characters.

    scikit-learn learns the vocabulary; applied to one message at a time it would take three times
    as long as the few lines here.
    """

    def __init__(self, blocks: Sequence[_Block], weight: float) -> None:
        self._blocks = blocks
        self._weight = weight
        self._starts = np.cumsum([0, *(len(block.columns) for block in blocks)]).tolist()
        self.words = frozenset(word for word in blocks[0].columns if " " not in word)

    @classmethod
    def fit(cls, texts: Sequence[str], *, weight: float = 1.0) -> Ngrams:
        """Learn the vocabulary of the training sentences, and how rare each entry is.

        Args: weight: of all features together, beside others.
        """
        blocks = []
        for options in (_WORDS, _PARTS):
            learnt = _vectorizer(options).fit(texts)
            columns = {entry: int(column) for entry, column in learnt.vocabulary_.items()}
            blocks.append(_Block(learnt.build_analyzer(), columns, learnt.idf_))
        return cls(blocks, weight)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return float32 features of shape (len(texts), size of the vocabulary)."""
        columns: list[np.ndarray] = []
        weights: list[np.ndarray] = []
        ends = [0]
        for text in texts:
            for block, start in zip(self._blocks, self._starts, strict=False):
                found, heavy = block.weigh(text)
                columns.append(found + start)
                weights.append(heavy)
            ends.append(ends[-1] + sum(map(len, columns[-len(self._blocks) :])))
        shape = (len(texts), self._starts[-1])
        if not texts:
            return csr_matrix(shape, dtype=np.float32)
        data = (self._weight * np.concatenate(weights)).astype(np.float32)
        return csr_matrix((data, np.concatenate(columns), ends), shape=shape)

    def unknown_words(self, text: str) -> tuple[float, int]:
        """Return the share of words never seen in training (1 where there is none), and how many
        words there are."""
        said = _WORD.findall(text.lower())
        if not said:
            return 1.0, 0
        return sum(word not in self.words for word in said) / len(said), len(said)

    def save(self, file: Path) -> None:
        """Write what was learnt as JSON."""
        blocks = [
            {
                "vocabulary": sorted(block.columns, key=block.columns.__getitem__),
                "idf": np.round(block.rarity, 5).tolist(),
            }
            for block in self._blocks
        ]
        learnt = {"weight": self._weight, "blocks": blocks}
        file.write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Ngrams:
        """Read what `save` wrote."""
        learnt = json.loads(file.read_text(encoding="utf-8"))
        blocks = [
            _Block(
                _vectorizer(options).build_analyzer(),
                {entry: column for column, entry in enumerate(one["vocabulary"])},
                np.array(one["idf"]),
            )
            for options, one in zip((_WORDS, _PARTS), learnt["blocks"], strict=True)
        ]
        return cls(blocks, learnt["weight"])


def _vectorizer(options: dict[str, Any]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, **options)
