"""Each signal of effort, seen where it is there and not where it only seems to be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversation.signals import detect
from conversation.turns import UNREAD, Signal, Turn

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PARCEL = bytes([90] * 128 + [10] * 256)
NEAR = bytes([40] * 128 + [70] * 128 + [10] * 128)
TENT = bytes([10] * 256 + [90] * 128)


def said(text, intent="late_parcel", *, like=PARCEL, after=(), **more):
    """A turn with its signals, following `after`."""
    turn = Turn(f"m{len(after)}", NOON, text, intent, 0.9, embedding=like, **more)
    return replace(turn, signals=detect(turn, after))


def signals(*turns):
    """The signals of the last of these turns, each given as keyword arguments or a text."""
    so_far: list[Turn] = []
    for one in turns:
        given = {"text": one} if isinstance(one, str) else one
        so_far.append(said(**given, after=tuple(so_far)))
    return so_far[-1].signals


def replied(text, *replies, **more):
    """A later message, of another subject than the one before, after these replies."""
    return {"text": text, "like": TENT, "intent": UNREAD, "replies": replies, **more}


@pytest.mark.parametrize(
    ("turns", "signal"),
    [
        (["where is my parcel", "my parcel, where is it"], Signal.REPHRASED),
        (["where is it", {"text": "no, I meant the tent", "like": TENT}], Signal.CORRECTED),
        ([{"text": "qwrt", "intent": "nlu_fallback"}], Signal.NOT_UNDERSTOOD),
        ([{"text": "who won the cup", "intent": "out_of_scope"}], Signal.DEAD_END),
        (["this is useless"], Signal.INSULT),
        (["WHERE IS MY PARCEL"], Signal.SHOUTING),
        (["where is it?!"], Signal.SHOUTING),
        ([{"text": "i am not happy", "intent": "complain"}], Signal.COMPLAINT),
        ([{"text": "cheers", "intent": "thank"}], Signal.THANKED),
        ([replied("great, thank you")], Signal.THANKED),
        ([{"text": "hm", "frustration": 0.8}], Signal.FRUSTRATION),
        ([{"text": "so?", "happened": frozenset({Signal.TASK_FAILED})}], Signal.TASK_FAILED),
        ([{"text": "x", "happened": frozenset({Signal.VALUE_REJECTED})}], Signal.VALUE_REJECTED),
        ([{"text": "ok", "happened": frozenset({Signal.TASK_DONE})}], Signal.TASK_DONE),
        ([{"text": "ok", "happened": frozenset({Signal.PROGRESS})}], Signal.PROGRESS),
        (["hi", {"text": "hi", "happened": frozenset({Signal.REPEAT_CONTACT})}],
         Signal.REPEAT_CONTACT),
        (["a tent", replied("no, not that one", "We have the Fell.")], Signal.DECLINED),
        (["a tent", replied("no, the other", "Shall I say when it ships?")], Signal.DECLINED),
        (["a tent", replied("that is not in the list", "Look here.")], Signal.NEGATIVE),
        (["a tent", replied("do you have anything else", "We have one.")], Signal.WANTED_OTHER),
        (["a tent", replied("yes please", "Shall I send it?")], Signal.ACCEPTED),
        (["a tent", replied("hm", "I could not find that.")], Signal.TURNED_AWAY),
        (["a tent", replied("hm", "There are no results.")], Signal.TURNED_AWAY),
    ],
)  # fmt: skip
def test_a_signal_is_seen(turns, signal):
    assert signals(*turns)[signal] > 0


@pytest.mark.parametrize(
    ("turns", "signal"),
    [
        (["where is it", replied("no, that is all", "Anything else I can do?")], Signal.DECLINED),
        (["where is it", replied("no, that is all", "Anything else I can do?")], Signal.NEGATIVE),
        (["where is it", replied("no problem", "I will look.")], Signal.DECLINED),
        (["a tent", replied("no label on it", "Which size is it?")], Signal.DECLINED),
        (["no newsletter please"], Signal.DECLINED),
        ([replied("thanks for nothing, not one answer")], Signal.THANKED),
        ([replied("great service, as always", frustration=0.9)], Signal.THANKED),
        (["a tent", replied("hm", "I am sorry to hear that it is late.")], Signal.TURNED_AWAY),
        (["a tent", replied("hm", "I could not do that.",
                            happened=frozenset({Signal.TASK_FAILED}))], Signal.TURNED_AWAY),
        ([{"text": "qwrt", "intent": "nlu_fallback"}, replied("hm", "I cannot tell.")],
         Signal.TURNED_AWAY),
        ([{"text": "well", "frustration": 0.05}], Signal.FRUSTRATION),
        ([{"text": "hm", "intent": UNREAD}], Signal.NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_a_signal_that_only_seems_to_be_there_is_not_seen(turns, signal):
    assert signal not in signals(*turns)


@pytest.mark.parametrize(
    "text", ["is the GORE-TEX jacket in stock", "no thank you", "my worst fear is rain"]
)
def test_calm_sentences_carry_no_signal_of_the_tone(text):
    assert not {Signal.SHOUTING, Signal.INSULT, Signal.COMPLAINT} & said(text).signals.keys()


def test_a_new_order_number_is_progress_and_no_rephrase():
    found = signals("where is 1001", {"text": "and 1002", "entities": frozenset({"1002"})})
    assert Signal.REPHRASED not in found


def test_the_same_wish_in_rather_different_words_counts_half():
    found = signals("where is my parcel", {"text": "is it still not here", "like": NEAR})
    assert found[Signal.REPHRASED] == 0.5
    assert signals("where is it", {"text": "a tent", "like": TENT}).get(Signal.REPHRASED) is None


def test_the_same_answer_again_is_seen_and_nearly_the_same_counts_in_part():
    late = "Your parcel is late, it should come on Friday."
    turns = ("where is it", replied("the tent i mean", late))
    assert signals(*turns, replied("well", late))[Signal.BOT_REPEATED] == 1.0
    nearly = "Your parcel is late, it should come on Monday."
    assert 0.5 <= signals(*turns, replied("well", nearly))[Signal.BOT_REPEATED] < 1.0
    assert Signal.BOT_REPEATED not in signals(*turns, replied("well", "Which tent?"))


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        ("where is order 100237", "What is the order number?"),
        ("my mail is ada@example.org", "Please tell me your email address."),
        ("a table on friday for two people", "For how many people is it?"),
        ("a table on friday for two people", "What day shall I book?"),
        ("i need it by 5 pm", "What time do you need it?"),
    ],
)
def test_asking_for_what_was_said_is_seen(first, asked):
    assert Signal.ASKED_AGAIN in signals(first, replied("hm", asked))
    assert Signal.ASKED_AGAIN not in signals("hello there", replied("hm", asked))


def test_asking_the_same_question_again_is_seen_but_not_whether_there_is_more():
    asked = ("hello", replied("the blue one", "Which colour of jacket would suit you?"))
    again = replied("BLUE", "Which colour of jacket would suit you best?")
    assert Signal.ASKED_AGAIN in signals(*asked, again)
    closing = ("hello", replied("the blue one", "Can I help you with anything else?"))
    assert Signal.ASKED_AGAIN not in signals(
        *closing, replied("yes", "Can I help you with anything else?")
    )


def test_a_conversation_is_long_after_what_its_subject_usually_needs():
    turns = [Turn(f"m{n}", NOON, "go on", "cancel_order") for n in range(9)]
    usual = {"any": 6, "cancel_order": 4, "order_status": 9}

    def long(count, intent="cancel_order"):
        these = [replace(turn, intent=intent) for turn in turns[:count]]
        found = detect(these[-1], these[:-1], usual_turns=usual)
        return found.get(Signal.LONG_CONVERSATION, 0.0)

    assert [long(4), long(5), long(8), long(9)] == [0, 0.25, 1, 1]
    assert long(9, "order_status") == 0
    assert long(7, "late_parcel") == pytest.approx(1 / 6)


def test_an_answer_that_was_asked_for_is_neither_lost_nor_a_rephrase():
    turn = Turn("m1", NOON, "4 Elm Row", "nlu_fallback", embedding=PARCEL)
    found = detect(turn, [said("where is it")], answers=True)
    assert not {Signal.NOT_UNDERSTOOD, Signal.REPHRASED} & found.keys()


def test_a_no_that_a_form_asked_for_turns_nothing_down():
    turn = Turn("m1", NOON, "no", "deny", replies=("Shall I cancel order 1007?",))
    before = [said("cancel my order", "cancel_order")]
    assert not {Signal.DECLINED, Signal.NEGATIVE} & detect(turn, before, answers=True).keys()
    assert Signal.DECLINED in detect(turn, before)


@pytest.mark.parametrize(
    ("text", "intent", "score", "calm"),
    [
        ("cancel my order", "cancel_order", 0.54, True),
        ("get me a refund", "request_refund", 0.55, True),
        ("cancel my damn order", "cancel_order", 0.8, False),
        ("where is it, its been weeks now", "order_status", 0.6, False),
        ("i want to complain", "complain", 0.6, False),
        ("its not here", "late_parcel", 0.6, False),
    ],
)
def test_a_bare_request_says_what_is_wanted_and_no_more(text, intent, score, calm):
    heard = signals({"text": text, "intent": intent, "frustration": score})
    assert (Signal.FRUSTRATION not in heard) is calm


def test_the_wording_moves_the_frustration_that_the_nlu_hears():
    def heard(text):
        return signals({"text": text, "intent": UNREAD, "frustration": 0.4})[Signal.FRUSTRATION]

    assert heard("the zip does not close!") > heard("the zip does not close")
    assert heard("does the zip close at the top?") < heard("the zip closes at the top")


@pytest.mark.parametrize(
    "text",
    [
        "oh great, another bot. wonderful",
        "thanks for nothing",
        "great, just great",
        "nice job, lost",
    ],
)
def test_mock_praise_is_no_relief(text):
    assert Signal.THANKED not in signals({"text": text, "intent": "thank"})
    assert Signal.THANKED in signals({"text": "oh great, thanks a lot", "intent": "thank"})


def test_an_article_turns_nobody_away():
    article = "A voucher cannot be added later. There is no limit."
    after = replied("so what now", article, "Did this help?")
    assert Signal.TURNED_AWAY not in signals("can i use it", after)
    assert Signal.TURNED_AWAY in signals("can i use it", replied("so what now", article))
    step = replied("so what now", "Step 2 of 4. If there is no sleeve, fold the pole twice.")
    assert Signal.TURNED_AWAY not in signals("how do i mend it", step)
