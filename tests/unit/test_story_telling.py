"""Stories are read strictly, and the figures are of what was told."""

from pathlib import Path

import pytest

from benchmarks.stories import measured
from tests.stories.telling import Told, Wrong, _compare, _same, read_stories

GOOD = "- {story: A, kind: happy, customer: null, turns: [{says: hello, reads: [assistant]}]}\n"
BUTTON = {"title": "Talk to a person"}


def test_a_story_is_read(tmp_path: Path):
    (tmp_path / "one.yml").write_text(GOOD)
    assert [story["story"] for story in read_stories(tmp_path)] == ["A"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("kind: happy, ", ""),
        GOOD.replace("customer: null", "customer: null, then: x"),
        GOOD.replace("says: hello", "says: yes"),
        GOOD.replace("reads:", "read:"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path: Path, text: str):
    (tmp_path / "one.yml").write_text(text)
    with pytest.raises(ValueError):
        read_stories(tmp_path)


@pytest.mark.parametrize(
    "expected",
    [
        {"reads": ["4.90 USD"]},
        {"not_reads": ["4.90 EUR"]},
        {"buttons": ["Yes"]},
        {"responder": "queue"},
    ],
)
def test_what_is_not_as_written_is_wrong(expected: dict[str, object]):
    answer = [{"text": "It costs 4.90 EUR.", "buttons": [BUTTON]}]
    _compare({"says": "x", "reads": ["4.90 EUR"], "buttons": ["Talk to a person"]}, answer, "bot")
    with pytest.raises(Wrong):
        _compare({"says": "x", **expected}, answer, "bot")


def test_no_answer_is_wrong():
    with pytest.raises(Wrong):
        _compare({"says": "x"}, [], "bot")


def test_tasks_are_compared_with_their_orders():
    assert _same(["cancel 1007", "reorder 1023"], ["cancel 1007", "reorder"])
    assert not _same(["cancel 1007"], ["cancel 1008"])
    assert not _same(["cancel 1007"], [])
    assert not _same([], ["cancel 1007"])


def test_figures_are_counted_by_kind():
    story = {"story": "A", "kind": "happy", "turns": [{}, {}]}
    told = [
        Told(story, (0.1, 0.3), None),
        Told({**story, "story": "B", "kind": "hostile"}, (0.2,), "lacks words"),
    ]
    found = measured(told)
    assert (found["success"], found["n"], found["turns"], found["p50_ms"]) == (0.5, 2, 4, 200.0)
    assert found["by_kind"]["happy"]["success"] == 1
    assert found["failed"] == [{"story": "B", "kind": "hostile", "wrong": "lacks words"}]
