"""Who answers: every move of the table, and nothing beside it."""

import pytest

from conversation.events import (
    CaseClaimed,
    CaseResolved,
    HandedBack,
    HandoffRequested,
    LeftQueue,
    SolvedConfirmed,
)
from conversation.reasons import HandoffReason
from conversation.responder import NotPossible, Responder, after, moves


def test_a_conversation_goes_to_a_person_and_comes_back():
    now = Responder.BOT
    for event, then in (
        (HandoffRequested(HandoffReason.ASKED), Responder.QUEUE),
        (CaseClaimed("a1"), Responder.AGENT),
        (HandedBack("a1", "sent a label"), Responder.BOT),
        (HandoffRequested(HandoffReason.EFFORT), Responder.QUEUE),
        (LeftQueue(), Responder.BOT),
        (SolvedConfirmed(), Responder.CLOSED),
    ):
        now = after(now, event)
        assert now is then


def test_every_state_can_be_left_and_reached():
    table = moves()
    assert {start for start, _ in table} == set(Responder)
    assert set(table.values()) == set(Responder)


def test_a_person_can_be_asked_for_wherever_nobody_is_asked_yet():
    for state in (Responder.BOT, Responder.CLOSED):
        assert after(state, HandoffRequested(HandoffReason.ASKED)) is Responder.QUEUE


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (Responder.BOT, CaseClaimed("a1")),
        (Responder.AGENT, LeftQueue()),
        (Responder.CLOSED, CaseResolved("a1")),
        (Responder.AGENT, HandoffRequested(HandoffReason.ASKED)),
    ],
)
def test_what_the_table_does_not_hold_is_refused_with_what_holds_instead(state, event):
    with pytest.raises(NotPossible, match=r"is not possible while .+"):
        after(state, event)
