# environment: bot
"""How well the bot's understanding learns any labelled file, against simpler ways to do it.

    make -s bench NAME=nlu ARGS="--train F.csv --test F.csv [--tune F.csv] [--oos-label L]
                                 [--peer linear|diet] [--quality best|fast]
                                 [--foundation FOLDER|none] [--json]"

Files have the columns text and label. Trained are the shipped pipeline's own parts: the sentence
model, which with few sentences begins with what Heard's own taught it (--foundation none: as it was
packaged), the classifier, the detection of what is out of scope. Probabilities and the one
threshold are chosen on --tune, and without it on an eighth of the training sentences. A peer
rejects by its confidence, its threshold chosen on --tune in the same way.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot import corrections

_TIMED = 200  # messages, one at a time
_COLUMNS = {"text", "label"}
_started = time.monotonic()


@dataclass(frozen=True)
class Judgement:
    """A label for every text, and how likely each is out of scope (any rising scale)."""

    labels: list[str]
    outside: list[float]


Labelled = tuple[list[str], list[str]]
Judge = Callable[[Sequence[str]], Judgement]


def main() -> int:
    """Measure and print. Returns: 1 after a sentence on what is wrong with the files."""
    given = _arguments()
    corrections.prepare(serving=False)
    try:
        train = _read(given.train)
        test = _read([given.test])
        tune = _tuning(given, train) if given.tune else None
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    found = _measured(_ours(given, train, tune), test, given.oos_label)
    found["peers"] = {
        peer: _measured(_PEERS[peer](given, train, tune), test, given.oos_label)
        for peer in given.peer
    }
    print(json.dumps(found) if given.json else _table(found))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", required=True, action="append", help="may be repeated")
    parser.add_argument("--test", required=True)
    parser.add_argument("--tune", action="append", help="may be repeated")
    parser.add_argument("--oos-label", help="the label of texts that are out of scope")
    parser.add_argument("--peer", action="append", choices=sorted(_PEERS), default=[])
    parser.add_argument("--quality", choices=("best", "fast"), default="best")
    parser.add_argument("--foundation", default="data/nlu", help="NLU files taught first")
    parser.add_argument("--diet-epochs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    if given.diet_epochs < 1:
        parser.error("--diet-epochs must be at least 1")
    return given


def _read(files: Sequence[str]) -> Labelled:
    """Texts and labels. Raises: ValueError or OSError that says which file lacks what."""
    texts, labels = [], []
    for file in files:
        with Path(file).open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = _COLUMNS - set(rows.fieldnames or ())
            if missing:
                raise ValueError(f"{file} needs a header with {' and '.join(sorted(missing))}.")
            for row in rows:
                if not row["label"]:
                    raise ValueError(f"{file}, line {rows.line_num}: there is no label.")
                texts.append(row["text"] or "")
                labels.append(row["label"])
    if not texts:
        raise ValueError(f"{', '.join(files)}: no rows.")
    return texts, labels


def _tuning(given: argparse.Namespace, train: Labelled) -> Labelled:
    """The rows of --tune whose label is taught, or out of scope."""
    known = {*train[1], given.oos_label}
    rows = list(zip(*_read(given.tune), strict=True))
    kept = [(text, label) for text, label in rows if label in known]
    if len(kept) < len(rows):
        _say(f"{len(rows) - len(kept)} rows of --tune have labels that --train has not: left out")
    if not kept:
        raise ValueError("--tune has no label of --train.")
    return [text for text, _ in kept], [label for _, label in kept]


def _ours(given: argparse.Namespace, train: Labelled, tune: Labelled | None) -> Judge:
    from bot.nlu.intent_model import IntentModel, Options

    options = Options(
        seed=given.seed,
        fine_tune=given.quality == "best",
        oos_label=given.oos_label,
        foundation=None if given.foundation == "none" else given.foundation,
    )
    folder = tempfile.TemporaryDirectory()  # kept until the judge is gone
    model = IntentModel.fit(train, options, Path(folder.name), tune=tune, progress=_say)

    def judge(texts: Sequence[str], keep: object = folder) -> Judgement:
        readings = model.read(texts)
        labels = [
            given.oos_label if one.rejected and given.oos_label else one.intents[0][0]
            for one in readings
        ]
        return Judgement(labels, [one.outside for one in readings])

    return judge


def _linear(given: argparse.Namespace, train: Labelled, tune: Labelled | None) -> Judge:
    """Plain logistic regression on the vectors of the untrained sentence model."""
    from sklearn.linear_model import LogisticRegression

    from bot.nlu.sentence_encoder import shared_encoder

    _say("peer: logistic regression on sentence vectors")
    encoder = shared_encoder(backend="torch")
    model = LogisticRegression(C=10, max_iter=1000).fit(encoder.encode(train[0]), train[1])

    def confident(texts: Sequence[str]) -> tuple[list[str], list[float]]:
        found = model.predict_proba(encoder.encode(texts))
        return model.classes_[found.argmax(axis=1)].tolist(), found.max(axis=1).tolist()

    return _rejecting(confident, tune, given.oos_label)


def _diet(given: argparse.Namespace, train: Labelled, tune: Labelled | None) -> Judge:
    """Rasa's default pipeline, trained by Rasa."""
    from benchmarks.stock_nlu import train_diet

    _say(f"peer: Rasa's default pipeline, {given.diet_epochs} epochs")
    return _rejecting(train_diet(train, given.diet_epochs, given.seed), tune, given.oos_label)


_PEERS: dict[str, Callable[[argparse.Namespace, Labelled, Labelled | None], Judge]] = {
    "linear": _linear,
    "diet": _diet,
}


def _rejecting(
    confident: Callable[[Sequence[str]], tuple[list[str], list[float]]],
    tune: Labelled | None,
    oos_label: str | None,
) -> Judge:
    """Make a classifier reject what it is not confident of, below a threshold chosen on `tune`."""
    import numpy as np

    from bot.nlu.out_of_scope import best_threshold

    limit = 1.0
    if tune is not None and oos_label in tune[1]:
        labels, sure = confident(tune[0])
        outside = np.array([label == oos_label for label in tune[1]])
        limit = best_threshold(1 - np.array(sure), outside, np.array(labels) == np.array(tune[1]))

    def judge(texts: Sequence[str]) -> Judgement:
        labels, sure = confident(texts)
        scores = [1 - one for one in sure]
        if oos_label is not None:
            pairs = zip(labels, scores, strict=True)
            labels = [oos_label if score > limit else label for label, score in pairs]
        return Judgement(labels, scores)

    return judge


def _measured(judge: Judge, test: Labelled, oos_label: str | None) -> dict[str, Any]:
    """The figures of one way to understand; None where a file has no such rows."""
    import numpy as np
    from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score
    from threadpoolctl import threadpool_limits

    _say(f"reading {len(test[0])} test messages")
    with threadpool_limits(1):
        found = judge(test[0])
        times = []
        for text in test[0][:_TIMED]:
            begun = time.perf_counter()
            judge([text])
            times.append(1000 * (time.perf_counter() - begun))
    truth, labels = np.array(test[1]), np.array(found.labels)
    right, outside, rejected = truth == labels, truth == oos_label, labels == oos_label
    both = bool(outside.any() and (~outside).any())

    def rate(hits: Any) -> float | None:
        return float(hits.mean()) if len(hits) else None

    return {
        "accuracy": float(right.mean()),
        "macro_f1": float(f1_score(truth, labels, average="macro", zero_division=0)),
        "mcc": float(matthews_corrcoef(truth, labels)),
        "in_scope_accuracy": rate(right[~outside]),
        "oos_recall": rate(rejected[outside]),
        "oos_precision": rate(outside[rejected]),
        "oos_auroc": float(roc_auc_score(outside, found.outside)) if both else None,
        "ms_per_message": float(np.median(times)),
    }


def _table(found: dict[str, Any]) -> str:
    columns = {"ours": found, **found["peers"]}
    lines = [f"{'':18}" + "".join(f"{name:>10}" for name in columns)]
    for key in (key for key in found if key != "peers"):
        values = [column[key] for column in columns.values()]
        shown = (f"{'-' if value is None else f'{value:.4f}':>10}" for value in values)
        lines.append(f"{key:18}" + "".join(shown))
    return "\n".join(lines)


def _say(step: str) -> None:
    print(f"[{time.monotonic() - _started:6.1f} s] {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # TensorFlow's threads would keep the process
