"""Scores that counted beside those in the shadow. Pure."""

from collections.abc import Mapping, Sequence

from conversation.annotated import AnnotatedTurn
from conversation.effort import Weights
from heard.effort import figures

Pair = tuple[str, str]


def pairs(turns: Sequence[AnnotatedTurn]) -> Mapping[Pair, list[tuple[float, float]]]:
    """By acting and shadow version, both scores of each turn that has them."""
    found: dict[Pair, list[tuple[float, float]]] = {}
    for turn in turns:
        if turn.shadow is not None:
            versions = (turn.effort.version, turn.shadow.version)
            found.setdefault(versions, []).append((turn.effort.score, turn.shadow.score))
    return found


def difference(
    scores: Sequence[tuple[float, float]], acting: Weights, shadow: Weights
) -> dict[str, object]:
    """How the two differ on these turns, each held to its own thresholds."""
    one, other = zip(*scores, strict=True)
    return {
        "turns": len(scores),
        "mean": {"acting": _mean(one), "shadow": _mean(other)},
        "apart": _mean([abs(a - b) for a, b in scores]),
        "spearman": figures.spearman(one, other),
        "offer": _both(scores, acting.offer_at, shadow.offer_at),
        "hand_off": _both(scores, acting.hand_off_at, shadow.hand_off_at),
    }


def _both(scores: Sequence[tuple[float, float]], a: float, b: float) -> dict[str, int]:
    reached = [(one >= a, other >= b) for one, other in scores]
    return {
        "both": reached.count((True, True)),
        "acting": reached.count((True, False)),
        "shadow": reached.count((False, True)),
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 1)
