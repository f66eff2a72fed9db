"""The timeline's order, the words for what happened, and the curve's stretches."""

from datetime import UTC, datetime, timedelta

import pytest

from conversation.annotated import AnnotatedTurn
from conversation.effort import Effort
from conversation.messages import Author, Message
from conversation.policy import Decision, Step
from conversation.turns import Signal, Turn
from handoff.casework.happenings import Happening
from review.curve import curve
from review.story import readings, story
from review.words import happened

_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _message(seq: int, at_s: int, author: Author = Author.CUSTOMER) -> Message:
    return Message(f"m{seq}", "c", seq, author, f"text {seq}", _NOON + timedelta(seconds=at_s))


def _turn(seq: int, at_s: int, score: float, **signals: float) -> AnnotatedTurn:
    found = {Signal(name): strength for name, strength in signals.items()}
    turn = Turn(f"m{seq}", _NOON + timedelta(seconds=at_s), "", "order_status", signals=found)
    return AnnotatedTurn(turn, Effort(score, (), "1"), Decision(Step.GO_ON))


def test_messages_keep_their_order_even_where_clocks_disagreed() -> None:
    messages = [_message(1, 10), _message(2, 8, Author.BOT), _message(3, 20)]
    events = [Happening("went_silent", _NOON + timedelta(seconds=9), {})]
    entries = story(messages, (), events, (), (), "Ada")
    assert [entry.seq for entry in entries] == [None, 1, 2, 3]


def test_an_event_at_the_same_moment_follows_the_message_that_caused_it() -> None:
    events = [Happening("went_silent", _NOON, {})]
    entries = story([_message(1, 0)], (), events, (), (), "Ada")
    assert [entry.kind for entry in entries] == ["customer", "event"]


def test_what_moved_the_score_is_named_largest_first_and_trifles_are_not() -> None:
    turn = _turn(1, 0, 60, frustration=0.1, corrected=1.0, not_understood=1.0, task_done=1.0)
    (read,) = readings([_message(1, 0)], [turn], [])
    assert read.raised == ("was not understood", "had to correct the assistant")
    assert read.eased == ("a task was done",)


def test_weights_that_are_no_longer_there_cost_the_causes_alone() -> None:
    turn = _turn(1, 0, 60, corrected=1.0)
    old = AnnotatedTurn(turn.turn, Effort(60, (), "0-old"), turn.decision)
    (read,) = readings([_message(1, 0)], [old], [])
    assert (read.score, read.raised) == (60, ())
    drawn = curve([read])
    assert drawn is not None
    assert drawn.limits == ()


def test_the_curve_breaks_where_effort_counts_anew() -> None:
    messages = [_message(seq, seq * 10) for seq in (1, 2, 3, 4)]
    turns = [_turn(seq, seq * 10, score) for seq, score in ((1, 10), (2, 50), (3, 12), (4, 40))]
    events = [Happening("handed_back", _NOON + timedelta(seconds=25), {"agent": "Ruth", "case": 1})]
    drawn = curve(readings(messages, turns, events))
    assert drawn is not None
    assert len(drawn.strokes) == 2
    assert [(jump.before, jump.score) for jump in drawn.jumps] == [(10, 50), (12, 40)]
    assert drawn.points[1].y < drawn.points[3].y < drawn.points[0].y
    assert curve([]) is None


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("claimed", {"agent": "Ruth", "case": 3}, "Ruth claimed case 3"),
        ("task_done", {"task": "cancel_form", "order": "F-1"}, "Done: cancel the order, F-1"),
        (
            "handoff_requested",
            {"reason": "asked", "case": 3},
            "Case 3 opened. The customer asked for a person",
        ),
        ("something_new", {}, "Something new"),
    ],
)
def test_what_happened_is_said_in_words(
    kind: str, detail: dict[str, str | int | None], words: str
) -> None:
    assert happened(Happening(kind, _NOON, detail)) == words
