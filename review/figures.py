"""The figures above the list, each with n and a 95 % interval; none below five cases. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from conversation.outcome import Outcome
from store.review import Totals

FEWEST = 5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as shown. `value` is "–" where too few cases stand behind it."""

    label: str
    value: str
    basis: str


def figures(totals: Totals) -> tuple[Figure, ...]:
    """What the list begins with."""
    engaged = totals.engaged
    confirmed = totals.outcomes.get(Outcome.BOT_CONFIRMED, 0)
    by_agent = totals.outcomes.get(Outcome.AGENT, 0)
    return (
        Figure("Engaged conversations", str(engaged), f"{totals.open} still open"),
        _share("Resolution, confirmed", confirmed, engaged),
        _share("Resolved by an agent", by_agent, engaged),
        _share("Escalation rate", totals.handed_over, engaged),
        _ease(totals.ratings, totals.surveys_asked),
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the share `hits` / `n`, both ends 0..1; `n` is at least 1.

    Source: E. B. Wilson, 1927.
    """
    share = hits / n
    middle = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _share(label: str, hits: int, n: int) -> Figure:
    if n < FEWEST:
        return Figure(label, "–", f"shown from n = {FEWEST}; n = {n}")
    low, high = wilson(hits, n)
    return Figure(
        label,
        _percent(hits / n),
        f"{hits} of {n}; 95 % interval {_percent(low)} to {_percent(high)}",
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _ease(ratings: Sequence[int], asked: int) -> Figure:
    n = len(ratings)
    answered = f"{n} of {asked} surveys answered"
    if n < FEWEST:
        return Figure("Ease (CES)", "–", f"shown from n = {FEWEST}; {answered}")
    mean = sum(ratings) / n
    reach = _Z * math.sqrt(sum((one - mean) ** 2 for one in ratings) / (n - 1) / n)
    low, high = max(1.0, mean - reach), min(7.0, mean + reach)
    return Figure(
        "Ease (CES)", f"{mean:.1f} of 7", f"{answered}; 95 % interval {low:.1f} to {high:.1f}"
    )
