"""How much the conversation has cost the customer so far, 0..100, with reasons in words."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversation.turns import Signal, Turn


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of the effort weights. Thresholds are on the 0..100 scale of the score.

    A decaying signal counts in full in its turn, and `decay` of that in every later one; a sticky
    one counts once, at its strongest. `cuts` are the scores from which a turn is of level 1, 2, 3
    and 4 (0 calm, 4 furious). `usual_turns` has by intent, and under "any", after how many turns a
    conversation is long. `source` says where the weights come from.
    """

    version: str
    bias: float
    decay: float
    decaying: Mapping[Signal, float]
    sticky: Mapping[Signal, float]
    offer_at: float
    hand_off_at: float
    calm_below: float
    offer_every_turns: int
    cuts: tuple[float, ...] = ()
    usual_turns: Mapping[str, int] = field(default_factory=dict)
    source: str = ""

    @classmethod
    def from_json(cls, text: str) -> "Weights":
        """Read a weights file. Raises: ValueError naming what is missing, unknown or impossible."""
        try:
            raw: dict[str, Any] = json.loads(text)
            for group in ("decaying", "sticky"):
                raw[group] = {Signal(name): float(weight) for name, weight in raw[group].items()}
            weights = cls(
                **{**raw, "cuts": tuple(raw["cuts"]), "usual_turns": dict(raw["usual_turns"])}
            )
            weights._check()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"The effort weights are not usable: {error}") from error
        return weights

    def of(self, signal: Signal) -> float:
        """What one occurrence of the signal adds to the logit of the score."""
        return self.decaying[signal] if signal in self.decaying else self.sticky[signal]

    def _check(self) -> None:
        named = [*self.decaying, *self.sticky]
        missing = [signal.value for signal in Signal if signal not in named]
        if missing:
            raise ValueError(f"no weight for {', '.join(missing)}; 0 leaves a signal out")
        if len(named) > len(set(named)):
            raise ValueError("a signal stands under both decaying and sticky")
        if not 0 <= self.decay < 1:
            raise ValueError("decay must be at least 0 and below 1")
        if len(self.cuts) != 4 or list(self.cuts) != sorted(self.cuts):
            raise ValueError("cuts must be four rising scores")
        if not 0 <= self.calm_below <= self.offer_at <= self.hand_off_at <= 100:
            raise ValueError("calm_below, offer_at and hand_off_at must rise, from 0 to 100")
        if any(turns < 1 for turns in self.usual_turns.values()):
            raise ValueError("usual_turns must be at least 1")


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
    shares = {signal: weights.of(signal) * much for signal, much in felt(turns, weights).items()}
    logit = weights.bias + sum(shares.values())
    score = 100 / (1 + math.exp(-logit))
    return Effort(score=score, reasons=_reasons(turns, shares), version=weights.version)


def felt(turns: Sequence[Turn], weights: Weights) -> Mapping[Signal, float]:
    """How strongly each signal is felt after the newest of `turns`; its weight is not in it."""
    strong: dict[Signal, float] = {}
    for turn in turns:
        for signal in strong.keys() & weights.decaying.keys():
            strong[signal] *= weights.decay
        for signal, strength in turn.signals.items():
            if signal in weights.decaying:
                strong[signal] = strong.get(signal, 0.0) + strength
            else:
                strong[signal] = max(strong.get(signal, 0.0), strength)
    return strong


def in_words(signal: Signal) -> str:
    """The signal as a clause about the customer: "was not understood"."""
    return _WORDS[signal]


def _reasons(turns: Sequence[Turn], shares: Mapping[Signal, float]) -> tuple[str, ...]:
    named = (s for s in shares if shares[s] > 0.05 and _times(s, turns))
    largest = sorted(named, key=lambda s: -shares[s])[:3]
    return tuple(_in_words(signal, turns) for signal in largest)


def seen(signal: Signal, turn: Turn) -> bool:
    """True where a reader of the turn would see the signal too."""
    return signal in turn.signals and turn.signals[signal] >= _SEEN_FROM.get(signal, 0.0)


def _times(signal: Signal, turns: Sequence[Turn]) -> int:
    return sum(seen(signal, turn) for turn in turns)


def _in_words(signal: Signal, turns: Sequence[Turn]) -> str:
    times = _times(signal, turns)
    words = _WORDS[signal]
    return words if times < 2 or signal in _ONCE else f"{words} ({times} times)"


_ONCE = frozenset({
    Signal.LONG_CONVERSATION, Signal.REPEAT_CONTACT, Signal.OTHER_CHANNEL, Signal.BROKEN_PROMISE,
    Signal.OLD_ISSUE,
})  # fmt: skip
_SEEN_FROM = {Signal.FRUSTRATION: 0.35}  # traces of it are in many a calm message
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
    Signal.ASKED_AGAIN: "was asked for something once more",
    Signal.PROGRESS: "got on with a task",
    Signal.REPEAT_CONTACT: "had to contact us again about the same",
    Signal.OTHER_CHANNEL: "had tried another channel before",
    Signal.BROKEN_PROMISE: "was promised something that did not happen",
    Signal.OLD_ISSUE: "the problem is days old",
    Signal.NEGATIVE: "answered that something is not so",
    Signal.DECLINED: "said no to an answer",
    Signal.WANTED_OTHER: "asked for another way",
    Signal.TURNED_AWAY: "was told that something is not possible",
    Signal.ACCEPTED: "agreed with an answer",
}
