"""What past conversations would have done under other thresholds or weights. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from conversation.effort import Weights
from conversation.policy import Step
from conversation.reasons import HandoffReason
from heard.effort.offers import decided
from heard.effort.past import Stretch

AGAINST = ("same", "earlier", "later", "never", "new")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stretch with the turn and the reason of its handoff, as it was and as it would be."""

    stretch: Stretch
    offered: bool
    at: int | None
    reason: HandoffReason | None

    @property
    def against(self) -> str | None:
        """One of AGAINST; None where nobody was or would be brought in.

        What a customer would have written after a handoff is not known: one that would not have
        happened by then is `never`, unless the conversation went on with the assistant.
        """
        was = self.stretch.handed_off
        if self.at is None:
            return None if was is None else "never"
        if was is None:
            return "new"
        return ("same", "later", "earlier")[(self.at > was) - (self.at < was)]


def replay(stretch: Stretch, weights: Weights) -> Replayed:
    """Take the stored turns through score and policy once more, up to the first handoff."""
    offered = False
    for at, (_, decision) in enumerate(decided(stretch.turns, weights, stretch.offered)):
        if decision.step is Step.HAND_OFF:
            return Replayed(stretch, offered, at, decision.reason)
        offered |= decision.step is Step.OFFER
    return Replayed(stretch, offered, None, None)


def summary(replayed: Sequence[Replayed]) -> dict[str, object]:
    """Handoffs by reason as they were and would be, how they compare, and the same by week."""
    against = Counter(one.against for one in replayed)
    return {
        "conversations": len(replayed),
        "handoffs": {
            "actual": _by_reason([_actual(one) for one in replayed]),
            "replayed": _by_reason([one.reason for one in replayed]),
        },
        "against": {name: against[name] for name in AGAINST},
        "weeks": [_week(name, list(those)) for name, those in groupby(replayed, key=_week_of)],
    }


def _actual(one: Replayed) -> HandoffReason | None:
    at = one.stretch.handed_off
    return None if at is None else one.stretch.annotated[at].decision.reason


def _by_reason(reasons: Sequence[HandoffReason | None]) -> Mapping[str, int]:
    counts = Counter(reason.value for reason in reasons if reason is not None)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _week_of(one: Replayed) -> str:
    year, week, _ = one.stretch.at.isocalendar()
    return f"{year}-W{week:02}"


def _week(name: str, those: Sequence[Replayed]) -> dict[str, object]:
    return {
        "week": name,
        "conversations": len(those),
        "actual": sum(one.stretch.handed_off is not None for one in those),
        "replayed": sum(one.at is not None for one in those),
        "offers": sum(one.offered for one in those),
    }
