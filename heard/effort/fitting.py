"""Fit the weights to what people found, never far from what was believed before. Pure.

A logistic regression whose penalty pulls each weight to its present value: a signal that the data
do not show keeps its weight. None may change its sign, for a reason told to an agent would then be
untrue.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conversation.effort import Weights, felt
from conversation.turns import Signal, Turn
from heard.effort import figures
from heard.effort.read_texts import Rated

_FOLDS = 5
_LOOSENESS = (0.1, 0.3, 1.0)  # how far a weight may move, as the deviation of its prior
_SWEEPS = 40
_SETTLED = 0.002
_LONGEST_STEP = 1.0
_FEWEST = 30  # bad turns, and good ones


class TooLittleData(Exception):
    """Nothing can be fitted; the message says how much there is and how much is needed."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was felt when somebody judged, and the judgement. `conversation` keeps folds apart."""

    felt: Mapping[Signal, float]
    bad: bool
    conversation: str


@dataclass(frozen=True, slots=True)
class Fit:
    """New weights, and the scores 0..1 that weights fitted without a conversation give it."""

    weights: Weights
    looseness: float
    unseen: tuple[float, ...]


def examples(seen: Sequence[Rated], weights: Weights) -> list[Example]:
    """One example for each rated turn."""
    return [
        example(one.turns[: at + 1], weights, is_bad, one.id)
        for one in seen
        for at, is_bad in enumerate(one.bad)
        if is_bad is not None
    ]


def example(turns: Sequence[Turn], weights: Weights, bad: bool, conversation: str) -> Example:
    """The example of somebody who judged after these turns."""
    return Example(felt(turns, weights), bad, conversation)


def fit(given: Sequence[Example], start: Weights) -> Fit:
    """Fit on the examples, how loosely chosen by cross-validation. Raises: TooLittleData."""
    bad = sum(one.bad for one in given)
    if min(bad, len(given) - bad) < _FEWEST:
        raise TooLittleData(
            f"There are {bad} bad and {len(given) - bad} good examples; at least {_FEWEST} of each "
            "are needed."
        )
    tried = {loose: _unseen(given, start, loose) for loose in _LOOSENESS}
    best = min(tried, key=lambda loose: _surprise(given, tried[loose]))
    return Fit(fitted(given, start, best), best, tuple(tried[best]))


def chances(given: Sequence[Example], weights: Weights) -> list[float]:
    """The score 0..1 of each example."""
    return [_chance(_logit(one, weights)) for one in given]


def compared(
    given: Sequence[Example], start: Weights, new: Fit
) -> dict[str, dict[str, float | None]]:
    """The figures of the old weights and of the new ones on what they were not fitted on."""
    bad = [one.bad for one in given]
    both = {"old": chances(given, start), "new": list(new.unseen)}
    return {
        name: {
            "auroc": figures.auroc(scores, bad),
            "ece": figures.calibration_error(scores, bad),
            "offered": sum(score * 100 >= start.offer_at for score in scores) / len(scores),
        }
        for name, scores in both.items()
    }


def fitted(given: Sequence[Example], start: Weights, looseness: float) -> Weights:
    """The weights that fit these examples best, each pulled to its start."""
    columns = _columns(given)
    weights = {signal: start.of(signal) for signal in columns}
    bias = start.bias
    logits = [_logit(one, start) for one in given]
    labels = [float(one.bad) for one in given]
    for _ in range(_SWEEPS):
        everywhere = [(row, 1.0) for row in range(len(given))]
        step = _step(everywhere, logits, labels, 0.0, math.inf)
        bias += step
        _move(everywhere, logits, step)
        moved = abs(step)
        for signal, column in columns.items():
            away = weights[signal] - start.of(signal)
            step = _step(column, logits, labels, away, looseness)
            aim = _same_sign(weights[signal] + step, start.of(signal))
            step, weights[signal] = aim - weights[signal], aim
            _move(column, logits, step)
            moved = max(moved, abs(step))
        if moved < _SETTLED:
            break
    return _with(start, bias, weights)


def _unseen(given: Sequence[Example], start: Weights, looseness: float) -> list[float]:
    order = {name: at for at, name in enumerate(dict.fromkeys(one.conversation for one in given))}
    folds = [order[one.conversation] % _FOLDS for one in given]
    scores = [0.0] * len(given)
    for fold in range(_FOLDS):
        learnt = [one for one, its in zip(given, folds, strict=True) if its != fold]
        weights = fitted(learnt, start, looseness)
        for row, one in enumerate(given):
            if folds[row] == fold:
                scores[row] = _chance(_logit(one, weights))
    return scores


def _columns(given: Sequence[Example]) -> dict[Signal, list[tuple[int, float]]]:
    columns: dict[Signal, list[tuple[int, float]]] = {}
    for row, one in enumerate(given):
        for signal, strength in one.felt.items():
            columns.setdefault(signal, []).append((row, strength))
    return columns


def _step(
    column: Sequence[tuple[int, float]],
    logits: Sequence[float],
    labels: Sequence[float],
    away: float,
    looseness: float,
) -> float:
    """Newton's step for one weight, with a penalty for being `away` from its start."""
    slope, bend = away / looseness**2, 1 / looseness**2 + 1e-9
    for row, strength in column:
        chance = _chance(logits[row])
        slope += strength * (chance - labels[row])
        bend += strength * strength * chance * (1 - chance)
    return max(-_LONGEST_STEP, min(_LONGEST_STEP, -slope / bend))


def _move(column: Sequence[tuple[int, float]], logits: list[float], step: float) -> None:
    for row, strength in column:
        logits[row] += step * strength


def _same_sign(weight: float, as_in: float) -> float:
    return max(0.0, weight) if as_in >= 0 else min(0.0, weight)


def _logit(one: Example, weights: Weights) -> float:
    return weights.bias + sum(weights.of(signal) * much for signal, much in one.felt.items())


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _surprise(given: Sequence[Example], scores: Sequence[float]) -> float:
    """The mean log loss."""
    pairs = zip(given, scores, strict=True)
    return -sum(math.log(score if one.bad else 1 - score) for one, score in pairs) / len(given)


def _with(start: Weights, bias: float, found: Mapping[Signal, float]) -> Weights:
    def updated(group: Mapping[Signal, float]) -> dict[Signal, float]:
        return {signal: round(found.get(signal, worth), 3) for signal, worth in group.items()}

    return replace(
        start,
        bias=round(bias, 3),
        decaying=updated(start.decaying),
        sticky=updated(start.sticky),
    )
