"""What the wording says beyond the score that comments taught."""

import pytest

from conversation.sharpness import sharper_by


@pytest.mark.parametrize(
    "text",
    [
        "the stove does not light at all!",
        "Nobody picks up the phone!!",
        "help!",
        "Please help!!!",
        "I am not impressed by these boots",
        "wasn't really helpful",
        "what a disaster this delivery is",
        "we have lost all patience with you",
        "three weeks and STILL no tent",
        "the zip broke 😡",
        "on hold since nine",
        "it keeps failing every single day",
    ],
)
def test_a_message_sounds_sharper(text):
    assert sharper_by(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "which gas fits this stove?",
        "Hi, do you ship to Norway?",
        "is the blue one in stock?",
        "sorry to bother you once more",
        "have a look at the tent, no rush",
    ],
)
def test_a_message_sounds_calmer(text):
    assert sharper_by(text) < 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "where is my parcel",
        "Great, it came today!",
        "nothing wrong, it works now!",
        "Hello! I would like to buy a rope.",
        "I'm not disappointed, only curious about the colour",
        "is the GORE-TEX jacket in stock in XL",
        "a rope for Norway 🙂",
        "I can help you with the photo",
    ],
)
def test_a_message_sounds_as_its_score_says(text):
    assert sharper_by(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "are you kidding me?",
        "is anybody there?",
        "do you even read this?",
        "how long do I have to wait?",
        "are you stupid?",
        "is this rude tone how you do it?",
        "why is it so slow?",
    ],
)
def test_a_question_with_trouble_in_it_is_no_plain_one(text):
    assert sharper_by(text) >= 0


def test_a_message_all_in_capitals_is_heard_as_a_shout_and_not_twice():
    assert sharper_by("WHERE IS MY TENT, WHY NOW") == 0
    assert sharper_by("the tent is NOT here") > 0


def test_marks_add_up():
    once = sharper_by("the tent is NOT here")
    assert sharper_by("the tent is NOT here, terrible") > once
