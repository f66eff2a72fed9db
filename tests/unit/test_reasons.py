"""Reasons for a return or a refund, as customers give them beside the wish."""

import pytest

from actions.reasons import gives_reason, other_reason


@pytest.mark.parametrize(
    "text",
    [
        "return the hat, too itchy",
        "return the hat, itchy",
        "return my boots. they hurt",
        "send the hat back - it scratches",
        "i want to send the hat back cos my head hurts",
        "want my money back, the zip broke after a day",
    ],
)
def test_what_follows_the_wish_is_a_reason(text: str):
    assert gives_reason(text)


@pytest.mark.parametrize(
    "text",
    [
        "i want to return the hat",
        "hi, i want to return my hat",
        "i want to return something, the hat",
        "return the hat, order 1022",
        "return the hat, please",
        "return the hat, can you send a label",
        "id like to return the hat, how do i do that?",
        "too late to return?",
    ],
)
def test_courtesy_questions_and_the_order_are_none(text: str):
    assert not gives_reason(text)


def test_a_no_may_give_another_reason():
    assert other_reason("no, it is torn") == "it is torn"


@pytest.mark.parametrize("text", ["no", "no thanks", "no i changed my mind", "nope, don't want it"])
def test_a_no_with_a_reason_to_stop_is_a_no(text: str):
    assert other_reason(text) is None
