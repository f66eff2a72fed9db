"""The linter of the training sentences: quiet about the shipped ones, not about bad ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.lint import findings
from bot.lint.__main__ import main
from bot.lint.confusion import Confusion
from bot.lint.sentences import NoSentences, Sentence, read

ROOT = Path(__file__).resolve().parents[2]
DATA, TESTS = ROOT / "data/nlu", ROOT / "tests/understanding"

ORDERS = """
version: "3.1"
nlu:
  - regex: order_number
    examples: |
      - \\d{4}
  - intent: order_status
    examples: |
      - where is my parcel
      - Where's my parcel?!
      - where is [1012](order_number)
      - has the tent left yet
      - Has the tent left yet??
  - intent: cancel_order
    examples: |
      - please cancel it
      - wheres my parcel
      - i do not want the tent any more
"""
HELD_OUT = """
version: "3.1"
nlu:
  - intent: cancel_order
    examples: |
      - Please, cancel it.
      - my uncle bought the kayak already so stop the second one
"""


@pytest.fixture
def bad(tmp_path: Path) -> tuple[Path, Path]:
    """A small set with a sentence in two intents, a double, a leak and too few sentences."""
    data, tests = tmp_path / "data", tmp_path / "tests"
    data.mkdir()
    tests.mkdir()
    (data / "orders.yml").write_text(ORDERS)
    (tests / "orders.yml").write_text(HELD_OUT)
    return data, tests


def test_a_bad_set_is_told_fault_by_fault(bad, capsys):
    data, tests = bad
    assert main(["--data", str(data), "--tests", str(tests), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    by_kind = {kind: [one for one in found if one["kind"] == kind] for kind in _kinds(found)}
    (two,) = by_kind["two_intents"]
    assert two["level"] == "error" and two["place"] == f"{data / 'orders.yml'}:17"
    assert f"order_status in {data / 'orders.yml'}:10" in two["text"]
    (leak,) = by_kind["leak"]
    assert leak["level"] == "error" and leak["place"] == f"{tests / 'orders.yml'}:6"
    (double,) = by_kind["double"]
    assert double["level"] == "warning" and double["place"] == f"{data / 'orders.yml'}:13"
    assert {one["level"] for one in by_kind["imbalance"]} == {"warning"}
    assert {one["text"].split()[0] for one in by_kind["imbalance"]} == {
        "order_status",
        "cancel_order",
    }


def _kinds(found: list[dict[str, str]]) -> set[str]:
    return {one["kind"] for one in found}


def _sentences(intent: str, *texts: str) -> list[Sentence]:
    return [Sentence(intent, text, f"{intent}.yml", at) for at, text in enumerate(texts, 1)]


def test_nearly_the_same_direction_is_a_double_within_an_intent_only():
    written = _sentences("thank", "cheers", "cheerz", "👍") + _sentences("praise", "cheers mate")
    vectors = np.array([[1.0, 0.0], [0.999, 0.04], [1.0, 0.0], [1.0, 0.0]])
    (found,) = findings.near_repeats(written, vectors)
    assert (found.place, found.kind) == ("thank.yml:2", "double")


def test_intents_whose_sentences_lie_together_are_too_close():
    draw = np.random.default_rng(1)
    written = [
        sentence
        for intent in ("one", "two", "far")
        for sentence in _sentences(intent, *(f"{intent} {at}" for at in range(30)))
    ]
    centres = np.repeat([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.5]], 30, axis=0)
    vectors = centres + 0.05 * draw.normal(size=centres.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    (found,) = findings.too_close(written, vectors, Confusion(written, vectors))
    assert found.text.startswith("one and two are hard to tell apart")


def test_the_text_ends_with_a_count_and_names_places(bad, capsys):
    data, tests = bad
    main(["--data", str(data), "--tests", str(tests)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("8 sentences, 2 in tests: 2 errors, ")
    assert all(line.startswith(str(data.parent)) for line in lines[:-1])


def test_an_empty_folder_is_a_sentence_not_a_traceback(tmp_path, capsys):
    assert main(["--data", str(tmp_path), "--tests", str(TESTS)]) == 2
    assert f"There are no sentences with intents in {tmp_path}." in capsys.readouterr().err


def test_reads_the_same_sentences_as_rasa():
    ours = sorted((one.intent, one.text) for one in read(DATA))
    files = sorted(DATA.rglob("*.yml"))
    theirs = sorted(
        (example.get("intent"), example.get("text"))
        for file in files
        for example in load_data(str(file)).intent_examples
    )
    assert ours == theirs


def test_a_missing_folder_has_no_sentences(tmp_path):
    with pytest.raises(NoSentences):
        read(tmp_path / "nowhere")


def test_the_shipped_sentences_have_no_errors():
    run = subprocess.run(
        [sys.executable, "-m", "bot.lint", "--json"], cwd=ROOT, capture_output=True, text=True
    )
    found = json.loads(run.stdout)["findings"]
    assert [one for one in found if one["level"] == "error"] == []
    assert run.returncode == 0
