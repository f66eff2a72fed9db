"""Two requests in one message are both heard; one request with an "and" in it stays one."""

from __future__ import annotations

from typing import ClassVar

import pytest
from components import CONTEXT, RESOURCE, output
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.message_vector import CLASSIFIER
from bot.nlu.second_request import SecondRequest, clauses


class ByWord:
    """Takes the first word that it knows for the intent, and says how certain that is."""

    INTENTS: ClassVar[dict[str, str]] = {
        "cancel": "cancel_order",
        "refund": "refund_status",
        "where": "order_status",
        "open": "opening_hours",
        "hello": "greet",
        "thanks": "thank",
        "terrible": "complain",
        "label": "return_label",
    }

    def __init__(self, doubt: float = 0.1) -> None:
        self.certain = 1 - doubt
        self.asked: list[str] = []

    def classify(self, texts):
        self.asked += texts
        return [[self._one(text.lower()), ("other", 0.05)] for text in texts]

    def _one(self, text):
        known = [intent for word, intent in self.INTENTS.items() if word in text]
        return (known[0], self.certain) if known else ("nlu_fallback", 0.2)


@pytest.fixture
def component(tmp_path):
    config = SecondRequest.get_default_config()
    return SecondRequest.create(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)


def _second(component, text, intent="cancel_order", classifier=None, **more):
    given = {CLASSIFIER: classifier or ByWord(), "intent": {"name": intent}, **more}
    message = Message({"text": text, **given})
    component.process([message])
    return output(message).get("second")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cancel 1007 and where is my refund", ["cancel 1007", "where is my refund"]),
        ("Cancel it. Where is my refund?", ["Cancel it", "Where is my refund?"]),
        ("cancel it, also can you send a label", ["cancel it", "can you send a label"]),
        ("is it open\nand whats the postage", ["is it open", "and whats the postage"]),
        ("cancel 1007, where is 1005", ["cancel 1007", "where is 1005"]),
        ("where is the tent and the ground sheet", ["where is the tent", "the ground sheet"]),
        ("the tent and poles are late", ["the tent and poles are late"]),
        ("return a red and blue jacket", ["return a red and blue jacket"]),
        ("it costs 4.90 or 8.90", ["it costs 4.90 or 8.90"]),
        ("black and white", ["black and white"]),
        ("cancel no. 1007", ["cancel no. 1007"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_message_falls_into_clauses_that_could_stand_alone(text, parts):
    found = clauses(text)
    assert [clause.text for clause in found] == parts
    assert all(text[clause.start : clause.end] == clause.text for clause in found)


def test_no_cut_goes_through_a_name():
    text = "send it to Rock and The Roll Street 5"
    whole = (text.index("Rock"), len(text))
    assert [clause.text for clause in clauses(text, fixed=[whole])] == [text]


def test_the_second_request_is_told_in_the_customers_words(component):
    assert _second(component, "cancel 1007 and where is my refund for 1005?") == {
        "intent": "refund_status",
        "confidence": 0.9,
        "text": "where is my refund for 1005?",
    }


def test_the_request_beside_the_messages_own_intent_is_the_second(component):
    found = _second(component, "cancel 1007 and where is my refund", intent="refund_status")
    assert (found["intent"], found["text"]) == ("cancel_order", "cancel 1007")
    unsure = _second(component, "cancel 1007 and where is my refund", intent="nlu_fallback")
    assert unsure["intent"] == "refund_status"


@pytest.mark.parametrize(
    "text",
    [
        "hello there. cancel 1007",
        "cancel 1007 please. thanks a lot",
        "cancel 1007 and cancel 1008",
        "terrible service this is! cancel 1007",
        "cancel 1007 and do the other thing",
        "cancel 1007",
        "",
        "/cancel_order and where is my refund",
    ],
)
def test_what_is_no_second_request(component, text):
    assert _second(component, text) is None


def test_a_doubtful_clause_is_no_request(component):
    text = "cancel 1007 and where is my refund"
    assert _second(component, text, classifier=ByWord(doubt=0.5)) is None


def test_a_message_of_one_clause_costs_no_second_reading(component):
    classifier = ByWord()
    assert _second(component, "where is the red and blue tent", classifier=classifier) is None
    assert classifier.asked == []


def test_a_pipeline_without_such_a_classifier_reports_nothing(component):
    message = Message({"text": "cancel 1007 and where is my refund"})
    component.process([message])
    assert output(message).get("second") is None
