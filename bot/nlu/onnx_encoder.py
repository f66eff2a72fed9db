"""Sentence vectors through ONNX Runtime: a quarter of torch's time, and no torch to import."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_GRAPH = "model.onnx"
_TOKENIZER = "tokenizer.json"
_MAX_CHARACTERS = 2000  # the model reads 256 word pieces: more only costs tokenizing time
_MAX_PIECES = 256
_OPSET = 14


class OnnxEncoder:
    """Turns sentences into unit vectors on one thread, from a folder that `write` made.

    Sentences are encoded one at a time: int8 arithmetic takes its scale from the whole batch, so
    that a sentence's vector would depend on its neighbours, in training and not when serving.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / _GRAPH), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_PIECES)
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors: float32 of shape (len(texts), dimensions)."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            pieces = self._tokenizer.encode(text[:_MAX_CHARACTERS]).ids
            vectors[row] = self._session.run(None, {"pieces": np.array([pieces])})[0][0]
        return vectors


def write(model: Any, tokenizer: Path, folder: Path) -> None:
    """Write a transformer (torch, of the BERT family) for OnnxEncoder, with int8 weights.

    Args: tokenizer: its `tokenizer.json`. folder: replaced as a whole, at the end.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        exact = draft / "exact.onnx"
        with _quiet():
            torch.onnx.export(
                _sentence_reader(model),
                (torch.ones((1, 7), dtype=torch.long),),
                str(exact),
                input_names=["pieces"],
                output_names=["vector"],
                dynamic_axes={"pieces": {1: "length"}},
                opset_version=_OPSET,
            )
            quantize_dynamic(exact, draft / _GRAPH, weight_type=QuantType.QInt8, per_channel=True)
        exact.unlink()
        shutil.copy(tokenizer, draft / _TOKENIZER)
        _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back remarks on the export that nobody can act on; some come from C++, on stderr."""
    sys.stderr.flush()
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        logging.root.setLevel(level)
        os.close(stderr)
        os.close(nowhere)


def _put(draft: Path, folder: Path) -> None:
    """Two processes may write the same folder: the first one wins, both copies are equal."""
    try:
        draft.replace(folder)
    except OSError:
        if not (folder / _GRAPH).is_file():
            raise


def _sentence_reader(model: Any) -> Any:
    """The transformer with mean pooling and normalisation, for a single sentence."""
    import torch

    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pieces: Any) -> Any:
            hidden = self.model(
                input_ids=pieces, attention_mask=torch.ones_like(pieces)
            ).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(dim=1), dim=-1)

    return Reader().eval()
