"""Which intent a sentence has: a tuned sentence model and a linear one together, calibrated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from bot.nlu.calibration import Mixture
from bot.nlu.fine_tuning import SCALE, Progress
from bot.nlu.ngrams import Ngrams
from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.out_of_scope import Detector, Known, evidence
from bot.nlu.sentence_encoder import Encoder, model_version, shared_encoder
from bot.nlu.sentence_models import DEFAULT
from bot.nlu.softmax_regression import SoftmaxRegression, log_softmax
from bot.nlu.tuned_encoder import TunedEncoder

TUNED, FOUNDATION = "tuned", "foundation"
_SETTINGS, _NGRAMS, _LINEAR = "intents.json", "ngrams.json", "linear.npz"
_VECTORS, _EXAMPLES = "vectors.npz", "examples.npz"


@dataclass(frozen=True)
class Options:
    """How to train.

    `fine_tune`: better by one to three points of accuracy, for minutes of training. `epochs`: how
    long, or None for what suits the number of examples. `oos_label`: the label of sentences out of
    scope, in training or tuning data. `foundation`: a folder of NLU files that the sentence model
    is taught first, where there are fewer than 100 examples a class.
    """

    seed: int = 1
    fine_tune: bool = True
    epochs: int | None = None
    model: str = DEFAULT
    backend: str = "onnx"
    oos_label: str | None = None
    foundation: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a sentence was taken for.

    `intents` are those within scope, most probable first; their probabilities add up to 1 and hold
    for a sentence within scope. `outside` is the probability that it is out of scope.
    """

    intents: list[tuple[str, float]]
    outside: float
    rejected: bool


Labelled = tuple[Sequence[str], Sequence[str]]


@dataclass
class IntentModel:
    """The parts of a trained model; `fit` and `load` build it."""

    options: Options
    classes: list[str]  # within scope
    encoder: Encoder
    ngrams: Ngrams
    linear: SoftmaxRegression
    known: Known
    tuned: TunedEncoder | None
    mixture: Mixture
    detector: Detector | None = None

    @classmethod
    def fit(
        cls,
        examples: Labelled,
        options: Options,
        folder: Path,
        *,
        tune: Labelled | None = None,
        progress: Progress = lambda step: None,
    ) -> IntentModel:
        """Train, and write the model into `folder`.

        Probabilities and the threshold are chosen on `tune`; without it, on an eighth of the
        examples, which the model is taught only afterwards.
        """
        from bot.nlu.training import Training

        return Training(options, progress).run(examples, tune, folder)

    def read(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> list[Reading]:
        """Read sentences. Args: vectors: of the packaged sentence model, where they are known."""
        if not texts:
            return []
        if vectors is None or self.options.foundation:
            vectors = self.encoder.encode(texts)
        logs, signs, outside = self.judge(texts, vectors)
        limit = 0.5
        if self.detector is not None:
            outside, limit = self.detector.probabilities(signs), self.detector.threshold
        orders = np.argsort(-logs, axis=1, kind="stable")
        return [
            Reading(
                [(self.classes[one], float(np.exp(row[one]))) for one in order],
                float(share),
                bool(share > limit),
            )
            for row, order, share in zip(logs, orders, outside, strict=True)
        ]

    def judge(
        self, texts: Sequence[str], vectors: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return log probabilities within scope (n, k), the signs for being out of scope (n, m),
        and the classifier's own probability of that (n,): 0 where it was taught no such class."""
        sparse = self.ngrams.transform(texts)
        linear, tuned, cosines = self.opinions(texts, vectors, sparse)
        k = len(self.classes)
        logs = self.mixture.join(linear[:, :k], tuned[:, :k])
        beyond = np.exp(self.mixture.join(linear, tuned)[:, k:]).sum(axis=1)
        signs = [
            log_softmax(linear[:, :k]).max(axis=1),
            log_softmax(tuned[:, :k]).max(axis=1),
            linear[:, :k].argmax(axis=1) == tuned[:, :k].argmax(axis=1),
            cosines.max(axis=1),
            linear[:, k:],
            tuned[:, k:],
        ]
        extra = np.column_stack(signs)
        return (
            logs,
            evidence(texts, vectors, sparse, logs, extra, self.known, self.ngrams),
            beyond,
        )

    def opinions(
        self, texts: Sequence[str], vectors: np.ndarray, sparse: csr_matrix
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log probabilities of the linear and of the tuned model, whose last class may be that of
        sentences out of scope, and the tuned model's cosines to the classes within scope."""
        linear = self.linear.log_probabilities(vectors, sparse)
        if self.tuned is None:
            return linear, linear, vectors @ self.known.means.T
        cosines = self.tuned.encode(texts) @ self.tuned.head.T
        return linear, log_softmax(SCALE * cosines), cosines[:, : len(self.classes)]

    def save(self, folder: Path) -> None:
        """Write everything but the tuned encoder, which is there already."""
        settings = {
            "classes": self.classes,
            "oos_label": self.options.oos_label,
            "encoder": model_version(self.options.model),
            "model": self.options.model,
            "backend": self.options.backend,
            "seed": self.options.seed,
            "foundation": self.options.foundation,
            "fine_tune": self.tuned is not None,
            "mixture": self.mixture.as_list(),
            "detector": None if self.detector is None else self.detector.as_dict(),
        }
        (folder / _SETTINGS).write_text(json.dumps(settings, indent=1), encoding="utf-8")
        self.ngrams.save(folder / _NGRAMS)
        self.linear.save(folder / _LINEAR)
        head = np.zeros((0, 0)) if self.tuned is None else self.tuned.head
        np.savez(
            folder / _VECTORS,
            vectors=self.known.vectors.astype(np.float16),
            classes=self.known.classes,
            means=self.known.means,
            head=head,
        )
        save_npz(folder / _EXAMPLES, self.known.ngrams, compressed=False)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote.

        Raises: ModelMismatch when it was trained on another sentence model.
        """
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
        options = Options(
            seed=settings["seed"],
            fine_tune=settings["fine_tune"],
            model=settings["model"],
            backend=settings["backend"],
            oos_label=settings["oos_label"],
            foundation=settings["foundation"],
        )
        if settings["encoder"] != model_version(options.model):
            raise ModelMismatch(
                f"This bot was trained on {settings['encoder']}, but "
                f"{model_version(options.model)} is installed: "
                "train it again with `python -m bot.train`."
            )
        with np.load(folder / _VECTORS) as saved:
            examples, classes, means, head = (
                saved[name] for name in ("vectors", "classes", "means", "head")
            )
        sparse = load_npz(folder / _EXAMPLES)
        return cls(
            options=options,
            classes=settings["classes"],
            encoder=OnnxEncoder(folder / FOUNDATION)
            if options.foundation
            else shared_encoder(options.model, options.backend),
            ngrams=Ngrams.load(folder / _NGRAMS),
            linear=SoftmaxRegression.load(folder / _LINEAR),
            known=Known(examples.astype(np.float32), classes, means, sparse),
            tuned=TunedEncoder.load(folder / TUNED, head) if options.fine_tune else None,
            mixture=Mixture(*settings["mixture"]),
            detector=None if settings["detector"] is None else Detector(**settings["detector"]),
        )


class ModelMismatch(Exception):
    """A trained model does not fit what is installed; the message says what to do."""
