"""Probabilities that keep their word: fitted on sentences which the models were not taught."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.nlu.softmax_regression import log_softmax

_LIMITS = (0.05, 3.0)
_HELD_OUT = 8  # every eighth sentence of an intent
_LEAST = 40  # fewer say too little


@dataclass(frozen=True)
class Mixture:
    """How much the log probabilities of the linear and of the tuned model weigh."""

    linear: float = 0.5
    tuned: float = 0.5

    def join(self, linear: np.ndarray, tuned: np.ndarray) -> np.ndarray:
        """Log probabilities (n, k) from those of both models."""
        return log_softmax(self.linear * linear + self.tuned * tuned)

    def as_list(self) -> list[float]:
        """For JSON; `Mixture(*...)` reads it."""
        return [self.linear, self.tuned]

    @classmethod
    def fit(cls, linear: np.ndarray, tuned: np.ndarray, classes: np.ndarray) -> Mixture:
        """The weights which make the true classes (n,) most likely."""
        rows = np.arange(len(classes))
        linear, tuned = linear.astype(np.float64), tuned.astype(np.float64)

        def surprise(weights: np.ndarray) -> float:
            return -float(cls(*weights).join(linear, tuned)[rows, classes].mean())

        found = minimize(surprise, [0.5, 0.5], method="L-BFGS-B", bounds=[_LIMITS, _LIMITS])
        return cls(*(float(weight) for weight in found.x))


def hold_out(classes: np.ndarray, seed: int) -> np.ndarray:
    """Choose every eighth example of each class, at random; none where that is too few to tell.

    Args: classes: class numbers (n,). Returns: a mask (n,) of those held out.
    """
    chance = np.random.default_rng(seed)
    held = np.zeros(len(classes), dtype=bool)
    for one in np.unique(classes):
        members = chance.permutation(np.flatnonzero(classes == one))
        held[members[: len(members) // _HELD_OUT]] = True
    return held if held.sum() >= _LEAST else np.zeros(len(classes), dtype=bool)
