"""L-BFGS in single precision: SciPy's works in double, and on millions of weights that tells."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

_ITERATIONS = 60
_MEMORY = 6  # steps whose curvature is remembered
_ENOUGH = 1e-4  # a smaller relative gain, twice in a row, is not worth a step
_SUFFICIENT = 1e-4  # share of the expected descent that a step must bring
_HALVINGS = 12

Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]


def minimum(loss: Loss, start: np.ndarray) -> np.ndarray:
    """Return about where a smooth convex function is least.

    Args: loss: gives the value and the gradient at a point. start: where to begin (n,).
    """
    point = start
    value, slope = loss(point)
    past: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=_MEMORY)
    small = 0
    for _ in range(_ITERATIONS):
        direction = _direction(slope, past)
        found = _step(loss, point, value, slope, direction)
        if found is None:
            break
        new_point, new_value, new_slope = found
        moved, turned = new_point - point, new_slope - slope
        curvature = float(np.vdot(moved, turned))
        if curvature > 0:
            past.append((moved, turned, 1 / curvature))
        small = small + 1 if value - new_value < _ENOUGH * abs(value) else 0
        point, value, slope = new_point, new_value, new_slope
        if small == 2:
            break
    return point


def _direction(slope: np.ndarray, past: deque[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """Downhill, corrected by the curvature met on the last steps (the two-loop recursion)."""
    direction = -slope
    if not past:
        return direction / max(float(np.linalg.norm(slope)), 1.0)
    shares = []
    for moved, turned, inverse in reversed(past):
        share = inverse * float(np.vdot(moved, direction))
        direction -= np.float32(share) * turned
        shares.append(share)
    moved, turned, inverse = past[-1]
    direction *= np.float32(1 / (inverse * float(np.vdot(turned, turned))))
    for (moved, turned, inverse), share in zip(past, reversed(shares), strict=True):
        direction += np.float32(share - inverse * float(np.vdot(turned, direction))) * moved
    return direction


def _step(
    loss: Loss, point: np.ndarray, value: float, slope: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray] | None:
    """The first of the steps 1, 1/2, 1/4 ... that brings enough; None when none does."""
    expected = float(np.vdot(slope, direction))
    length = 1.0
    for _ in range(_HALVINGS):
        there = point + np.float32(length) * direction
        new_value, new_slope = loss(there)
        if new_value <= value + _SUFFICIENT * length * expected:
            return there, new_value, new_slope
        length /= 2
    return None
