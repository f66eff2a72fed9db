"""Words and parts of words as sparse features: they know product names, and forgive typos."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

_WORDS: dict[str, Any] = {"ngram_range": (1, 2), "token_pattern": r"\w+", "max_features": 20_000}
_PARTS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "max_features": 40_000}
_WORD = re.compile(r"[^\W\d_]+")


class Ngrams:
    """TF-IDF of words, pairs of words and pieces of two to five characters."""

    def __init__(self, vectorizers: Sequence[Any]) -> None:
        self._vectorizers = vectorizers
        self.words = frozenset(word for word in vectorizers[0].vocabulary_ if " " not in word)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Ngrams:
        """Learn the vocabulary of the training sentences, and how rare each entry is."""
        vectorizers = [_vectorizer(options) for options in (_WORDS, _PARTS)]
        for vectorizer in vectorizers:
            vectorizer.fit(texts)
        return cls(vectorizers)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return float32 features of shape (len(texts), size of the vocabulary)."""
        parts = [vectorizer.transform(texts) for vectorizer in self._vectorizers]
        return hstack(parts, format="csr", dtype=np.float32)

    def unknown_words(self, text: str) -> tuple[float, int]:
        """Return the share of words never seen in training (1 where there is none), and how many
        words there are."""
        said = _WORD.findall(text.lower())
        if not said:
            return 1.0, 0
        return sum(word not in self.words for word in said) / len(said), len(said)

    def save(self, file: Path) -> None:
        """Write what was learnt as JSON."""
        learnt = [
            {"vocabulary": _in_order(one.vocabulary_), "idf": np.round(one.idf_, 5).tolist()}
            for one in self._vectorizers
        ]
        file.write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Ngrams:
        """Read what `save` wrote."""
        vectorizers = []
        learnt = json.loads(file.read_text(encoding="utf-8"))
        for options, one in zip((_WORDS, _PARTS), learnt, strict=True):
            vocabulary = {entry: column for column, entry in enumerate(one["vocabulary"])}
            vectorizer = _vectorizer({**options, "vocabulary": vocabulary})
            vectorizer.idf_ = np.array(one["idf"])
            vectorizers.append(vectorizer)
            vectorizer.vocabulary_ = vocabulary
        return cls(vectorizers)


def _vectorizer(options: dict[str, Any]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, **options)


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)
