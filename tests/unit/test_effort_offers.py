"""Rated conversations: read, taken through score and policy, and what counts as early or late."""

import json
import math
from datetime import UTC, datetime

import pytest

from conversation.annotated import AnnotatedTurn
from conversation.effort import Effort
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.turns import UNREAD, Signal, Turn
from heard.effort import offers
from heard.effort.labelled import UnusableData, read_dialogues, texts_of
from heard.effort.past import Stretch
from heard.effort.read_texts import Rated
from heard.effort.replay import replay
from heard.effort.versions import NEWEST, UnknownVersion, versions, weights_named, write_next

WEIGHTS = weights_named(NEWEST)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CALM, ANGRY = {}, {Signal.FRUSTRATION: 0.6}
FURIOUS = {Signal.FRUSTRATION: 1.0, Signal.INSULT: 1.0}


def rated(signals, levels=None, bad=None, texts=None):
    turns = [
        Turn(f"m{n}", NOON, texts[n] if texts else "so", UNREAD, signals=found)
        for n, found in enumerate(signals)
    ]
    levels = levels or [None] * len(turns)
    bad = bad or [None if level is None else level >= 3 for level in levels]
    return Rated("one", tuple(turns), tuple(bad), tuple(levels))


def kind(*arguments, **more):
    return offers.judge(rated(*arguments, **more), WEIGHTS).kind


def test_an_offer_is_early_on_time_late_missed_or_false():
    assert kind([ANGRY, CALM, CALM], [2, 2, 3]) == "early"
    assert kind([CALM, ANGRY], [1, 3]) == "on_time"
    assert kind([CALM, ANGRY], [3, 3]) == "late"
    assert kind([CALM, CALM], [3, 0]) == "missed"
    assert kind([ANGRY, CALM], [1, 0]) == "false"


def test_between_calm_and_bad_an_offer_is_neither_due_nor_false():
    assert kind([ANGRY], [2]) is None
    assert kind([CALM], [0]) is None
    assert kind([ANGRY]) is None  # nobody has rated it


def test_satisfaction_without_a_bad_turn_is_calm():
    assert kind([ANGRY], bad=[False]) == "false"
    assert kind([ANGRY], bad=[True]) == "on_time"


def test_a_wish_for_a_person_is_seen_whatever_the_score():
    judged = offers.judge(rated([CALM], [3], texts=["let me talk to a human"]), WEIGHTS)
    assert judged.decisions[0].step is Step.HAND_OFF


def test_an_offer_is_remembered_by_the_turns_after_it():
    judged = offers.judge(rated([ANGRY, ANGRY, ANGRY, ANGRY, ANGRY], [3] * 5), WEIGHTS)
    assert [one.step for one in judged.decisions].count(Step.OFFER) <= 2
    assert judged.decisions[1].step is not Step.OFFER


def test_counts_and_recall_at_ten_false_offers_in_a_hundred():
    calm = [rated([CALM], [0])] * 9 + [rated([ANGRY], [0])]
    due = [rated([CALM, FURIOUS], [0, 4]), rated([CALM, CALM], [0, 4])]
    judged = [offers.judge(one, WEIGHTS) for one in (*calm, *due)]
    assert offers.counted(judged) == {
        "early": 0, "on_time": 1, "late": 0, "missed": 1, "false": 1,
    }  # fmt: skip
    assert offers.recall(judged) == 0.5
    assert offers.recall(judged[:10]) is None


def test_golden_transfer_falls_with_the_distance():
    on_time = offers.judge(rated([CALM, FURIOUS], [0, 4]), WEIGHTS)
    beside = offers.judge(rated([FURIOUS, CALM], [0, 4]), WEIGHTS)
    quiet = offers.judge(rated([CALM], [0]), WEIGHTS)
    missed = offers.judge(rated([CALM], [4]), WEIGHTS)
    assert [one.scores[0] >= 40 for one in (on_time, beside)] == [False, True]
    assert offers.golden_transfer([on_time], 40) == 1
    assert offers.golden_transfer([quiet], 40) == 1
    assert offers.golden_transfer([missed], 40) == 0
    assert offers.golden_transfer([beside], 40) == pytest.approx(math.exp(-0.5))
    assert offers.golden_transfer([beside, missed], 40, 2) == pytest.approx(math.exp(-1 / 8) / 2)


def _line(*turns):
    return json.dumps({"dialog_id": "d1", "turns": turns})


def _user(text, **more):
    return {"speaker": "user", "text": text, **more}


def test_a_file_is_read_with_replies_and_ratings(tmp_path):
    file = tmp_path / "rated.jsonl"
    file.write_text(
        "\n".join([
            _line(_user(" hi ", frustration=0), {"speaker": "agent", "text": "Hello."},
                  {"speaker": "system", "text": "What is it?"}, _user("bad", frustration=3)),
            _line(_user("fine", scores=[3, 4]), _user("poor", scores=[2, 3]), _user("more")),
            _line({"speaker": "system", "text": "Lock it", "O_T_X": [0.2, 0.4, 0.4]}, _user("eh")),
            "",
            _line({"speaker": "agent", "text": "nobody spoke"}),
        ])
    )  # fmt: skip
    first, second, third = read_dialogues(file)
    assert [turn.bad for turn in first.turns] == [False, True]
    assert [turn.level for turn in first.turns] == [0, 3]
    assert first.turns[1].replies == ("Hello.", "What is it?")
    assert [turn.bad for turn in second.turns] == [False, True, None]
    assert [turn.bad for turn in third.turns] == [True]
    assert texts_of([first, second]) == ["hi", "bad", "fine", "more", "poor"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1"),
        ('{"turns": []}', "dialog_id"),
        ("[1]", "line 1"),
        (_line(_user("x", frustration=7)), "0 to 4"),
        (_line({"speaker": "robot", "text": "x"}), "robot"),
        (_line(_user("x")), "no rated turn"),
        ("", "no rated turn"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_is_wrong(tmp_path, content, says):
    file = tmp_path / "rated.jsonl"
    file.write_text(content)
    with pytest.raises(UnusableData, match=r"rated\.jsonl") as refused:
        read_dialogues(file)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnusableData, match="cannot be read"):
        read_dialogues(tmp_path / "none.jsonl")


def test_a_version_is_written_beside_the_others_and_none_is_overwritten(tmp_path):
    (tmp_path / "v9.json").write_text("{}")
    (tmp_path / "v10.json").write_text("{}")
    written = write_next({"cuts": [1, 2, 3, 4], "bias": -2}, tmp_path)
    assert written.name == "v11.json"
    assert json.loads(written.read_text()) == {"version": "11", "cuts": [1, 2, 3, 4], "bias": -2}
    assert '"cuts": [1, 2, 3, 4]' in written.read_text()
    assert versions(tmp_path) == ["9", "10", "11"]


@pytest.mark.parametrize("name", ["99", "../v3", ""])
def test_an_unknown_version_is_refused_with_those_there_are(name):
    with pytest.raises(UnknownVersion, match="1, 2, 3"):
        weights_named(name)


def stretch(*annotated):
    return Stretch("one", tuple(annotated))


def annotated(text, intent, decision, **more):
    turn = Turn("m", NOON, text, intent, 0.9, **more)
    return AnnotatedTurn(turn, Effort(0.0, (), NEWEST), decision)


def test_a_replay_with_what_acted_finds_what_happened():
    go_on, offer = Decision(Step.GO_ON), Decision(Step.OFFER)
    agreed = Decision(Step.HAND_OFF, HandoffReason.ACCEPTED_OFFER)
    by_answer = annotated("who won", "out_of_scope", go_on, offered=True)
    assert replay(stretch(by_answer, annotated("yes", "affirm", agreed)), WEIGHTS).at == 1
    held_back = annotated("so", UNREAD, offer, signals=ANGRY)
    assert replay(stretch(held_back, annotated("yes", "affirm", go_on)), WEIGHTS).at is None
    sooner = annotated("so", UNREAD, offer, signals={Signal.FRUSTRATION: 0.3}, sooner=30)
    assert replay(stretch(sooner), WEIGHTS).offered
    passing = annotated("so", UNREAD, offer, signals=ANGRY, in_form=True, offered=True)
    for_the_form = replay(
        stretch(passing, annotated("yes", "affirm", go_on, in_form=True)), WEIGHTS
    )
    assert for_the_form.offered
    assert for_the_form.at is None
    leaves = annotated("stop", "stop_task", go_on, signals=ANGRY, in_form=True)
    assert not replay(stretch(leaves), WEIGHTS).offered
