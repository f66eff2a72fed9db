"""What follows from a turn: go on, offer a person, or bring one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from conversation.effort import Effort, Weights, effort
from conversation.reasons import HandoffReason
from conversation.turns import Signal, Turn
from conversation.wishes import asks_for_person, is_sensitive
from conversation.wording import says_yes

# The bot's answers to these end in a question of their own: an offer beside it would make a yes
# mean two things. (Where an answer happens to ask, bot/policies/handoff_policy.py holds it back.)
_ANSWERED_WITH_A_QUESTION = frozenset({
    "cancel_order", "change_address", "return_item", "exchange_item", "request_refund",
    "reorder", "delete_account", "data_request", "damaged_item", "wrong_item", "missing_item",
    "confirmation_missing", "complain", "out_of_scope", "product_safety", "legal_threat",
    "fraud", "nlu_fallback", "correct_bot", "ask_person", "greet", "thank", "praise", "deny",
    "stop_task", "affirm",
})  # fmt: skip
# In a form a person is offered in passing, before its question. These are answered with a person
# anyway, or end the form, so that a yes could mean the offer.
_NOT_IN_PASSING = frozenset({
    "affirm", "deny", "stop_task", "ask_person", "complain", "out_of_scope", "product_safety",
    "legal_threat", "fraud",
})  # fmt: skip
_ANGRY = 0.5  # strength of frustration from which most people would say so
_SURE = 0.8  # that a yes was meant, where the words do not begin with one
_STUCK_BEFORE_A_PERSON = 3  # two different clarifications, then a person


class Step(StrEnum):
    """What to do about a person after this turn."""

    GO_ON = "go_on"
    OFFER = "offer"
    HAND_OFF = "hand_off"


@dataclass(frozen=True, slots=True)
class Decision:
    """The step, with the reason where it is a handoff."""

    step: Step
    reason: HandoffReason | None = None


def decide(turns: Sequence[Turn], score: Effort, weights: Weights) -> Decision:
    """Decide after the newest of `turns` (at least one, oldest first, signals filled).

    Rules outside the score come first; then the score offers or hands off by its thresholds. It
    brings nobody unasked on the first message, or for what came before the chat alone: a person is
    offered then, at most once in `weights.offer_every_turns` turns. In a form it is an offer in
    passing: a yes stays a yes to the form's question.
    """
    reason = _at_once(turns)
    if reason is None and score.score >= weights.hand_off_at:
        reason = HandoffReason.EFFORT if _struggles_on(turns, weights) else None
    if reason is not None:
        return Decision(Step.HAND_OFF, reason)
    lately = _offered_lately(turns, weights)
    if score.score >= weights.offer_at and not lately and _has_room(turns[-1]):
        return Decision(Step.OFFER)
    return Decision(Step.GO_ON)


def _has_room(turn: Turn) -> bool:
    """Whether an offer fits beside the answer; who gets on with a form is not interrupted."""
    if turn.in_form:
        return turn.intent not in _NOT_IN_PASSING and Signal.PROGRESS not in turn.signals
    return turn.intent not in _ANSWERED_WITH_A_QUESTION


def _at_once(turns: Sequence[Turn]) -> HandoffReason | None:
    turn, before = turns[-1], turns[-2] if len(turns) > 1 else None
    if asks_for_person(turn.text, turn.intent, turn.confidence):
        return HandoffReason.ASKED
    if before is not None and before.offered and _agrees(turn):
        return HandoffReason.ACCEPTED_OFFER
    if is_sensitive(turn.text, turn.intent, turn.confidence):
        return HandoffReason.SENSITIVE
    lately = turns[-_STUCK_BEFORE_A_PERSON:]
    if len(lately) == _STUCK_BEFORE_A_PERSON and all(map(_stuck, lately)):
        return HandoffReason.NOT_UNDERSTOOD
    if sum(Signal.TASK_FAILED in past.signals for past in turns[-3:]) >= 2:
        return HandoffReason.TASK_FAILED
    return None


def _agrees(turn: Turn) -> bool:
    sure = turn.confidence >= _SURE or says_yes(turn.text)
    return turn.intent == "affirm" and sure and not turn.in_form


def _struggles_on(turns: Sequence[Turn], weights: Weights) -> bool:
    """Whether this chat has cost as much without what came before, and an offer is not enough.

    It is enough on the first bad turn, unless a task has failed, or the customer is angry and the
    answer asks something else, so that none can be made. Who wants to leave a task is let go first.
    """
    alone = replace(weights, sticky=dict.fromkeys(weights.sticky, 0.0))
    if len(turns) < 2 or effort(turns, alone).score < weights.hand_off_at:
        return False
    turn = turns[-1]
    if Signal.TASK_FAILED in turn.signals or turn.intent == "stop_task":
        return turn.intent != "stop_task"
    no_offer = turn.intent in _ANSWERED_WITH_A_QUESTION and not turn.in_form
    before = effort(turns[:-1], alone).score
    if no_offer and (_angry(turn) or _angry(turns[-2])):
        return True
    return before >= (weights.calm_below if no_offer else weights.offer_at)


def _angry(turn: Turn) -> bool:
    loud = turn.signals.keys() & {Signal.INSULT, Signal.SHOUTING}
    return bool(loud) or turn.signals.get(Signal.FRUSTRATION, 0.0) >= _ANGRY


def _stuck(turn: Turn) -> bool:
    return Signal.NOT_UNDERSTOOD in turn.signals or Signal.DEAD_END in turn.signals


def _offered_lately(turns: Sequence[Turn], weights: Weights) -> bool:
    return any(past.offered for past in turns[-weights.offer_every_turns - 1 : -1])


def level(score: float, before: float, weights: Weights, previous: str) -> str:
    """calm, strained or high, for Rasa's `effort_level` slot; leaves a raised level late.

    Args: score, before: of this turn and of the one before it, 0..100. previous: the level then.
    A raised level is left once two turns in a row were calm.
    """
    if score >= weights.hand_off_at:
        return "high"
    if score >= weights.offer_at:
        return "strained"
    calm = max(score, before) < weights.calm_below
    return "calm" if calm else previous
