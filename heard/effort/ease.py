"""The score at the end of a conversation beside what the customer said of the effort. Pure."""

from collections.abc import Sequence
from typing import Any

from heard.effort import figures
from heard.effort.past import Told

HARD = 3
"""Whoever rates no higher than this did not find it easy."""
ENOUGH = 500


def calibration(answers: Sequence[Told]) -> dict[str, Any]:
    """How the score follows the answers; from 500 on, which share found it hard at which score."""
    scores = [one.score for one in answers]
    hard = [one.ease <= HARD for one in answers]
    enough = len(answers) >= ENOUGH
    steps = figures.isotonic(scores, hard) if enough else []
    return {
        "answers": len(answers),
        "missing": max(0, ENOUGH - len(answers)),
        "spearman": figures.spearman(scores, [8 - one.ease for one in answers]),
        "auroc": figures.auroc(scores, hard),
        "steps": [{"from": round(begin, 1), "hard": round(share, 3)} for begin, share in steps]
        if enough
        else None,
    }
