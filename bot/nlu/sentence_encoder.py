"""The general sentence model, loaded once a process and shared by all who encode."""

from __future__ import annotations

import base64
import functools
import os
import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from bot.nlu import onnx_encoder
from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.sentence_models import CACHE, DEFAULT, PackagedModel, packaged_model

DIMENSIONS = 384  # of the default model, whose vectors are the `embedding` of the parse data
BACKENDS = ("onnx", "torch")
_MAX_CHARACTERS = 2000


class Encoder(Protocol):
    """Turns sentences into vectors, on the CPU and without any network."""

    dimensions: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors: float32 of shape (len(texts), dimensions)."""
        ...


class TorchEncoder:
    """The reference: the model as it was published, through sentence-transformers."""

    def __init__(self, model: PackagedModel) -> None:
        _stay_local()
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(model.path), device="cpu")
        self.dimensions = model.dimensions

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors: float32 of shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(
            [text[:_MAX_CHARACTERS] for text in texts],
            batch_size=64,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


_loading = threading.Lock()


@functools.lru_cache(maxsize=4)
def _load(name: str, backend: str) -> Encoder:
    model = packaged_model(name)
    if backend == "torch":
        return TorchEncoder(model)
    folder = CACHE / f"{model.version}-int8"
    if not folder.is_dir():
        _stay_local()
        onnx_encoder.write(pretrained(model), model.path / "tokenizer.json", folder)
    return OnnxEncoder(folder)


def shared_encoder(name: str = DEFAULT, backend: str = "onnx") -> Encoder:
    """Return the encoder of this process, loading it on the first call.

    The int8 copy is written on the first use on a machine (some seconds, with torch), into
    `var/models/encoders`; from then on it loads in a tenth of a second.

    Raises: UnknownModel for a model that is not known or not installed.
    """
    with _loading:
        return _load(name, backend)


def pretrained(model: PackagedModel) -> Any:
    """The transformer inside a packaged model, as a torch module in evaluation mode."""
    _stay_local()
    from transformers import AutoModel

    return AutoModel.from_pretrained(str(model.path)).eval()


def model_version(name: str = DEFAULT) -> str:
    """Name and version of the installed model: vectors of two versions must not be compared."""
    return packaged_model(name).version


def compact(vector: np.ndarray) -> str:
    """Pack a unit vector of 384 floats as base64 of 384 signed bytes (value * 127)."""
    return base64.b64encode(np.rint(vector * 127).astype(np.int8).tobytes()).decode("ascii")


def _stay_local() -> None:
    os.environ.setdefault("USE_TF", "0")  # transformers would import TensorFlow for nothing
    os.environ["HF_HUB_OFFLINE"] = "1"
