"""A turn together with what was concluded from it: what review reads."""

from dataclasses import dataclass

from conversation.effort import Effort
from conversation.policy import Decision
from conversation.turns import Turn


@dataclass(frozen=True, slots=True)
class AnnotatedTurn:
    """One customer turn, its effort score and the decision it led to.

    `shadow` is what other weights would have scored; nothing follows from it.
    """

    turn: Turn
    effort: Effort
    decision: Decision
    shadow: Effort | None = None
