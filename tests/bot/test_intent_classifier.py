"""The classifier reads what it was taught, says when it is unsure, and when nothing is ours."""

from __future__ import annotations

import asyncio
import random

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import foundation
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.ngrams import Ngrams
from bot.nlu.sentence_encoder import shared_encoder

RESOURCE = Resource("classifier")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")
FAST = {**IntentClassifier.get_default_config(), "quality": "fast"}
THINGS = ["tent", "jacket", "stove", "rucksack", "lamp", "rope", "boots", "mat", "bottle", "axe"]
TAUGHT = {
    "return_item": ["send back my {}", "return the {}", "the {} goes back", "how do i return a {}"],
    "product_price": ["what does the {} cost", "price of the {}", "how much for a {}", "{} price"],
    "out_of_scope": ["write me a poem on a {}", "who invented the {}", "{} in french", "{} lyrics"],
}


def _data() -> TrainingData:
    examples = [
        Message.build(text=sentence.format(thing), intent=intent)
        for intent, sentences in TAUGHT.items()
        for sentence in sentences
        for thing in THINGS
    ]
    random.Random(3).shuffle(examples)
    return TrainingData(examples)


@pytest.fixture(scope="module", params=["fast", "best"])
def trained(request, tmp_path_factory):
    """A trained classifier and the same one, loaded."""
    config = {**FAST, "quality": request.param}
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    classifier = IntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    classifier.train(_data())
    return classifier, IntentClassifier.load(config, storage, RESOURCE, CONTEXT)


def test_it_reads_sentences_that_it_was_not_taught(trained):
    _, loaded = trained
    readings = loaded.classify(["i would like to return these socks", "what do the socks cost"])
    assert [ranking[0][0] for ranking in readings] == ["return_item", "product_price"]
    assert all(0 <= sure <= 1 for ranking in readings for _, sure in ranking)
    assert sum(sure for _, sure in readings[0]) == pytest.approx(1)


def test_what_is_none_of_ours_is_said_to_be_out_of_scope(trained):
    _, loaded = trained
    assert loaded.classify(["who invented the telephone"])[0][0][0] == "out_of_scope"


def test_loading_changes_no_reading(trained):
    classifier, loaded = trained
    texts = ["send back the sled", "sled price", "who wrote this", "?", "hmm"]
    for before, after in zip(classifier.classify(texts), loaded.classify(texts), strict=True):
        assert [name for name, _ in before] == [name for name, _ in after]
        np.testing.assert_allclose([p for _, p in before], [p for _, p in after], atol=2e-3)


def test_the_same_seed_gives_the_same_classifier(tmp_path):
    readings = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        storage = LocalModelStorage(tmp_path / name)
        classifier = IntentClassifier.create(FAST, storage, RESOURCE, CONTEXT)
        classifier.train(_data())
        readings.append(classifier.classify(["return my sled", "sled?"]))
    assert readings[0] == readings[1]


def test_a_parse_has_an_intent_and_a_ranking_with_the_decision_first(trained):
    _, loaded = trained
    message = Message({"text": "return the sled"})
    loaded.process([message])
    assert message.get("intent") == message.get("intent_ranking")[0]
    assert message.get("intent")["name"] == "return_item"
    assert {"name", "confidence"} == set(message.get("intent"))


def test_an_unsure_reading_is_a_fallback_with_the_best_guess_second(trained, tmp_path):
    classifier, _ = trained
    sceptical = IntentClassifier({**FAST, "ask_below": 1.0}, classifier._model, RESOURCE)
    ranking = sceptical.classify(["return the sled"])[0]
    assert [name for name, _ in ranking[:2]] == ["nlu_fallback", "return_item"]
    assert ranking[0][1] == pytest.approx(1 - ranking[1][1])


def test_a_message_without_text_has_no_intent(trained):
    _, loaded = trained
    message = Message({"text": ""})
    loaded.process([message])
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []


def test_one_intent_is_nothing_to_learn(tmp_path):
    storage = LocalModelStorage(tmp_path)
    data = TrainingData([Message.build(text="hello", intent="greet")])
    with pytest.raises(InvalidConfigException, match="two intents"):
        IntentClassifier.create(FAST, storage, RESOURCE, CONTEXT).train(data)


@pytest.mark.parametrize("wrong", [{"quality": "perfect"}, {"backend": "gpu"}, {"ask_below": 2}])
def test_a_wrong_setting_is_refused_by_name(wrong, tmp_path):
    with pytest.raises(InvalidConfigException, match=next(iter(wrong))):
        IntentClassifier.create({**FAST, **wrong}, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)


def test_a_bot_without_sentences_out_of_scope_still_answers(agent):
    parsed = asyncio.run(agent.parse_message("i want to buy boots"))
    assert parsed["intent_ranking"][0] == parsed["intent"]
    assert "buy" in [one["name"] for one in parsed["intent_ranking"][:2]]


@pytest.fixture
def first_lessons(tmp_path, monkeypatch):
    """A folder of sentences that are taught first, and a cache that is empty."""
    monkeypatch.setattr(foundation, "CACHE", tmp_path / "models" / "encoders")
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    told = ["version: '3.1'", "nlu:"]
    for intent, lines in TAUGHT.items():
        told += [f"- intent: {intent}", "  examples: |"]
        told += [f"    - {line.format(thing)}" for line in lines for thing in THINGS]
    (lessons / "shop.yml").write_text("\n".join(told))
    return lessons


def test_a_bot_with_few_sentences_begins_with_what_others_taught(first_lessons, tmp_path):
    few = TrainingData(
        [
            Message.build(text=text, intent=intent)
            for text, intent in [
                ("when do you open", "hours"), ("open on sunday?", "hours"),
                ("is there parking", "parking"), ("where can i park", "parking"),
            ]
        ]
    )  # fmt: skip
    config = {**FAST, "foundation": str(first_lessons), "ask_below": 0.0}
    storage = LocalModelStorage(tmp_path)
    classifier = IntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    classifier.train(few)
    taught = list((tmp_path / "models" / "foundations").iterdir())
    loaded = IntentClassifier.load(config, storage, RESOURCE, CONTEXT)
    packaged = shared_encoder().encode(["a place for my car"])
    assert loaded.classify(["a place for my car"], packaged) == classifier.classify(
        ["a place for my car"]
    )
    assert loaded.classify(["a place for my car"])[0][0][0] == "parking"
    IntentClassifier.create(config, storage, RESOURCE, CONTEXT).train(few)
    assert list((tmp_path / "models" / "foundations").iterdir()) == taught


def test_sentences_to_begin_with_must_be_there(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder, wrong in (("none", "There is no folder"), ("empty", "two intents")):
        config = {**FAST, "foundation": str(tmp_path / folder)}
        storage = LocalModelStorage(tmp_path / "empty")
        with pytest.raises(InvalidConfigException, match=wrong):
            IntentClassifier.create(config, storage, RESOURCE, CONTEXT).train(_data())


def test_words_weigh_little_where_an_intent_has_few_examples():
    few, many = Ngrams.fit(["my tent"], weight=0.25), Ngrams.fit(["my tent"])
    assert (few.transform(["my tent"]) * 4 != many.transform(["my tent"])).nnz == 0
