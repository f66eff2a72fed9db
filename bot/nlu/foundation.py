"""What a set of sentences taught the sentence model, as the start for bots with few of their own.

A shop that begins with intents of its own has some hundred sentences. Heard's thousands teach the
sentence model how customers of a shop speak. Half of that way, in the mean of the weights before
and after, it serves intents that it was not taught better than at either end.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu import onnx_encoder
from bot.nlu.fine_tuning import Progress
from bot.nlu.out_of_scope import class_means
from bot.nlu.sentence_encoder import pretrained, shared_encoder
from bot.nlu.sentence_models import CACHE, packaged_model
from bot.nlu.tuned_encoder import Tuner

FEW = 40  # sentences: fewer teach nothing
_SHARE = 0.5  # of the way from the packaged weights to the taught ones
_EPOCHS = 2
_SEED = 1
_WEIGHTS = "weights.npz"
_GRAPH = "encoder"


class FoundationMissing(Exception):
    """There are no sentences to begin with; the message says what to do."""


@dataclass(frozen=True)
class Foundation:
    """A sentence model that was taught, in a folder of the cache."""

    folder: Path
    model: str

    @classmethod
    def of(cls, sentences: Path, model: str, progress: Progress) -> Foundation:
        """Teach a packaged sentence model what a folder of NLU files holds, once a machine.

        Args: model: its name. Raises: FoundationMissing where the folder holds too little.
        """
        texts, intents = _read(sentences)
        lines = map("\t".join, zip(texts, intents, strict=True))
        told = "\n".join([packaged_model(model).version, *lines])
        named = hashlib.sha256(told.encode()).hexdigest()[:16]
        found = cls(CACHE.parent / "foundations" / named, model)
        if not (found.folder / _GRAPH).is_dir():
            progress(f"teaching the sentence model {len(texts)} sentences of {sentences} first")
            found._teach(texts, intents, progress)
        return found

    def transformer(self) -> Any:
        """The torch module, to go on teaching."""
        transformer = pretrained(packaged_model(self.model))
        with np.load(self.folder / _WEIGHTS) as weights:
            _put(transformer, lambda name, _: weights[name])
        return transformer

    def copy_into(self, folder: Path) -> None:
        """Put the encoder for `OnnxEncoder` into a folder of its own."""
        shutil.copytree(self.folder / _GRAPH, folder, dirs_exist_ok=True)

    def _teach(self, texts: Sequence[str], intents: Sequence[str], progress: Progress) -> None:
        packaged = packaged_model(self.model)
        names = sorted(set(intents))
        classes = np.array([names.index(intent) for intent in intents])
        tuner = Tuner(pretrained(packaged), packaged, _SEED, _EPOCHS, progress)
        vectors = shared_encoder(self.model).encode(texts)
        taught = tuner.teach_weights(texts, classes, class_means(vectors, classes))
        transformer = pretrained(packaged)
        _put(transformer, lambda name, before: before + _SHARE * (taught[name] - before))
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {name: value.numpy() for name, value in transformer.encoder.state_dict().items()}
        np.savez(self.folder / _WEIGHTS, **kept)
        onnx_encoder.write(transformer, packaged.path / "tokenizer.json", self.folder / _GRAPH)


def _put(transformer: Any, value: Callable[[str, np.ndarray], np.ndarray]) -> None:
    """Set each weight of the layers to `value(name, the weight as it is)`."""
    import torch

    layers = transformer.encoder.state_dict()
    changed = {name: torch.tensor(value(name, old.numpy())) for name, old in layers.items()}
    transformer.encoder.load_state_dict(changed)


def _read(folder: Path) -> tuple[list[str], list[str]]:
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.loading import load_data

    if not folder.is_dir():
        raise FoundationMissing(f"There is no folder {folder} with sentences to begin with.")
    try:
        examples = load_data(str(folder)).intent_examples
    except ValueError as error:
        raise FoundationMissing(f"{folder} cannot be read: {error}") from error
    if len({one.get(INTENT) for one in examples}) < 2 or len(examples) < FEW:
        raise FoundationMissing(
            f"{folder} needs NLU files with at least {FEW} sentences of two intents."
        )
    return [one.get(TEXT) for one in examples], [one.get(INTENT) for one in examples]
