"""Find the signals of effort in one customer turn. Pure; reads text, never the database."""

import re
from collections.abc import Mapping, Sequence

from conversation.turns import Signal, Turn

REPHRASE_SIMILARITY = 0.62
_LOOK_BACK = 3
_LONG_AFTER = 6
_ASKED_ANYWAY = ("Did this help?",)  # after every article

_CORRECTION = re.compile(
    r"\b(no,? (i|that|not|my|it|the)|that'?s (not|wrong)|not what i"
    r"|i (already|just) (said|told|gave|wrote)|i meant|wrong (order|answer|one)"
    r"|you (don'?t|do not|didn'?t) (get|understand|listen|read)|(read|listen to) what i|again\?)",
    re.IGNORECASE,
)
_INSULT = re.compile(
    r"\b(useless|stupid|idiot(ic)?|dumb|moron|crap(py)?|rubbish|garbage|pathetic|bullshit|fuck\w*"
    r"|shit\w*|wtf|(this|it|that)( is|'s) a joke|ridiculous|incompetent"
    r"|worst (service|company|shop|support|experience))\b",
    re.IGNORECASE,
)
_SHOUTED_MARKS = re.compile(r"(\?!|!\?|!{2,}|\?{2,})")
_QUIET_INTENTS = frozenset({
    "greet", "thank", "praise", "goodbye", "affirm", "deny", "hold_on", "small_talk",
    "next_step", "previous_step", "repeat_step", "stop_task", "other_one",
})  # fmt: skip


def detect(turn: Turn, earlier: Sequence[Turn], *, answers: bool = False) -> Mapping[Signal, float]:
    """The signals of `turn`, with strengths 0..1.

    Args: earlier: the customer's turns before it, oldest first; may be empty. answers: the message
    is an answer that was asked for, such as an address, so that its intent says nothing.
    """
    found: dict[Signal, float] = dict.fromkeys(turn.happened, 1.0)
    if not answers:
        found.update(_lost(turn, earlier))
    if turn.intent == "correct_bot" or _CORRECTION.search(turn.text):
        found[Signal.CORRECTED] = 1.0
    if _bot_repeated(turn, earlier):
        found[Signal.BOT_REPEATED] = 1.0
    if turn.intent == "complain":
        found[Signal.COMPLAINT] = 1.0
    if turn.intent in ("thank", "praise"):
        found[Signal.THANKED] = 1.0
    found.update(_tone(turn))
    if len(earlier) >= _LONG_AFTER:
        found[Signal.LONG_CONVERSATION] = min(1.0, (len(earlier) - _LONG_AFTER + 1) / _LONG_AFTER)
    return found


def _lost(turn: Turn, earlier: Sequence[Turn]) -> Mapping[Signal, float]:
    found: dict[Signal, float] = {}
    if turn.intent in (None, "nlu_fallback"):
        found[Signal.NOT_UNDERSTOOD] = 1.0
    if turn.intent == "out_of_scope":
        found[Signal.DEAD_END] = 1.0
    if _rephrases(turn, earlier):
        found[Signal.REPHRASED] = 1.0
    return found


def similarity(one: bytes, other: bytes) -> float:
    """Cosine of two int8 embeddings, -1..1; 0 where either is missing."""
    if not one or len(one) != len(other):
        return 0.0
    a, b = memoryview(one).cast("b"), memoryview(other).cast("b")
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    lengths = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return dot / lengths if lengths else 0.0


def _rephrases(turn: Turn, earlier: Sequence[Turn]) -> bool:
    if turn.intent in _QUIET_INTENTS or not earlier:
        return False
    known = frozenset().union(*(past.entities for past in earlier))
    if turn.entities - known:
        return False
    recent = [past for past in earlier[-_LOOK_BACK:] if past.intent not in _QUIET_INTENTS]
    return any(similarity(turn.embedding, past.embedding) >= REPHRASE_SIMILARITY for past in recent)


def _bot_repeated(turn: Turn, earlier: Sequence[Turn]) -> bool:
    said = {reply for past in earlier[-_LOOK_BACK:] for reply in past.replies}
    return any(reply in said for reply in turn.replies if reply not in _ASKED_ANYWAY)


def _tone(turn: Turn) -> Mapping[Signal, float]:
    found: dict[Signal, float] = {}
    if turn.frustration:
        found[Signal.FRUSTRATION] = min(1.0, max(0.0, turn.frustration))
    if _INSULT.search(turn.text):
        found[Signal.INSULT] = 1.0
    letters = [letter for letter in turn.text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if _SHOUTED_MARKS.search(turn.text) or (len(letters) >= 8 and capitals > 0.7 * len(letters)):
        found[Signal.SHOUTING] = 1.0
    return found
