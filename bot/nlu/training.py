"""How an IntentModel is trained: the order of the steps."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.nlu.calibration import Mixture, hold_out
from bot.nlu.fine_tuning import Progress
from bot.nlu.foundation import Foundation
from bot.nlu.intent_model import FOUNDATION, TUNED, IntentModel, Labelled, Options
from bot.nlu.ngrams import Ngrams
from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.out_of_scope import Detector, Known, class_means
from bot.nlu.sentence_encoder import Encoder, pretrained, shared_encoder
from bot.nlu.sentence_models import packaged_model
from bot.nlu.softmax_regression import SoftmaxRegression
from bot.nlu.tuned_encoder import TunedEncoder, Tuner

_STRENGTH = 10.0  # best of 3, 10 and 30 in cross-validation
_MANY_A_CLASS = 100  # examples: from then on they need no others to begin with
_WEIGHTS_OF_WORDS = (0.25, 1.0)  # beside a sentence vector, for few and for many examples a class
_ENOUGH = 10  # messages out of scope, to tell what they have in common


class NothingToLearn(Exception):
    """The examples do not make a classifier; the message says what is missing."""


@dataclass(frozen=True)
class Examples:
    """Sentences with the numbers of their classes (`len(names)` stands for out of scope)."""

    texts: list[str]
    vectors: np.ndarray
    classes: np.ndarray

    def only(self, rows: np.ndarray) -> Examples:
        """Those of a mask."""
        texts = [text for text, chosen in zip(self.texts, rows, strict=True) if chosen]
        return Examples(texts, self.vectors[rows], self.classes[rows])

    def plus(self, others: Examples) -> Examples:
        """These and the others."""
        return Examples(
            [*self.texts, *others.texts],
            np.vstack([self.vectors, others.vectors]),
            np.concatenate([self.classes, others.classes]),
        )


class Training:
    """One training: see `run`."""

    def __init__(self, options: Options, progress: Progress) -> None:
        self._options = options
        self._progress = progress
        self._names: list[str] = []
        self._tuner: Tuner | None = None
        self._foundation: Foundation | None = None
        self._encoder: Encoder = shared_encoder(options.model, options.backend)

    def run(self, examples: Labelled, tune: Labelled | None, folder: Path) -> IntentModel:
        """Train, calibrate, write into `folder` and return the model.

        Raises: NothingToLearn when there are fewer than two intents, or unknown ones in `tune`.
            FoundationMissing.
        """
        labels = set(examples[1]) - {self._options.oos_label}
        if len(labels) < 2:
            raise NothingToLearn("A classifier needs sentences of at least two intents.")
        self._names = sorted(labels)
        if self._options.foundation and len(examples[0]) < _MANY_A_CLASS * len(labels):
            self._begin_with(Path(self._options.foundation), folder / FOUNDATION)
        else:
            self._options = replace(self._options, foundation=None)
        self._progress(f"{len(examples[0])} sentences of {len(labels)} intents: sentence vectors")
        known, unseen = self._numbered(examples), None
        if tune is not None:
            known, unseen = self._with_some_outside(known, self._numbered(tune))
        with _seeded(self._options.seed):
            if self._options.fine_tune:
                self._tuner = self._new_tuner()
            model = self._trained(known, calibrated=unseen is None)
            if self._tuner is not None and model.tuned is not None:
                model.tuned = self._tuner.finish(folder / TUNED, model.tuned.head)
            if unseen is not None:
                self._calibrate(model, unseen)
        model.save(folder)
        return model

    def _begin_with(self, sentences: Path, folder: Path) -> None:
        self._foundation = Foundation.of(sentences, self._options.model, self._progress)
        self._foundation.copy_into(folder)
        self._encoder = OnnxEncoder(folder)

    def _new_tuner(self) -> Tuner:
        packaged = packaged_model(self._options.model)
        begun = self._foundation
        transformer = begun.transformer() if begun else pretrained(packaged)
        seed, epochs = self._options.seed, self._options.epochs
        return Tuner(transformer, packaged, seed, epochs, self._progress)

    def _with_some_outside(self, known: Examples, unseen: Examples) -> tuple[Examples, Examples]:
        """Lend tuning data without messages out of scope half of those that training data has."""
        outside = np.flatnonzero(known.classes == len(self._names))
        if (unseen.classes == len(self._names)).any() or len(outside) < _ENOUGH:
            return known, unseen
        lent = np.zeros(len(known.texts), dtype=bool)
        lent[outside[::2]] = True
        return known.only(~lent), unseen.plus(known.only(lent))

    def _trained(self, known: Examples, *, calibrated: bool) -> IntentModel:
        """Learn all; if `calibrated`, after a draft that is judged on an eighth of them."""
        held = hold_out(known.classes, self._options.seed)
        if not calibrated or not held.any():
            return self._learn(known)
        draft = self._learn(known.only(~held))
        self._calibrate(draft, known.only(held))
        again = known.only(self._with_some_known(held))
        model = self._learn(known, self._take_in(again, draft.tuned))
        model.mixture, model.detector = draft.mixture, draft.detector
        return model

    def _with_some_known(self, held: np.ndarray) -> np.ndarray:
        """Those held out and twice as many others, lest what was learnt be forgotten."""
        others = np.random.default_rng(self._options.seed).permutation(np.flatnonzero(~held))
        chosen = held.copy()
        chosen[others[: 2 * int(held.sum())]] = True
        return chosen

    def _learn(self, known: Examples, tuned: TunedEncoder | None = None) -> IntentModel:
        """A model that is not calibrated. Args: tuned: where that part is trained already."""
        if self._tuner is not None and tuned is None:
            start = class_means(known.vectors, known.classes)
            tuned = self._tuner.teach(known.texts, known.classes, start)
        self._progress("linear model")
        ngrams = Ngrams.fit(known.texts, weight=_weight_of_words(known.classes))
        sparse = ngrams.transform(known.texts)
        linear = SoftmaxRegression.fit(known.vectors, sparse, known.classes, strength=_STRENGTH)
        inside = known.classes < len(self._names)
        return IntentModel(
            options=self._options,
            classes=self._names,
            encoder=self._encoder,
            ngrams=ngrams,
            linear=linear,
            known=Known.of(known.vectors[inside], known.classes[inside], sparse[inside]),
            tuned=tuned,
            mixture=Mixture(),
        )

    def _take_in(self, examples: Examples, before: TunedEncoder | None) -> TunedEncoder | None:
        if self._tuner is None or before is None:
            return None
        return self._tuner.go_on(examples.texts, examples.classes, before.head)

    def _calibrate(self, model: IntentModel, unseen: Examples) -> None:
        self._progress(f"calibrating on {len(unseen.texts)} sentences")
        inside = unseen.classes < len(self._names)
        sparse = model.ngrams.transform(unseen.texts)
        linear, tuned, _ = model.opinions(unseen.texts, unseen.vectors, sparse)
        k = len(self._names)
        model.mixture = Mixture.fit(linear[inside, :k], tuned[inside, :k], unseen.classes[inside])
        logs, signs, beyond = model.judge(unseen.texts, unseen.vectors)
        if min((~inside).sum(), inside.sum()) >= _ENOUGH:
            right = logs.argmax(axis=1) == unseen.classes
            model.detector = Detector.fit(signs, ~inside, right)
        elif self._options.oos_label is not None and not beyond.any():
            model.detector = Detector.without_examples(signs[inside])

    def _numbered(self, examples: Labelled) -> Examples:
        texts, labels = list(examples[0]), examples[1]
        numbers = {name: number for number, name in enumerate(self._names)}
        if self._options.oos_label is not None:
            numbers[self._options.oos_label] = len(self._names)
        unknown = sorted(set(labels) - set(numbers))
        if unknown:
            raise NothingToLearn(f"No training sentence has the label {', '.join(unknown)}.")
        classes = np.array([numbers[label] for label in labels])
        return Examples(texts, self._encoder.encode(texts), classes)


def _weight_of_words(classes: np.ndarray) -> float:
    """With few examples of a class, the words that they happen to share say little."""
    a_class = len(classes) / len(np.unique(classes))
    return float(np.clip(a_class / _MANY_A_CLASS, *_WEIGHTS_OF_WORDS))


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Make torch's dropout repeatable, and leave its generator as it was."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
