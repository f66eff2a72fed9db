"""Outcomes partition all conversations, and silence is never a resolution."""

from itertools import product

from conversation.outcome import Ending, Outcome, outcome_of


def test_every_ending_has_exactly_one_outcome():
    flags = product([False, True], repeat=5)
    reached = {outcome_of(Ending(*flag)) for flag in flags}
    assert reached == set(Outcome)


def test_silence_alone_is_abandonment():
    assert outcome_of(Ending()) is Outcome.ABANDONED_BOT
    assert outcome_of(Ending(waiting=True)) is Outcome.ABANDONED_QUEUE


def test_thanks_is_an_assumption_and_yes_a_confirmation():
    assert outcome_of(Ending(thanked=True)) is Outcome.BOT_ASSUMED
    assert outcome_of(Ending(thanked=True, confirmed=True)) is Outcome.BOT_CONFIRMED
