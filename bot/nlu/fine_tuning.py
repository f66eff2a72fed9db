"""Teach the sentence model the intents of a bot, so that its vectors keep them apart.

The transformer is trained with a cosine classifier on top, whose class vectors start as the means
of the untrained sentence vectors: a few epochs suffice, and few examples do no harm. Word vectors
stay as they are: words that no training sentence has keep their meaning beside those that do.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

SCALE = 20.0  # of cosines before the softmax
_MAX_PIECES = 48  # only longer messages are cut, and only while training
_BATCH = 32
_POOL = 16  # batches that are sorted by length together
_SMOOTHING = 0.1
_WARM_UP = 0.1
_DECAY_BY_LAYER = 0.9

Progress = Callable[[str], None]


@dataclass(frozen=True)
class FineTuning:
    """How long and how fast to train: see `suited_to` for the number of epochs."""

    epochs: int
    learning_rate: float = 2e-4
    head_rate: float = 1e-3
    seed: int = 1

    @classmethod
    def suited_to(cls, examples: int, seed: int, epochs: int | None = None) -> FineTuning:
        """Ten epochs for some hundred examples, three from about 5,000 on, unless told."""
        return cls(epochs=epochs or max(3, min(10, round(15_000 / max(examples, 1)))), seed=seed)


def fine_tune(
    model: Any,
    pieces: Sequence[Sequence[int]],
    labels: np.ndarray,
    start: np.ndarray,
    how: FineTuning,
    progress: Progress,
) -> np.ndarray:
    """Train `model` in place. Returns: the unit class vectors, float32 of (classes, dimensions).

    Args:
        model: a torch transformer of the BERT family.
        pieces: the word pieces of each sentence. labels: their class numbers.
        start: class vectors to start from.
    """
    import torch
    from torch.nn import functional

    torch.manual_seed(how.seed)
    chance = random.Random(how.seed)  # noqa: S311 - the order of examples is no secret
    head = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.AdamW(_groups(model, head, how), weight_decay=0.01)
    trained = [p for group in optimizer.param_groups for p in group["params"]]
    steps = how.epochs * math.ceil(len(pieces) / _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    classes = torch.tensor(labels)
    for epoch in range(how.epochs):
        model.train()
        total = 0.0
        for batch in _batches(pieces, chance):
            vectors = _vectors(model, [pieces[i] for i in batch])
            logits = SCALE * vectors @ functional.normalize(head, dim=-1).T
            loss = functional.cross_entropy(logits, classes[batch], label_smoothing=_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss) * len(batch)
        progress(f"epoch {epoch + 1} of {how.epochs}: loss {total / len(pieces):.3f}")
    model.eval()
    return functional.normalize(head, dim=-1).detach().numpy()


def _groups(model: Any, head: Any, how: FineTuning) -> list[dict[str, Any]]:
    """Lower layers, which know language, learn slower than upper ones, which know meanings."""
    for parameter in model.embeddings.parameters():
        parameter.requires_grad = False
    layers = model.encoder.layer
    groups: list[dict[str, Any]] = [
        {
            "params": list(layer.parameters()),
            "lr": how.learning_rate * _DECAY_BY_LAYER ** (len(layers) - 1 - depth),
        }
        for depth, layer in enumerate(layers)
    ]
    return [*groups, {"params": [head], "lr": how.head_rate, "weight_decay": 0.0}]


def _rate(step: int, steps: int) -> float:
    """Rise to 1 in the first tenth of the steps, then fall to 0 in a straight line."""
    warm = max(1, round(_WARM_UP * steps))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))


def _batches(pieces: Sequence[Sequence[int]], chance: random.Random) -> Iterator[list[int]]:
    """All examples in random order, those of about the same length together."""
    order = list(range(len(pieces)))
    chance.shuffle(order)
    found = []
    for start in range(0, len(order), _BATCH * _POOL):
        pool = sorted(order[start : start + _BATCH * _POOL], key=lambda i: len(pieces[i]))
        found += [pool[i : i + _BATCH] for i in range(0, len(pool), _BATCH)]
    chance.shuffle(found)
    yield from found


def _vectors(model: Any, pieces: Sequence[Sequence[int]]) -> Any:
    """Unit vectors of a batch, by the mean of its pieces."""
    import torch

    cut = [one[:_MAX_PIECES] for one in pieces]
    longest = max(map(len, cut))
    padded = torch.tensor([[*one, *[0] * (longest - len(one))] for one in cut])
    mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in cut])
    hidden = model(input_ids=padded, attention_mask=mask).last_hidden_state
    there = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden * there).sum(1) / there.sum(1), dim=-1)


def unit_vectors(model: Any, pieces: Sequence[Sequence[int]]) -> np.ndarray:
    """Encode without training: float32 of shape (len(pieces), dimensions)."""
    import torch

    order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
    found: list[Any] = [None] * len(pieces)
    with torch.no_grad():
        for first in range(0, len(order), 2 * _BATCH):
            batch = order[first : first + 2 * _BATCH]
            rows = _vectors(model, [pieces[i] for i in batch]).numpy()
            for i, row in zip(batch, rows, strict=True):
                found[i] = row
    return np.stack(found)
