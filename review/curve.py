"""The effort curve of a conversation, as numbers for an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.story import Reading
from review.weights import weights_of

WIDTH, HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 52, 12, 24
JUMP = 10
"""A rise of so many points between two turns is named and explained."""


@dataclass(frozen=True, slots=True)
class Point:
    """A turn on the curve, at `x`, `y` in the units of the drawing."""

    x: float
    y: float
    reading: Reading


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line at `y` with its label."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn. `strokes` has a list of SVG points for each stretch that counts as one."""

    points: tuple[Point, ...]
    strokes: tuple[str, ...]
    grid: tuple[Line, ...]
    limits: tuple[Line, ...]
    jumps: tuple[Reading, ...]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    width: int = WIDTH
    height: int = HEIGHT


def curve(read: Sequence[Reading]) -> Curve | None:
    """The curve of these turns, oldest first; None where there is none."""
    if not read:
        return None
    points = tuple(Point(_x(i, len(read)), _y(one.score), one) for i, one in enumerate(read))
    weights = weights_of(read[-1].version)
    limits = ((weights.offer_at, "offer"), (weights.hand_off_at, "hand off")) if weights else ()
    return Curve(
        points=points,
        strokes=_strokes(points),
        grid=tuple(Line(_y(score), str(score)) for score in (0, 50, 100)),
        limits=tuple(Line(_y(score), label) for score, label in limits),
        jumps=tuple(one for one in read if one.change >= JUMP),
    )


def _strokes(points: Sequence[Point]) -> tuple[str, ...]:
    stretches: list[list[Point]] = []
    for point in points:
        if point.reading.before is None:
            stretches.append([])
        stretches[-1].append(point)
    return tuple(" ".join(f"{p.x},{p.y}" for p in one) for one in stretches if len(one) > 1)


def _x(index: int, count: int) -> float:
    room = WIDTH - _LEFT - _RIGHT - 16
    step = room / (count - 1) if count > 1 else 0.0
    return round(_LEFT + 8 + index * step, 1)


def _y(score: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - score / 100), 1)
