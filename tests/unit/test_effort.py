"""The effort score: each signal, decay, reasons, and what follows from it."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conversation.effort import Weights, effort, in_words
from conversation.policy import Step, decide, level
from conversation.reasons import HandoffReason
from conversation.signals import detect, similarity
from conversation.turns import Signal, Turn

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SHIPPED = Path("conversation/effort_weights/v3.json")
WEIGHTS = Weights.from_json(SHIPPED.read_text())
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
    assert level(45.0, 10.0, WEIGHTS, "calm") == "strained"
    assert level(30.0, 45.0, WEIGHTS, "strained") == "strained"
    assert level(20.0, 30.0, WEIGHTS, "strained") == "strained"
    assert level(20.0, 24.0, WEIGHTS, "strained") == "calm"
    assert level(80.0, 0.0, WEIGHTS, "calm") == "high"


def test_a_trace_of_frustration_is_no_reason_that_is_named():
    trace, clear = {Signal.FRUSTRATION: 0.2}, {Signal.FRUSTRATION: 0.6}
    turns = [replace(said("its too big"), signals=trace), replace(said("so"), signals=trace)]
    assert effort(turns, WEIGHTS).reasons == ()
    turns.append(replace(said("fed up"), signals=clear))
    assert effort(turns, WEIGHTS).reasons == ("the wording shows frustration",)


def test_similarity_is_a_cosine_and_nothing_without_vectors():
    assert similarity(PARCEL, PARCEL) == pytest.approx(1.0)
    assert similarity(PARCEL, TENT) < 0.6
    assert similarity(b"", PARCEL) == 0.0


def test_a_sticky_signal_does_not_fade():
    came_back = conversation({"text": "where is it", "happened": frozenset({Signal.OLD_ISSUE})})
    later = [*came_back, replace(said("so", like=TENT), signals={})]
    assert effort(later, WEIGHTS).score == pytest.approx(effort(came_back, WEIGHTS).score)


def test_every_signal_has_words_of_its_own():
    words = [in_words(signal) for signal in Signal]
    assert all(words)
    assert len(set(words)) == len(words)


def _changed(**fields):
    raw = json.loads(SHIPPED.read_text())
    return json.dumps({**raw, **fields})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expecting value"),
        ("{}", "decaying"),
        ("[]", "indices"),
        (_changed(decaying={"boredom": 1}), "boredom"),
        (_changed(decaying={}), "no weight for not_understood, rephrased"),
        (_changed(decay=1), "decay"),
        (_changed(cuts=[1, 2]), "cuts"),
        (_changed(offer_at=80), "must rise"),
        (_changed(usual_turns={"any": 0}), "usual_turns"),
        (_changed(colour="red"), "colour"),
    ],
)
def test_a_broken_weights_file_is_refused_with_words(text, says):
    with pytest.raises(ValueError, match="The effort weights are not usable") as refused:
        Weights.from_json(text)
    assert says in str(refused.value)


@pytest.mark.parametrize("file", sorted(SHIPPED.parent.glob("*.json")), ids=lambda f: f.stem)
def test_every_shipped_version_can_be_read_and_names_itself(file):
    assert f"v{Weights.from_json(file.read_text()).version}" == file.stem


def test_who_wants_to_leave_a_task_is_let_go():
    stuck = replace(said("london"), signals={Signal.VALUE_REJECTED: 1.0}, in_form=True)
    leaves = replace(said("never mind", "stop_task"), in_form=True)
    score = replace(effort([], WEIGHTS), score=95.0)
    assert decide([stuck, stuck, leaves], score, WEIGHTS).step is Step.GO_ON
    assert not detect(leaves, [stuck]).keys() & {Signal.DECLINED, Signal.NEGATIVE}


@pytest.mark.parametrize(
    ("intent", "step"),
    [
        ("give_order_number", Step.OFFER),
        ("cancel_order", Step.OFFER),
        ("nlu_fallback", Step.OFFER),
        ("deny", Step.GO_ON),
        ("affirm", Step.GO_ON),
        ("complain", Step.GO_ON),
    ],
)
def test_in_a_form_a_person_is_offered_where_a_yes_cannot_mean_two_things(intent, step):
    turn = replace(said("1007, as I said", intent), in_form=True)
    score = replace(effort([], WEIGHTS), score=WEIGHTS.offer_at)
    assert decide([turn], score, WEIGHTS).step is step
    again = replace(turn, offered=True)
    assert decide([again, turn], score, WEIGHTS).step is Step.GO_ON
    gets_on = replace(turn, signals={Signal.PROGRESS: 1.0})
    assert decide([gets_on], score, WEIGHTS).step is Step.GO_ON


def test_a_yes_in_a_form_is_for_the_form_even_after_an_offer():
    offered = replace(said("1007, as I said", "give_order_number"), in_form=True, offered=True)
    agrees = replace(said("yes", "affirm"), in_form=True)
    score = replace(effort([], WEIGHTS), score=WEIGHTS.offer_at)
    assert decide([offered, agrees], score, WEIGHTS).step is Step.GO_ON
