"""The effort score: each signal, decay, reasons, and what follows from it."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conversation.effort import Weights, effort
from conversation.policy import Step, decide, level
from conversation.reasons import HandoffReason
from conversation.signals import detect, similarity
from conversation.turns import Signal, Turn

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WEIGHTS = Weights.from_json(Path("conversation/effort_weights/v2.json").read_text())
PARCEL = bytes([90] * 128 + [10] * 256)
TENT = bytes([10] * 256 + [90] * 128)


def said(text, intent="late_parcel", *, like=PARCEL, after=(), **more):
    """A turn with its signals, following `after`."""
    turn = Turn(f"m{len(after)}", NOON, text, intent, 0.9, embedding=like, **more)
    return replace(turn, signals=detect(turn, after))


def conversation(*turns):
    """Turns in a row, each given as keyword arguments or a text."""
    so_far: list[Turn] = []
    for one in turns:
        given = {"text": one} if isinstance(one, str) else one
        so_far.append(said(**given, after=tuple(so_far)))
    return so_far


def test_a_calm_first_question_costs_little_and_has_no_reasons():
    calm = effort(conversation("where is my parcel"), WEIGHTS)
    assert calm.score < WEIGHTS.calm_below
    assert calm.reasons == ()


def test_nothing_said_scores_the_bias_alone():
    assert effort([], WEIGHTS).score == pytest.approx(100 / (1 + math.exp(-WEIGHTS.bias)))


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
        ([{"text": "hm", "frustration": 0.8}], Signal.FRUSTRATION),
        ([{"text": "so?", "happened": frozenset({Signal.TASK_FAILED})}], Signal.TASK_FAILED),
    ],
)
def test_a_signal_is_seen(turns, signal):
    assert signal in conversation(*turns)[-1].signals


def test_a_new_order_number_is_progress_and_no_rephrase():
    turns = conversation("where is 1001", {"text": "and 1002", "entities": frozenset({"1002"})})
    assert Signal.REPHRASED not in turns[-1].signals


def test_the_same_answer_again_is_seen():
    turns = conversation(
        "where is it",
        {"text": "the tent i mean", "like": TENT, "replies": ("It is late.",)},
        {"text": "well", "like": bytes(384), "replies": ("It is late.",)},
    )
    assert Signal.BOT_REPEATED in turns[-1].signals


def test_calm_sentences_carry_no_signal_of_the_tone():
    for text in ("is the GORE-TEX jacket in stock", "no thank you", "my worst fear is rain"):
        assert Signal.SHOUTING not in said(text).signals


def test_effort_fades_when_things_go_well():
    struggled = conversation("where is it", "no, my parcel, where is it")
    later = [
        *struggled,
        said("a", like=TENT, after=struggled),
        said("b", like=b"", after=struggled),
    ]
    later[2:] = [replace(turn, signals={}) for turn in later[2:]]
    assert effort(later, WEIGHTS).score < effort(struggled, WEIGHTS).score


def test_a_task_that_was_done_relieves():
    struggled = conversation("cancel it", "no, cancel the order")
    relieved = [*struggled, said("ok", "affirm", happened=frozenset({Signal.TASK_DONE}))]
    assert effort(relieved, WEIGHTS).score < effort(struggled, WEIGHTS).score


def test_the_three_largest_reasons_are_told_in_words_with_how_often():
    turns = conversation("where is it", "no, my parcel", "you don't get it, useless")
    reasons = effort(turns, WEIGHTS).reasons
    assert len(reasons) == 3
    assert "had to correct the assistant (2 times)" in reasons


def test_three_annoyed_turns_bring_a_person():
    turns = conversation(
        "where is my parcel", "no, the parcel, where is it", "you dont get it, this is useless"
    )
    steps = [decide(turns[:n], effort(turns[:n], WEIGHTS), WEIGHTS) for n in (1, 2, 3)]
    assert [one.step for one in steps] == [Step.GO_ON, Step.OFFER, Step.HAND_OFF]
    assert steps[-1].reason is HandoffReason.EFFORT


def test_a_person_is_offered_once_in_three_turns():
    turns = conversation("where is it", "no, where is it")
    turns[1] = replace(turns[1], offered=True)
    turns.append(replace(said("hm", like=TENT), signals={Signal.CORRECTED: 1.0}))
    score = replace(effort(turns, WEIGHTS), score=50.0)
    assert decide(turns, score, WEIGHTS).step is Step.GO_ON


def test_the_level_is_left_late():
    score = effort([], WEIGHTS)
    assert level(replace(score, score=45.0), WEIGHTS, "calm") == "strained"
    assert level(replace(score, score=30.0), WEIGHTS, "strained") == "strained"
    assert level(replace(score, score=20.0), WEIGHTS, "strained") == "calm"
    assert level(replace(score, score=70.0), WEIGHTS, "calm") == "high"


def test_similarity_is_a_cosine_and_nothing_without_vectors():
    assert similarity(PARCEL, PARCEL) == pytest.approx(1.0)
    assert similarity(PARCEL, TENT) < 0.6
    assert similarity(b"", PARCEL) == 0.0


@pytest.mark.parametrize("text", ["", "{}", '{"version": "1", "decaying": {"unknown": 1}}'])
def test_a_broken_weights_file_is_refused_with_words(text):
    with pytest.raises(ValueError, match="The effort weights are not usable"):
        Weights.from_json(text)
