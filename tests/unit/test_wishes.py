"""A wish for a person is heard in every phrasing, and none is invented."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversation.effort import Effort, Weights
from conversation.policy import Step, decide
from conversation.reasons import HandoffReason
from conversation.turns import Signal, Turn
from conversation.wishes import asks_for_person, is_sensitive

CALM = Effort(12.0, (), "1")
WEIGHTS = Weights("1", -2.0, 0.7, {}, {}, 40, 65, 25, 3)


def turn(text, intent=None, **more):
    return Turn("m", datetime(2026, 3, 4, tzinfo=UTC), text, intent, 0.9, **more)


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "can i speak with a real person please",
        "get me an agent",
        "human",
        "agent please",
        "Yes, a person?  no wait, connect me to someone real",
        "put me through to a member of staff",
        "TRANSFER ME TO A REPRESENTATIVE",
        "I spoke with a person who hung up, get me a human now",
        "The agent told me to wait. I want to speak to a human",
        "hello, person please?",
        "I don't want a bot, I want a human",
        "could one of your people check this for me",
        "can a colleague phone me back",
        "put me through to customer service",
        "id like a representative",
        "can someone from your team call me",
        "is there a human I can chat with?",
        "this is going nowhere, hand me over to a human",
        "stop the automated replies, I want to speak to someone",
        "customer support please",
        "transfer me to another person",
    ],
)
def test_a_wish_is_heard(text):
    assert asks_for_person(text, None, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "I work in human resources",
        "the agent was great",
        "is there an agent for returns in Leeds?",
        "I want a jacket for a tall person who runs",
        "my personal details are wrong",
        "where is my parcel",
        "I don't want to talk to a person",
        "please do not connect me to an agent",
        "I want to send this to another person",
        "can a person sleep in it at -5",
        "can a tall person stand in the tent",
        "i need a tent for 4 people",
        "would you like to be human",
        "can i transfer my account to another person",
        "do you have a phone number i can ring to speak to someone",
        "is there someone taller than two metres in the photo",
    ],
)
def test_no_wish_is_invented(text):
    assert not asks_for_person(text, "order_status", 0.9)


def test_the_intent_counts_unless_the_words_speak_of_something_else():
    assert asks_for_person("is anybody out there", "ask_person", 0.8)
    assert not asks_for_person("is anybody out there", "ask_person", 0.3)
    assert not asks_for_person("i work in human resources", "ask_person", 0.8)


@pytest.mark.parametrize(
    "text",
    [
        "my mother passed away",
        "someone used my card",
        "I'll sue you",
        "we lost my mother last week",
        "my husband died in March",
        "the rope snapped and I fell",
        "the lamp gave my son an electric shock",
    ],
)
def test_sensitive_matters_go_to_a_person_at_once(text):
    assert is_sensitive(text)
    assert decide([turn(text, "order_status")], CALM, WEIGHTS).reason is HandoffReason.SENSITIVE


def test_falling_in_love_is_no_accident():
    assert not is_sensitive("I saw the tent and I fell in love with it")


def test_a_yes_to_the_offer_brings_a_person():
    before = turn("where is it", offered=True)
    decision = decide([before, turn("yes", "affirm")], CALM, WEIGHTS)
    assert decision.reason is HandoffReason.ACCEPTED_OFFER


def test_no_help_three_times_in_a_row_brings_a_person_and_twice_does_not():
    lost = turn("qwrt", "nlu_fallback", signals={Signal.NOT_UNDERSTOOD: 1.0})
    away = turn("who won", "out_of_scope", signals={Signal.DEAD_END: 1.0})
    fine = turn("where is it", "order_status")
    assert decide([lost, away, lost], CALM, WEIGHTS).reason is HandoffReason.NOT_UNDERSTOOD
    assert decide([lost, away], CALM, WEIGHTS).reason is None
    assert decide([lost, fine, lost, away], CALM, WEIGHTS).reason is None


@pytest.mark.parametrize("intent", ["product_safety", "legal_threat", "fraud"])
def test_a_serious_intent_goes_to_a_person_at_once_where_it_is_certain(intent):
    assert decide([turn("it hissed", intent)], CALM, WEIGHTS).reason is HandoffReason.SENSITIVE
    assert not is_sensitive("it hissed", intent, 0.4)


def test_in_a_form_a_yes_is_a_yes_to_the_form():
    before = turn("what a mess", "complain", offered=True)
    turns = [before, turn("yes", "affirm")]
    assert decide(turns, CALM, WEIGHTS, in_form=True).reason is None


def test_the_same_failure_twice_brings_a_person():
    failed = turn("cancel it", "cancel_order", signals={Signal.TASK_FAILED: 1.0})
    assert decide([failed, failed], CALM, WEIGHTS).reason is HandoffReason.TASK_FAILED


def test_neither_what_came_before_nor_one_bad_turn_brings_a_person_unasked():
    before = turn("where is it", "order_status", signals={Signal.REPEAT_CONTACT: 1.0})
    weights = replace(
        WEIGHTS, decaying={Signal.CORRECTED: 2.0}, sticky={Signal.REPEAT_CONTACT: 4.0}
    )
    high = replace(CALM, score=88.0)
    assert decide([before], high, weights).step is Step.OFFER
    corrected = replace(before, signals={**before.signals, Signal.CORRECTED: 1.0})
    assert decide([corrected], high, weights).step is Step.OFFER
    assert decide([corrected, corrected], high, weights).reason is HandoffReason.EFFORT
