"""The figures of `bot.evaluate`: counted by hand on a few sentences, and from a real model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluate import NothingToMeasure, main, measure, read

HERE = Path(__file__).parent


def _parsed(name: str, confidence: float, *ranking: tuple[str, float]) -> dict[str, object]:
    return {
        "intent": {"name": name, "confidence": confidence},
        "intent_ranking": [{"name": n, "confidence": c} for n, c in ranking],
    }


def test_figures_tell_right_from_asked_from_misread() -> None:
    sentences = [("hi", "greet"), ("hello", "greet"), ("where", "status"), ("money", "refund")]
    parsed = [
        _parsed("greet", 0.9),
        _parsed("nlu_fallback", 0.5),
        _parsed("status", 0.9),
        _parsed("status", 0.7, ("status", 0.7), ("refund", 0.2)),
    ]
    report = measure(sentences, parsed)
    assert (report["n"], report["accuracy"]) == (4, 0.5)
    assert (report["clarified"], report["misread"]) == (0.25, 0.25)
    greet = next(one for one in report["intents"] if one["intent"] == "greet")
    assert (greet["precision"], greet["recall"], greet["n"]) == (1.0, 0.5, 2)
    assert {"expected": "refund", "predicted": "status", "n": 1} in report["confusions"]
    worst = report["worst"]
    assert [one["text"] for one in worst] == ["money", "hello"], "what was sure stands first"
    assert worst[0]["expected_confidence"] == 0.2


def test_a_model_is_measured_from_end_to_end(tiny_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    data = HERE / "tiny_bot" / "data.yml"
    code = main(["--model", str(tiny_model), "--data", str(data), "--out", str(out)])
    report = json.loads(out.read_text())
    assert code == 0
    assert report["n"] == len(list(read(data)))
    assert report["accuracy"] > 0.5


def test_without_sentences_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(NothingToMeasure, match=str(tmp_path)):
        list(read(tmp_path))
