"""Find the signals of effort in one customer turn. Pure; reads text, never the database."""

import math
from collections.abc import Mapping, Sequence

from conversation import asking, sharpness, wording
from conversation.brevity import words
from conversation.topics import COMPLAINT, topic_of
from conversation.turns import UNREAD, Signal, Turn

REPHRASE_SIMILARITY = 0.62
_SAME_INTENT_SIMILARITY = 0.45
_ALIKE = 0.5  # replies that share so many of their words say the same
_LOOK_BACK = 3
_USUAL_TURNS = 6  # where nothing is known of an intent
_ASKED_ANYWAY = ("Did this help?",)  # after every article
# The NLU's scores are softer than the verdicts of people who rate a message as frustrated or not;
# where no more than a tenth of them would say so, nothing was heard.
_SHARPER = 1.5
_MORE = 0.1  # logits: of real messages to support more are frustrated than of those it learnt from
_QUIET = 0.1
_LOUD, _FEW_WORDS, _READ_WELL = 0.75, 5, 0.7  # for requests that say nothing but what is wanted
_QUIET_INTENTS = frozenset({
    "greet", "thank", "praise", "goodbye", "affirm", "deny", "hold_on", "small_talk",
    "next_step", "previous_step", "repeat_step", "stop_task", "other_one",
})  # fmt: skip
_EXPLAINS_A_REFUSAL = frozenset({Signal.TASK_FAILED, Signal.VALUE_REJECTED, Signal.TASK_DONE})
_EXPLAINED_BEFORE = frozenset({Signal.NOT_UNDERSTOOD, Signal.DEAD_END})


def detect(
    turn: Turn,
    earlier: Sequence[Turn],
    *,
    answers: bool = False,
    usual_turns: Mapping[str, int] | None = None,
) -> Mapping[Signal, float]:
    """The signals of `turn`, with strengths 0..1.

    Args: earlier: the customer's turns before it, oldest first, with their signals; may be empty.
    answers: the message is an answer that was asked for, such as an address, so that its intent
    says nothing. usual_turns: by intent, how many turns three of four conversations about it need.
    """
    found: dict[Signal, float] = dict.fromkeys(turn.happened, 1.0)
    if not answers:
        found.update(_lost(turn, earlier))
    found.update(_tone(turn))
    if earlier and not answers:
        found.update(_response(turn))
    if earlier:
        found.update(_of_the_replies(turn, earlier))
        found.update(_length([*earlier, turn], usual_turns or {}))
    return {signal: strength for signal, strength in found.items() if strength > 0}


def _lost(turn: Turn, earlier: Sequence[Turn]) -> Mapping[Signal, float]:
    found: dict[Signal, float] = {}
    if turn.intent in (None, "nlu_fallback"):
        found[Signal.NOT_UNDERSTOOD] = 1.0
    if turn.intent == "out_of_scope":
        found[Signal.DEAD_END] = 1.0
    found[Signal.REPHRASED] = _rephrased(turn, earlier)
    return found


def similarity(one: bytes, other: bytes) -> float:
    """Cosine of two int8 embeddings, -1..1; 0 where either is missing."""
    if not one or len(one) != len(other):
        return 0.0
    a, b = memoryview(one).cast("b"), memoryview(other).cast("b")
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    lengths = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return dot / lengths if lengths else 0.0


def _rephrased(turn: Turn, earlier: Sequence[Turn]) -> float:
    if turn.intent in _QUIET_INTENTS or not earlier:
        return 0.0
    known = frozenset().union(*(past.entities for past in earlier))
    if turn.entities - known:
        return 0.0
    recent = [past for past in earlier[-_LOOK_BACK:] if past.intent not in _QUIET_INTENTS]
    nearness = [similarity(turn.embedding, past.embedding) for past in recent]
    if any(near >= REPHRASE_SIMILARITY for near in nearness):
        return 1.0
    again = bool(recent) and recent[-1] is earlier[-1] and recent[-1].intent == turn.intent
    read = turn.intent not in (None, UNREAD, "nlu_fallback", "out_of_scope")
    return 0.5 if again and read and nearness[-1] >= _SAME_INTENT_SIMILARITY else 0.0


def _tone(turn: Turn) -> Mapping[Signal, float]:
    text, intent = turn.text, turn.intent
    calm = turn.frustration is None or (turn.frustration < _LOUD and _is_bare_request(turn))
    heard = 0.0 if calm else _strength(turn.frustration or 0.0, sharpness.sharper_by(text))
    corrected = intent == "correct_bot" or wording.corrects(text)
    pleased = intent in ("thank", "praise") or (heard < 0.5 and wording.pleased(text))
    pleased = pleased and not wording.mocks(text)
    return {
        Signal.FRUSTRATION: heard,
        Signal.CORRECTED: float(corrected),
        Signal.COMPLAINT: float(intent == "complain"),
        Signal.INSULT: float(wording.insults(text)),
        Signal.SHOUTING: float(wording.shouts(text)),
        Signal.THANKED: float(pleased),
    }


def _is_bare_request(turn: Turn) -> bool:
    """True for "cancel my order": the matter sounds bad to who reads comments, not the customer."""
    about = topic_of(turn.intent) if turn.intent else None
    return (
        about not in (None, COMPLAINT)
        and turn.confidence >= _READ_WELL
        and words(turn.text) <= _FEW_WORDS
        and not (wording.negations(turn.text) or wording.insults(turn.text))
        and not wording.shouts(turn.text)
    )


def _strength(frustration: float, sharper: float) -> float:
    score = min(0.999, max(0.001, frustration))
    verdict = 1 / (1 + math.exp(_SHARPER * math.log((1 - score) / score) - _MORE - sharper))
    return max(0.0, (verdict - _QUIET) / (1 - _QUIET))


def _response(turn: Turn) -> Mapping[Signal, float]:
    """How the customer takes what was said to them."""
    found: dict[Signal, float] = {}
    closing = bool(turn.replies) and wording.closes(turn.replies[-1])
    if turn.intent == "stop_task":  # leaving is a wish, which is obeyed, not an answer
        return {}
    no = wording.says_no(turn.text)
    if not (no and closing):  # "no, that is all" is the best of ends
        found[Signal.NEGATIVE] = min(1.0, 0.75 * math.sqrt(wording.negations(turn.text)))
        answered = bool(turn.replies) and not wording.asks_openly(turn.replies[-1])
        found[Signal.DECLINED] = float(no and answered)
    found[Signal.WANTED_OTHER] = float(wording.wants_other(turn.text))
    found[Signal.ACCEPTED] = float(wording.says_yes(turn.text) and bool(turn.replies))
    return found


def _of_the_replies(turn: Turn, earlier: Sequence[Turn]) -> Mapping[Signal, float]:
    before = [reply for past in earlier[-_LOOK_BACK:] for reply in past.replies]
    found: dict[Signal, float] = {Signal.BOT_REPEATED: _repeated(turn.replies, before)}
    explained = (
        turn.happened & _EXPLAINS_A_REFUSAL or earlier[-1].signals.keys() & _EXPLAINED_BEFORE
    )
    an_article = any(reply in _ASKED_ANYWAY for reply in turn.replies)
    if not (explained or an_article) and any(map(wording.turns_away, turn.replies)):
        found[Signal.TURNED_AWAY] = 1.0
    said = [past.text for past in earlier]
    if asking.asks_for_known(turn.replies, said) or asking.asks_once_more(turn.replies, before):
        found[Signal.ASKED_AGAIN] = 1.0
    return found


def _repeated(replies: Sequence[str], before: Sequence[str]) -> float:
    now = [reply for reply in replies if reply not in _ASKED_ANYWAY]
    if any(reply in before for reply in now):
        return 1.0
    nearest = max((asking.alike(reply, past) for reply in now for past in before), default=0.0)
    return nearest if nearest >= _ALIKE else 0.0


def subject(turns: Sequence[Turn]) -> str | None:
    """What a conversation is about: the first intent that says so; None where none does."""
    return next((one.intent for one in turns if one.intent not in _QUIET_INTENTS), None)


def _length(turns: Sequence[Turn], usual: Mapping[str, int]) -> Mapping[Signal, float]:
    enough = usual.get(subject(turns) or "", usual.get("any", _USUAL_TURNS))
    return {Signal.LONG_CONVERSATION: min(1.0, max(0, len(turns) - enough) / enough)}
