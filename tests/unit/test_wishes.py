"""A wish for a person is heard in every phrasing, and none is invented."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversation.effort import Effort, Weights
from conversation.policy import Step, decide
from conversation.reasons import HandoffReason
from conversation.turns import Signal, Turn
from conversation.wishes import asks_for_person, is_sensitive, names_a_matter

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
        "i dont want to talk to a machine",
        "too itchy. and i dont want to talk to a machine",
        "i dont want to talk to a robot, i want to return something",
        "no more robots pls",
        "no more bots just a real person",
        "transfer me",
        "is any of your staff around",
        "real ppl only",
        "hooman",
        "perzon",
        "can i talk to a perzon",
        "agnet",
        "agnet pls",
        "rep",
        "bot off",
        "can you hand me over",
        "u r useless get me ur boss",
        "yes a person",
        "I refuse to talk to a bot",
        "stop sending me to a bot",
        "connect me please",
        "escalate this",
        "put me through",
        "let me talk to someone",
        "i want someone who can actually help",
        "can somebody call me",
        "give me a human",
        "human!!!",
        "I'd rather speak with a human being",
        "need a real person asap",
        "anyone real there?",
        "is there a human i can talk to",
        "get me someone from customer service",
        "i spoke to an agent yesterday, get me a person now",
        "operator please",
        "where can i reach a person",
        "i wanna talk to ur manager",
        "lemme speak to someone",
        "plz get me a human",
        "can i have a person",
        "could i have an agent please",
        "are there any humans working there",
        "i prefer a human",
        "prefer to speak to a person",
        "no bot please",
        "not a bot please",
        "i want to talk to a person who can help",
        "get me a person who understands",
        "no bots!",
        "not another robot",
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
        "i spoke to a person yesterday",
        "no person needed",
        "never mind the person, just tell me",
        "it needs a human touch",
        "person of the year",
        "i want a 2 person tent",
        "i need a two person tent",
        "can i get it in person",
        "can I pick it up in person",
        "how much is it per person",
        "do you have a 4-person tent",
        "i don't need an agent",
        "are you a robot",
        "are you a bot or a person?",
        "i work in human resources",
        "the agent was great",
        "is there an agent for returns in Leeds?",
        "i want to give it to my boss",
        "send it to another person",
        "i want a robot vacuum",
        "i don't want to talk to anyone, just tell me",
        "i bought it for a person i know",
        "the delivery person left it with my neighbour",
        "call the delivery person",
        "the sales person in the shop told me to return it",
        "a person at the shop gave me this voucher",
        "i want to thank the person who helped me",
        "i want to thank your agent",
        "is the sales rep discount still valid",
        "i am a real person",
        "give me a moment",
        "can you give it to the person at reception",
        "put the person who receives it as my wife",
        "what do people say about it",
        "can someone else pick it up",
        "my manager wants the invoice",
        "invoice for my manager please",
        "is the bot off at night",
        "the bot offered me a refund",
        "someone used my account",
        "can somebody sign for it",
        "can anyone pick up my parcel",
        "do i need a person at home for delivery",
        "does a person need to be home",
        "i want the personal discount",
        "transfer my points to my new account",
        "transfer the money to my bank",
        "connect my account",
        "hand wash only?",
        "are you not a bot",
        "you are not a bot",
        "no i bought a machine",
        "i have no printer",
        "no computer at home to print it",
        "the agent who delivered it was rude",
        "the person who delivered it was rude",
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
    turns = [before, turn("yes", "affirm", in_form=True)]
    assert decide(turns, CALM, WEIGHTS).reason is None


def test_an_offer_is_accepted_by_a_yes_and_by_nothing_that_only_may_be_one():
    before = turn("what a mess", "complain", offered=True)
    doubt = replace(turn("are you sure", "affirm"), confidence=0.53)
    assert decide([before, doubt], CALM, WEIGHTS).reason is None
    for text, confidence in (("ok then", 0.5), ("go for it", 0.9)):
        agreed = replace(turn(text, "affirm"), confidence=confidence)
        assert decide([before, agreed], CALM, WEIGHTS).reason is HandoffReason.ACCEPTED_OFFER


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


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("agent please, NOW", False),
        ("give me a real person now!!!", False),
        ("yes please", False),
        ("thank you so much", False),
        ("1001", False),
        ("where are my two orders, this is a joke!!", True),
        ("I want to talk to a person about my late parcel", True),
        ("no, my parcel", True),
    ],
)
def test_a_message_that_only_asks_for_a_person_or_agrees_names_no_matter(text, does):
    assert names_a_matter(text) is does
