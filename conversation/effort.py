"""How much the conversation has cost the customer so far, 0..100, with reasons in words."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversation.turns import Signal, Turn


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of the effort weights. Thresholds are on the 0..100 scale of the score."""

    version: str
    bias: float
    decay: float
    decaying: Mapping[Signal, float]
    sticky: Mapping[Signal, float]
    offer_at: float
    hand_off_at: float
    calm_below: float
    offer_every_turns: int

    @classmethod
    def from_json(cls, text: str) -> "Weights":
        """Read a weights file. Raises: ValueError naming what is missing or unknown."""
        try:
            raw: dict[str, Any] = json.loads(text)
            for group in ("decaying", "sticky"):
                raw[group] = {Signal(name): float(weight) for name, weight in raw[group].items()}
            return cls(**raw)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"The effort weights are not usable: {error}") from error


@dataclass(frozen=True, slots=True)
class Effort:
    """A score 0..100 and its largest contributions, largest first, in plain words (at most 3)."""

    score: float
    reasons: tuple[str, ...]
    version: str

    @property
    def rounded(self) -> int:
        """The score as shown."""
        return round(self.score)


def effort(turns: Sequence[Turn], weights: Weights) -> Effort:
    """Score what the conversation has cost the customer so far.

    Args: turns: the customer's turns, oldest first, their `signals` filled; may be empty.
    Source: docs/adr/0004-effort.md.
    """
    shares = _shares(turns, weights)
    logit = weights.bias + sum(shares.values())
    score = 100 / (1 + math.exp(-logit))
    return Effort(score=score, reasons=_reasons(turns, shares), version=weights.version)


def in_words(signal: Signal) -> str:
    """The signal as a clause about the customer: "was not understood"."""
    return _WORDS[signal]


def _shares(turns: Sequence[Turn], weights: Weights) -> dict[Signal, float]:
    shares: dict[Signal, float] = {}
    for turn in turns:
        for signal in shares:
            if signal in weights.decaying:
                shares[signal] *= weights.decay
        for signal, strength in turn.signals.items():
            if signal in weights.decaying:
                shares[signal] = shares.get(signal, 0.0) + weights.decaying[signal] * strength
            elif signal in weights.sticky:
                worth = weights.sticky[signal] * strength
                shares[signal] = max(shares.get(signal, 0.0), worth)
    return shares


def _reasons(turns: Sequence[Turn], shares: Mapping[Signal, float]) -> tuple[str, ...]:
    largest = sorted((s for s in shares if shares[s] > 0.05), key=lambda s: -shares[s])[:3]
    return tuple(_in_words(signal, turns) for signal in largest)


def _in_words(signal: Signal, turns: Sequence[Turn]) -> str:
    times = sum(signal in turn.signals for turn in turns)
    words = _WORDS[signal]
    return words if times < 2 or signal in _ONCE else f"{words} ({times} times)"


_ONCE = frozenset({
    Signal.LONG_CONVERSATION, Signal.REPEAT_CONTACT, Signal.OTHER_CHANNEL, Signal.BROKEN_PROMISE,
    Signal.OLD_ISSUE,
})  # fmt: skip
_WORDS = {
    Signal.NOT_UNDERSTOOD: "was not understood",
    Signal.REPHRASED: "had to say the same thing in other words",
    Signal.CORRECTED: "had to correct the assistant",
    Signal.BOT_REPEATED: "was given the same answer again",
    Signal.DEAD_END: "asked for something the assistant cannot do",
    Signal.TASK_FAILED: "a task failed",
    Signal.VALUE_REJECTED: "an answer was not accepted",
    Signal.FRUSTRATION: "the wording shows frustration",
    Signal.INSULT: "strong words",
    Signal.SHOUTING: "capitals or repeated marks",
    Signal.COMPLAINT: "complained",
    Signal.TASK_DONE: "a task was done",
    Signal.THANKED: "said thanks",
    Signal.LONG_CONVERSATION: "the conversation is long",
    Signal.ASKED_AGAIN: "was asked again for something already said",
    Signal.PROGRESS: "got on with a task",
    Signal.REPEAT_CONTACT: "had to contact us again about the same",
    Signal.OTHER_CHANNEL: "had tried another channel before",
    Signal.BROKEN_PROMISE: "was promised something that did not happen",
    Signal.OLD_ISSUE: "the problem is days old",
}
