"""From which score on a person is offered or brought, as the lead weighs it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from conversation.effort import Weights

_LEAST, _MOST = 1.0, 95.0  # scores of 0 and 100 are never reached


@dataclass(frozen=True, slots=True)
class HandoffRules:
    """What data/handoff.yml says.

    `cost_ratio`: so many needless offers cost as much as one frustrated customer who is missed;
    None leaves the thresholds of the weights. `sooner`: by tier, how many points lower both are.
    """

    cost_ratio: float | None = None
    sooner: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def applied_to(self, weights: Weights, tier: str | None = None) -> Weights:
        """The weights with the thresholds for a customer of this tier, None for a visitor.

        A score of E per cent that the customer struggles makes an offer worth its cost from
        100 / (1 + cost_ratio) on; a person is brought as far above that as the weights have it.
        """
        offer_at, hand_off_at = weights.offer_at, weights.hand_off_at
        if self.cost_ratio is not None:
            offer_at = 100 / (1 + self.cost_ratio)
            hand_off_at = min(_MOST, offer_at + weights.hand_off_at - weights.offer_at)
        chosen = replace(weights, offer_at=offer_at, hand_off_at=hand_off_at)
        return lowered(chosen, self.points(tier))

    def points(self, tier: str | None) -> int:
        """By how much the thresholds are lowered for a customer of this tier."""
        return self.sooner.get(tier or "", 0)

    def why_sooner(self, tier: str) -> str:
        """Why a person comes sooner than for others, as staff reads it."""
        return f"a person comes {self.sooner[tier]} points sooner for {tier} customers"


def lowered(weights: Weights, points: int) -> Weights:
    """The weights with thresholds that are lower by so many points."""
    offer_at = max(_LEAST, weights.offer_at - points)
    return replace(
        weights,
        offer_at=offer_at,
        hand_off_at=max(offer_at, weights.hand_off_at - points),
        calm_below=min(weights.calm_below, offer_at),
    )


AS_WEIGHTED = HandoffRules()
"""The thresholds of the weights for everybody."""
