"""How good scores are, in figures. Pure, without a library: the app's environment has none."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

_BINS = 10
_PER_BIN = 100  # turns; what fewer of them do is chance
_STEPS = 40  # quantiles among which cuts are sought


def auroc(scores: Sequence[float], bad: Sequence[bool]) -> float | None:
    """How often a bad turn scores above a good one, ties counting half; None without both."""
    positives, total = sum(bad), len(bad)
    if not 0 < positives < total:
        return None
    ranked = sum(rank for rank, is_bad in zip(ranks(scores), bad, strict=True) if is_bad)
    return (ranked - positives * (positives + 1) / 2) / (positives * (total - positives))


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1 on; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + end + 1) / 2
        start = end
    return found


def calibration_error(chances: Sequence[float], bad: Sequence[bool]) -> float | None:
    """The mean distance between the chance that was given and the share that came, 0..1.

    Bins are filled equally: ten, or as many as leave a hundred turns in each, for in smaller ones
    chance alone makes such distances. None for no turns.
    """
    if not chances:
        return None
    count = max(2, min(_BINS, len(chances) // _PER_BIN))
    ordered = sorted(zip(chances, bad, strict=True))
    return sum(_distance(part) for part in _parts(ordered, count)) / len(ordered)


def f1(scores: Sequence[float], bad: Sequence[bool], threshold: float) -> float | None:
    """The F1 of calling a turn bad from this score on; None where no turn is bad."""
    if not any(bad):
        return None
    called = [score >= threshold for score in scores]
    hits = sum(both for both in map(min, called, bad))
    return 2 * hits / (sum(called) + sum(bad))


def level_of(score: float, cuts: Sequence[float]) -> int:
    """The level of a score: how many cuts it reaches."""
    return sum(score >= cut for cut in cuts)


def near(scores: Sequence[float], levels: Sequence[int], cuts: Sequence[float], by: int) -> float:
    """The share of turns whose level is at most `by` off."""
    hits = [abs(level_of(s, cuts) - level) <= by for s, level in zip(scores, levels, strict=True)]
    return sum(hits) / len(hits)


def best_cuts(scores: Sequence[float], levels: Sequence[int]) -> tuple[float, ...]:
    """The four cuts with which most turns get their level, or one beside it (the sum of both)."""
    ordered = sorted(scores)
    grid = sorted({ordered[len(ordered) * step // _STEPS] for step in range(1, _STEPS)})
    worth = _worth(scores, levels, grid)
    ends = range(1, len(grid) + 1)
    best = max(combinations(ends, 4), key=lambda cut: _sum(worth, (0, *cut, len(grid) + 1)))
    return tuple(round(grid[cut - 1], 1) for cut in best)


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """The rank correlation, -1..1; None for fewer than three pairs or where nothing differs."""
    a, b = ranks(one), ranks(other)
    middle = (len(a) + 1) / 2
    both = sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    spread = math.sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    return both / spread if len(a) > 2 and spread else None


def isotonic(scores: Sequence[float], bad: Sequence[bool]) -> list[tuple[float, float]]:
    """Steps (from this score on, this share is bad) that only rise: pool adjacent violators."""
    steps: list[list[float]] = []  # from, sum, count
    for score, is_bad in sorted(zip(scores, bad, strict=True)):
        if steps and steps[-1][0] == score:
            steps[-1][1] += is_bad
            steps[-1][2] += 1
        else:
            steps.append([score, float(is_bad), 1.0])
        while len(steps) > 1 and steps[-2][1] * steps[-1][2] >= steps[-1][1] * steps[-2][2]:
            _, more, count = steps.pop()
            steps[-1][1] += more
            steps[-1][2] += count
    return [(begin, total / count) for begin, total, count in steps]


def _parts(
    ordered: Sequence[tuple[float, bool]], count: int
) -> Iterator[Sequence[tuple[float, bool]]]:
    size = len(ordered) / count
    for number in range(count):
        yield ordered[round(number * size) : round((number + 1) * size)]


def _distance(part: Sequence[tuple[float, bool]]) -> float:
    return abs(sum(chance - is_bad for chance, is_bad in part))


def _worth(
    scores: Sequence[float], levels: Sequence[int], grid: Sequence[float]
) -> list[list[int]]:
    """By level, and by how many cells of the grid are taken: what giving this level is worth."""
    cells = [[0] * (len(grid) + 1) for _ in range(5)]
    for score, level in zip(scores, levels, strict=True):
        cell = level_of(score, grid)
        for given in range(5):
            cells[given][cell] += (given == level) + (abs(given - level) <= 1)
    return [[sum(row[:n]) for n in range(len(row) + 1)] for row in cells]


def _sum(worth: Sequence[Sequence[int]], bounds: Sequence[int]) -> int:
    return sum(row[bounds[n + 1]] - row[bounds[n]] for n, row in enumerate(worth))
