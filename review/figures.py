"""The figures above the list, each with n and a 95 % interval; none below five cases. Pure."""

import math
from dataclasses import dataclass

from conversation.outcome import Outcome
from store.review import Totals

FEWEST = 5
Z = 1.96
"""So many standard errors to either side are a 95 % interval."""


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
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the share `hits` / `n`, both ends 0..1; `n` is at least 1.

    Source: E. B. Wilson, 1927.
    """
    share = hits / n
    middle = share + Z**2 / (2 * n)
    reach = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _share(label: str, hits: int, n: int) -> Figure:
    if n < FEWEST:
        return Figure(label, "–", f"shown from n = {FEWEST}; n = {n}")
    low, high = wilson(hits, n)
    return Figure(
        label,
        percent(hits / n),
        f"{hits} of {n}; 95 % interval {percent(low)} to {percent(high)}",
    )


def percent(share: float) -> str:
    """A share 0..1 as shown."""
    return f"{share * 100:.0f} %"
