"""When a person would have been offered or brought, and when one was due. Pure."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conversation.effort import Effort, Weights, effort
from conversation.handoff_rules import lowered
from conversation.policy import Decision, Step, decide
from conversation.turns import Turn
from heard.effort.read_texts import Rated

KINDS = ("early", "on_time", "late", "missed", "false")
_FALSE_OFFERS = 0.1  # of the conversations in which no turn is bad
_CALM = 1  # where no rating is above this level, an offer is a false one


@dataclass(frozen=True, slots=True)
class Judged:
    """A conversation's scores turn by turn, what was decided, and the turns that were bad.

    `calm`: it was rated and no turn was bad, nor, where turns have levels, any above 1.
    """

    efforts: tuple[Effort, ...]
    decisions: tuple[Decision, ...]
    bad: frozenset[int]
    calm: bool

    @property
    def scores(self) -> list[float]:
        """The score after each turn, 0..100."""
        return [one.score for one in self.efforts]

    @property
    def first_offer(self) -> int | None:
        """The turn after which a person was first offered or brought."""
        steps = (at for at, one in enumerate(self.decisions) if one.step is not Step.GO_ON)
        return next(steps, None)

    @property
    def kind(self) -> str | None:
        """One of KINDS; None where no turn is bad and an offer is neither due nor false."""
        if not self.bad:
            return "false" if self.calm and self.first_offer is not None else None
        if self.first_offer is None:
            return "missed"
        due = min(self.bad)
        return ("on_time", "late", "early")[(self.first_offer > due) - (self.first_offer < due)]


def judge(one: Rated, weights: Weights) -> Judged:
    """Take the conversation through score and policy, as a live one goes through them."""
    efforts, decisions = [], []
    for score, decision in decided(one.turns, weights):
        efforts.append(score)
        decisions.append(decision)
    bad = frozenset(at for at, is_bad in enumerate(one.bad) if is_bad)
    return Judged(tuple(efforts), tuple(decisions), bad, calm=_calm(one))


def _calm(one: Rated) -> bool:
    levels = [level for level in one.levels if level is not None]
    if levels:
        return max(levels) <= _CALM
    return False in one.bad and True not in one.bad


def decided(
    turns: Sequence[Turn], weights: Weights, offered: Mapping[int, bool] | None = None
) -> Iterator[tuple[Effort, Decision]]:
    """Score and decision after each turn, an offer remembered as a live conversation does.

    Args: weights: with the thresholds of a customer for whom they are not lowered. offered: by
    turn, whether a person was offered there whatever the score was: by an answer of its own, or
    not at all, where the answer left no room.
    """
    so_far: list[Turn] = []
    for at, turn in enumerate(turns):
        so_far.append(replace(turn, offered=False))
        score = effort(so_far, weights)
        decision = decide(so_far, score, lowered(weights, turn.sooner))
        by_score = decision.step is Step.OFFER
        so_far[-1] = replace(turn, offered=(offered or {}).get(at, by_score))
        yield score, decision


def counted(judged: Sequence[Judged]) -> dict[str, int]:
    """How many conversations are of each kind."""
    kinds = Counter(one.kind for one in judged)
    return {kind: kinds[kind] for kind in KINDS}


def recall(judged: Sequence[Judged]) -> float | None:
    """How many conversations that turn bad get an offer by then, at ten false ones in a hundred.

    The threshold is the lowest with which at most a tenth of the calm conversations get an offer.
    None where there are not both kinds.
    """
    peaks = sorted((max(one.scores) for one in judged if one.calm), reverse=True)
    due = [max(one.scores[: min(one.bad) + 1]) for one in judged if one.bad]
    if not peaks or not due:
        return None
    limit = peaks[int(_FALSE_OFFERS * len(peaks))]  # offers go to those above it
    return sum(score > limit for score in due) / len(due)


def golden_transfer(judged: Sequence[Judged], threshold: float, tolerance: int = 1) -> float:
    """Golden Transfer within Tolerance, 0..1: how near the calls for a person are to bad turns.

    A conversation counts 1 where neither a turn is bad nor one reaches `threshold`, 0 where only
    one of both, else the mean over the turns that reach it of exp(-d^2 / (2 tolerance^2)), with d
    the turns to the nearest bad one. Source: Liu et al., Time to Transfer (AAAI 2021), with early
    and late calls alike.
    """
    return sum(_golden(one, threshold, tolerance) for one in judged) / len(judged)


def _golden(one: Judged, threshold: float, tolerance: int) -> float:
    calls = [at for at, score in enumerate(one.scores) if score >= threshold]
    if not calls or not one.bad:
        return float(not calls and not one.bad)
    distances = (min(abs(call - bad) for bad in one.bad) for call in calls)
    return sum(math.exp(-(d**2) / (2 * tolerance**2)) for d in distances) / len(calls)
