"""Articles are found by meaning; nonsense and foreign questions find none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from components import CONTEXT, RESOURCE, output, spoken
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.article_files import read_articles
from bot.nlu.article_retriever import ArticleRetriever

ARTICLE = """---
title: {title}
intents: [{intents}]
questions:
  - {question}
  - {again}
answer: >-
  {answer}
---

The whole text, which is not read here.
"""


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "articles"
    texts = {
        "care/wash-down": ("Wash a down jacket", "care_help", "how do i wash my down jacket",
                           "can down go in the machine", "Wash it at 30 degrees with down soap."),
        "delivery/delivery-cost": ("What delivery costs", "delivery_cost", "how much is delivery",
                                   "is shipping free", "Delivery costs 4.90 EUR."),
        "delivery/delivery-time": ("How long delivery takes", "delivery_time",
                                   "how long does delivery take", "when will it be here",
                                   "It takes three to five working days."),
    }  # fmt: skip
    names = ("title", "intents", "question", "again", "answer")
    for place, words in texts.items():
        path = found / f"{place}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE.format(**dict(zip(names, words, strict=True))))
    return found


@pytest.fixture
def config(folder):
    return {**ArticleRetriever.get_default_config(), "folder": str(folder)}


def _trained(config, tmp_path) -> ArticleRetriever:
    storage = LocalModelStorage(tmp_path)
    ArticleRetriever.create(config, storage, RESOURCE, CONTEXT).train(TrainingData())
    return ArticleRetriever.load(config, storage, RESOURCE, CONTEXT)


def _articles(retriever, text, **likely):
    ranking = [{"name": name, "confidence": sure} for name, sure in likely.items()]
    message = spoken(text, intent_ranking=ranking)
    retriever.process([message])
    return output(message)["articles"]


def test_an_article_is_found_by_its_meaning(config, tmp_path):
    found = _articles(_trained(config, tmp_path), "washing instructions for down jackets?")
    assert found[0]["slug"] == "wash-down"
    assert 0.55 <= found[0]["score"] <= 1
    assert [one["score"] for one in found] == sorted((o["score"] for o in found), reverse=True)


@pytest.mark.parametrize("text", ["asdf qwer", "what is the capital of peru", "tell me a joke"])
def test_what_no_article_answers_finds_none(text, config, tmp_path):
    assert _articles(_trained(config, tmp_path), text) == []


def test_the_article_of_the_probable_intent_is_preferred(config, tmp_path):
    retriever = _trained(config, tmp_path)
    for intent, slug in (("delivery_cost", "delivery-cost"), ("delivery_time", "delivery-time")):
        found = _articles(retriever, "a question about your delivery", **{intent: 0.9})
        assert found[0]["slug"] == slug


def test_of_two_articles_of_a_certain_intent_the_nearer_one_is_first(config, folder, tmp_path):
    other = (folder / "care/wash-down.md").read_text().replace("down jacket", "rain jacket")
    (folder / "care/a-rain-jacket.md").write_text(other.replace("down go", "it go"))
    retriever = _trained({**config, "prefer": 1.0}, tmp_path)
    for slug, text in (("wash-down", "wash a down jacket"), ("a-rain-jacket", "a rain jacket")):
        found = _articles(retriever, f"how do i wash {text}", care_help=1.0)
        assert (found[0]["slug"], found[0]["score"]) == (slug, 1.0)


def test_at_most_so_many_are_named(config, tmp_path):
    text = "delivery of the jacket"
    everything = _trained({**config, "floor": 0.0}, tmp_path)
    assert len(_articles(everything, text)) == 3
    one = _trained({**config, "floor": 0.0, "most": 1}, tmp_path)
    assert len(_articles(one, text)) == 1


@pytest.mark.parametrize("text", ["", "/affirm"])
def test_a_message_without_words_finds_none(text, config, tmp_path):
    message = Message({"text": text})
    _trained({**config, "floor": 0.0}, tmp_path).process([message])
    assert output(message)["articles"] == []


def test_without_articles_there_are_none_to_find(config, tmp_path):
    retriever = _trained({**config, "folder": str(tmp_path / "nowhere")}, tmp_path)
    assert _articles(retriever, "how do i wash my down jacket") == []


def test_the_model_keeps_the_articles_it_was_trained_on(config, folder, tmp_path):
    retriever = _trained(config, tmp_path)
    (folder / "care/wash-down.md").unlink()
    assert _articles(retriever, "how do i wash my down jacket")[0]["slug"] == "wash-down"


@pytest.mark.parametrize(
    ("content", "lacks"),
    [
        ("no front matter", "front matter"),
        ("---\ntitle: x\n", "front matter"),
        ("---\ntitle: [x\n---\n", "YAML"),
        ("---\n- x\n---\n", "title, intents"),
        ("---\nintents: [a]\nquestions: [b]\nanswer: c\n---\n", "title must be a text"),
        ("---\ntitle: x\nintents: a\nquestions: [b]\nanswer: c\n---\n", "intents must be a list"),
        ("---\ntitle: x\nintents: [a]\nquestions: []\nanswer: c\n---\n", "questions must be"),
        ("---\ntitle: x\nintents: [a]\nquestions: [b]\n---\n", "answer must be a text"),
    ],
)
def test_a_broken_article_stops_the_training_and_is_named(content, lacks, config, folder, tmp_path):
    (folder / "care/broken.md").write_text(content)
    with pytest.raises(InvalidConfigException, match=rf"broken\.md.*{lacks}"):
        _trained(config, tmp_path)


def test_every_change_of_an_article_asks_for_training(config, folder):
    seen = {ArticleRetriever.fingerprint_addon(config)}
    path = folder / "care/wash-down.md"
    path.write_text(path.read_text().replace("30 degrees", "40 degrees"))
    seen.add(ArticleRetriever.fingerprint_addon(config))
    path.rename(folder / "care/wash.md")
    seen.add(ArticleRetriever.fingerprint_addon(config))
    (folder / "care/wash.md").unlink()
    seen.add(ArticleRetriever.fingerprint_addon(config))
    assert len(seen) == 4


@pytest.mark.parametrize("setting", ["floor", "prefer"])
def test_a_setting_that_is_no_share_is_refused(setting, config, tmp_path):
    with pytest.raises(InvalidConfigException, match=setting):
        _trained({**config, setting: 2}, tmp_path)


def test_articles_read_with_another_sentence_model_are_refused(config, tmp_path, monkeypatch):
    _trained(config, tmp_path)
    monkeypatch.setattr("bot.nlu.article_retriever.model_version", lambda: "another==2")
    with pytest.raises(InvalidConfigException, match="train the bot again"):
        ArticleRetriever.load(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)


def test_the_shipped_articles_can_all_be_read():
    articles = read_articles(Path(__file__).resolve().parents[2] / "data/articles")
    assert len(articles) >= 60
    assert len({article.slug for article in articles}) == len(articles)
    assert np.all([len(article.questions) >= 4 for article in articles])
