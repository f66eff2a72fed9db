"""Tell messages that are none of the bot's business: what speaks for it, and how much it weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.ngrams import Ngrams

# Of messages out of scope that a bot has to expect: few files for tuning hold enough of them.
LEAST_SHARE = 0.12
_NEIGHBOURS = 5
_FOLDS = 5
_LOST = 0.05
_STRENGTH = 0.05  # of the fit: many signs, and often only some hundred messages to weigh them
_MANY_WORDS = 10


@dataclass(frozen=True)
class Known:
    """What the messages are compared with: the training examples within scope.

    `vectors` are their general sentence vectors (n, d), `classes` their class numbers, `means` the
    unit means of each class (k, d), `ngrams` their sparse features, transposed (v, n).
    """

    vectors: np.ndarray
    classes: np.ndarray
    means: np.ndarray
    ngrams: csr_matrix

    @classmethod
    def of(cls, vectors: np.ndarray, classes: np.ndarray, ngrams: csr_matrix) -> Known:
        """Build it from the training examples. Args: ngrams: their sparse features (n, v)."""
        return cls(vectors, classes, class_means(vectors, classes), ngrams.T.tocsr())


def class_means(vectors: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Unit means (k, d) of the vectors of each class; each class has at least one."""
    means = np.stack([vectors[classes == one].mean(axis=0) for one in range(classes.max() + 1)])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def evidence(
    texts: Sequence[str],
    vectors: np.ndarray,
    sparse: csr_matrix,
    logs: np.ndarray,
    extra: np.ndarray,
    known: Known,
    ngrams: Ngrams,
) -> np.ndarray:
    """What speaks for and against each message, of shape (n, number of signs).

    Args:
        vectors: general sentence vectors (n, d). sparse: n-gram features (n, v).
        logs: the classifier's log probabilities within scope (n, k).
        extra: further signs (n, m), such as cosines in the tuned model.
    """
    rows = np.arange(len(texts))
    best = logs.argmax(axis=1)
    ordered = -np.sort(-logs, axis=1)
    second = ordered[:, 1] if logs.shape[1] > 1 else np.full(len(texts), -10.0)
    similar = vectors @ known.vectors.T
    few = min(_NEIGHBOURS, similar.shape[1])
    nearest = np.partition(similar, similar.shape[1] - few, axis=1)[:, -few:]
    own = [row[known.classes == one].max() for row, one in zip(similar, best, strict=True)]
    means = vectors @ known.means.T
    alike = (sparse @ known.ngrams).max(axis=1).toarray().ravel()
    unknown = np.array([ngrams.unknown_words(text) for text in texts], dtype=np.float64)
    letters = [sum(map(str.isalpha, text)) / max(len(text), 1) for text in texts]
    signs = [
        ordered[:, 0],
        ordered[:, 0] - second,
        -(np.exp(logs) * logs).sum(axis=1),
        nearest.max(axis=1),
        nearest.mean(axis=1),
        own,
        means.max(axis=1),
        means[rows, best],
        alike,
        unknown[:, 0],
        np.log1p(np.minimum(unknown[:, 1], _MANY_WORDS)),
        unknown[:, 1] == 0,
        letters,
    ]
    return np.column_stack([*signs, extra]).astype(np.float64)


@dataclass(frozen=True)
class Detector:
    """A logistic combination of the signs, and the probability from which a message is rejected."""

    centre: list[float]
    weights: list[float]
    bias: float
    threshold: float

    @classmethod
    def fit(cls, signs: np.ndarray, outside: np.ndarray, right: np.ndarray) -> Detector:
        """Fit on messages that the classifier was not trained on.

        The threshold makes most decisions right, where at least `LEAST_SHARE` are out of scope.

        Args: outside: which messages are out of scope. right: whose intent was read rightly.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_predict

        centre, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-6)
        scaled = (signs - centre) / spread
        folds = StratifiedKFold(min(_FOLDS, int(outside.sum())), shuffle=True, random_state=0)
        model = LogisticRegression(C=_STRENGTH, max_iter=1000)
        unseen = cross_val_predict(model, scaled, outside, cv=folds, method="predict_proba")[:, 1]
        model.fit(scaled, outside)
        weights = model.coef_[0] / spread
        threshold = best_threshold(unseen, outside, right)
        return cls(centre.tolist(), weights.tolist(), float(model.intercept_[0]), threshold)

    @classmethod
    def without_examples(cls, signs: np.ndarray) -> Detector:
        """Reject by the best intent's probability alone, where no message out of scope is known.

        Args: signs: of messages within scope, of which one in twenty will be rejected.
        """
        weights = [-1.0, *[0.0] * (signs.shape[1] - 1)]
        scores = cls([0.0] * signs.shape[1], weights, 0.0, 1.0).probabilities(signs)
        threshold = float(np.quantile(scores, 1 - _LOST))
        return cls([0.0] * signs.shape[1], weights, 0.0, threshold)

    def probabilities(self, signs: np.ndarray) -> np.ndarray:
        """Return the probabilities (n,) that the messages are out of scope."""
        logits = (signs - np.array(self.centre)) @ np.array(self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `Detector(**...)` reads it."""
        return asdict(self)


def best_threshold(scores: np.ndarray, outside: np.ndarray, right: np.ndarray) -> float:
    """The score from which to reject: most right decisions, in the middle of its plateau."""
    share = max(float(outside.mean()), LEAST_SHARE)
    ordered = np.unique(scores)
    candidates = np.concatenate([[0.0], (ordered[1:] + ordered[:-1]) / 2, [1.0]])
    gains = np.array(
        [
            share * (scores[outside] > one).mean()
            + (1 - share) * (right[~outside] & (scores[~outside] <= one)).mean()
            for one in candidates
        ]
    )
    good = candidates[gains >= gains.max() - 0.002]
    return float(np.median(good))
