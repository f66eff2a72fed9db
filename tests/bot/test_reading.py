"""Texts are read in one go as a live bot reads each message."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from bot.nlu.sentence_encoder import compact, shared_encoder
from bot.reading import __main__ as reading

TEXTS = ["where is my parcel", "this is the worst shop i have ever dealt with", ""]


@pytest.fixture(autouse=True)
def prepared_already(monkeypatch):
    """A program that only reads leaves training out of its process, which others here need."""
    monkeypatch.setattr(reading.corrections, "prepare", lambda *, serving: None)


def test_each_text_gets_the_vector_and_the_frustration_of_a_live_message(tmp_path):
    given, out = tmp_path / "texts.json", tmp_path / "read.json"
    given.write_text(json.dumps(TEXTS))
    assert reading.main(["--texts", str(given), "--out", str(out)]) == 0
    calm, angry, empty = json.loads(out.read_text())
    assert calm["embedding"] == compact(shared_encoder().encode(TEXTS[:1])[0])
    assert len(base64.b64decode(angry["embedding"])) == 384
    assert calm["frustration"] < 0.4 < angry["frustration"]
    assert empty == {"embedding": "", "frustration": 0.0}


def test_a_pipeline_without_the_components_is_refused_with_what_to_add(tmp_path, capsys):
    config, given = tmp_path / "config.yml", tmp_path / "texts.json"
    config.write_text("pipeline: []")
    given.write_text("[]")
    out = tmp_path / "read.json"
    arguments = ["--texts", str(given), "--out", str(out), "--config", str(config)]
    assert reading.main(arguments) == 1
    assert "FrustrationScorer" in capsys.readouterr().err
    assert not Path(out).exists()


@pytest.mark.parametrize("name", ["SentenceEmbedder", "FrustrationScorer"])
def test_the_bot_of_this_repository_has_the_components(name):
    assert any(found.endswith(name) for found in reading.configured(Path("config.yml")))
