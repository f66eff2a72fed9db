"""Fit the frustration weights: `python -m bot.fit_frustration --data TRAIN.tsv --name v2`.

The data is GoEmotions (text, label ids, id; tab separated; Apache-2.0), which is not part of this
repository, together with the messages in data/frustration. Run from the repository's root; takes
some minutes, nearly all of them for reading the comments with the sentence model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.frustration import WEIGHTS
from bot.nlu.frustration_features import FEATURES, surface
from bot.nlu.sentence_encoder import model_version, shared_encoder

OWN = Path("data/frustration/messages.yml")
_LABELS = """
    admiration amusement anger annoyance approval caring confusion curiosity desire disappointment
    disapproval disgust embarrassment excitement fear gratitude grief joy love nervousness
    optimism pride realization relief remorse sadness surprise neutral
"""
EMOTIONS = _LABELS.split()
# How frustrated who feels so is, as a probability.
_BY_EMOTION = {
    "anger": 1.0,
    "annoyance": 1.0,
    "disappointment": 0.9,
    "disapproval": 0.7,
    "disgust": 0.6,
    "confusion": 0.15,
    "embarrassment": 0.1,
    "fear": 0.2,
    "nervousness": 0.2,
    "grief": 0.2,
    "surprise": 0.1,
    "realization": 0.1,
}
_BY_LEVEL = (0.03, 0.2, 0.5, 0.85, 1.0)
_FRUSTRATED = 3  # the level from which a customer counts as frustrated
_OWN_WEIGHT = 15  # one of our messages counts as much as this many comments
_REGULARISATION = 0.1
_SCALE = 5.0  # numbers of a unit vector are small: without this the penalty would hold them down
_FOLDS = 5


@dataclass(frozen=True)
class Sample:
    """Messages: features (n, 384 + surface), probability of frustration (n), weight (n)."""

    features: np.ndarray
    target: np.ndarray
    weight: np.ndarray

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            np.vstack([self.features, other.features]),
            np.concatenate([self.target, other.target]),
            np.concatenate([self.weight, other.weight]),
        )

    def part(self, rows: np.ndarray) -> Sample:
        """Return some of the messages."""
        return Sample(self.features[rows], self.target[rows], self.weight[rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the weights and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.fit_frustration", description=__doc__)
    parser.add_argument("--data", nargs="+", type=Path, required=True, help="GoEmotions files")
    parser.add_argument("--name", required=True, help="name of the version to write, such as v2")
    options = parser.parse_args(arguments)
    try:
        comments = [row for path in options.data for row in read_comments(path)]
        levels = read_messages(OWN)
    except (OSError, ValueError) as error:
        print(f"Nothing was fitted: {error}", file=sys.stderr)
        return 1
    print(f"reading {len(comments)} comments and {len(levels)} messages", flush=True)
    weights = fit(
        _sample([text for text, _ in comments], [target for _, target in comments], 1.0),
        _sample(
            [text for text, _ in levels], [_BY_LEVEL[level] for _, level in levels], _OWN_WEIGHT
        ),
        np.array([level >= _FRUSTRATED for _, level in levels]),
    )
    out = WEIGHTS / f"{options.name}.json"
    out.write_text(json.dumps({"version": options.name, **weights}, indent=1) + "\n")
    print(f"wrote {out}")
    return 0


def read_comments(path: Path) -> list[tuple[str, float]]:
    """Read a GoEmotions file. Returns: texts with the probability of frustration.

    Raises: ValueError naming the line that is not text, label ids and id.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            text, labels, _ = line.split("\t")
            felt = [EMOTIONS[int(label)] for label in labels.split(",")]
        except (ValueError, IndexError) as error:
            raise ValueError(
                f"{path}, line {number}: not text, label ids and id between tabs."
            ) from error
        found.append((text, max(_BY_EMOTION.get(emotion, 0.0) for emotion in felt)))
    return found


def read_messages(path: Path) -> list[tuple[str, int]]:
    """Read our own messages. Returns: texts with their level 0..4.

    Raises: ValueError when a level is not one of the five.
    """
    by_level: Mapping[int, list[object]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if set(by_level) != set(range(len(_BY_LEVEL))):
        raise ValueError(f"{path}: the levels must be 0 to {len(_BY_LEVEL) - 1}.")
    return [(str(text), level) for level, texts in sorted(by_level.items()) for text in texts]


def fit(comments: Sample, own: Sample, frustrated: np.ndarray) -> dict[str, object]:
    """Fit the weights on both, and make them probabilities for messages like our own.

    Args: frustrated: for each of our own messages whether its writer is.
    Returns: what a weights file holds, but its version.
    """
    unseen = np.zeros(len(frustrated))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for learnt, kept in folds.split(own.features, frustrated):
        unseen[kept] = _regression(comments + own.part(learnt)).decision_function(
            own.features[kept]
        )
    slope, shift = _calibration(Sample(unseen[:, np.newaxis], own.target, np.ones(len(unseen))))
    final = _regression(comments + own)
    coefficients = final.coef_[0] * slope
    split = len(coefficients) - len(FEATURES)
    return {
        "encoder": model_version(),
        "sources": ["GoEmotions (Apache-2.0)", OWN.as_posix()],
        "messages": [len(comments.target), len(own.target)],
        "bias": round(float(final.intercept_[0] * slope + shift), 4),
        "surface": {
            name: round(float(weight), 4)
            for name, weight in zip(FEATURES, coefficients[split:], strict=True)
        },
        "embedding": [round(float(weight) * _SCALE, 3) for weight in coefficients[:split]],
    }


def _sample(texts: list[str], targets: list[float], weight: float) -> Sample:
    vectors = shared_encoder().encode(texts) * _SCALE
    features = np.hstack([vectors, np.stack([surface(text) for text in texts])])
    return Sample(features, np.array(targets), np.full(len(texts), weight))


def _regression(sample: Sample, strength: float = _REGULARISATION) -> LogisticRegression:
    """Fit to probabilities: each message counts in part as frustrated, in part as not."""
    features = np.vstack([sample.features, sample.features])
    labels = np.repeat([1, 0], len(sample.target))
    weights = np.concatenate([sample.target, 1 - sample.target]) * np.tile(sample.weight, 2)
    counts = weights > 0
    return LogisticRegression(C=strength, max_iter=3000).fit(
        features[counts], labels[counts], sample_weight=weights[counts]
    )


def _calibration(unseen: Sample) -> tuple[float, float]:
    line = _regression(unseen, strength=1e6)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


if __name__ == "__main__":
    sys.exit(main())
