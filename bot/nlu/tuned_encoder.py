"""A sentence model that was taught the intents, with its class vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu import onnx_encoder
from bot.nlu.fine_tuning import FineTuning, Progress, fine_tune, unit_vectors
from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.sentence_encoder import Encoder
from bot.nlu.sentence_models import PackagedModel

_MAX_PIECES = 256


@dataclass(frozen=True)
class TunedEncoder:
    """Encodes sentences; `head` holds the unit vectors of the classes (k, dimensions)."""

    encoder: Encoder
    head: np.ndarray

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors (len(texts), dimensions)."""
        return self.encoder.encode(texts)

    @classmethod
    def load(cls, folder: Path, head: np.ndarray) -> TunedEncoder:
        """Read what `Tuner.finish` wrote."""
        return cls(OnnxEncoder(folder), head)


class Tuner:
    """A transformer while it is taught; it also encodes, so that drafts can be judged."""

    def __init__(
        self,
        transformer: Any,
        model: PackagedModel,
        seed: int,
        epochs: int | None,
        progress: Progress,
    ) -> None:
        from tokenizers import Tokenizer

        self.dimensions = model.dimensions
        self._tokenizer_file = model.path / "tokenizer.json"
        self._tokenizer: Any = Tokenizer.from_file(str(self._tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_PIECES)
        self._transformer = transformer
        self._seed = seed
        self._epochs = epochs
        self._progress = progress

    def teach(self, texts: Sequence[str], classes: np.ndarray, start: np.ndarray) -> TunedEncoder:
        """Train on all examples. Args: start: class vectors to start from (k, dimensions)."""
        how = FineTuning.suited_to(len(texts), self._seed, self._epochs)
        return self._train(texts, classes, start, how)

    def teach_weights(
        self, texts: Sequence[str], classes: np.ndarray, start: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Train as `teach` does. Returns: the weights of the layers by their names."""
        self.teach(texts, classes, start)
        weights = self._transformer.encoder.state_dict().items()
        return {name: weight.numpy() for name, weight in weights}

    def go_on(self, texts: Sequence[str], classes: np.ndarray, start: np.ndarray) -> TunedEncoder:
        """One more, gentler epoch, to take in examples that were held out."""
        how = FineTuning(epochs=1, learning_rate=1e-4, seed=self._seed + 1)
        return self._train(texts, classes, start, how)

    def finish(self, folder: Path, head: np.ndarray) -> TunedEncoder:
        """Write the model as it is served from then on, and read it."""
        self._progress("writing the tuned model with int8 weights")
        onnx_encoder.write(self._transformer, self._tokenizer_file, folder)
        return TunedEncoder.load(folder, head)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of the model as it is now."""
        return unit_vectors(self._transformer, self._pieces(texts))

    def _train(
        self, texts: Sequence[str], classes: np.ndarray, start: np.ndarray, how: FineTuning
    ) -> TunedEncoder:
        pieces = self._pieces(texts)
        head = fine_tune(self._transformer, pieces, classes, start, how, self._progress)
        return TunedEncoder(self, head)

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        return [list(self._tokenizer.encode(text).ids) for text in texts]
