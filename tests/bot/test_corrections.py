"""What is put right in Rasa changes how long it takes, never what it answers."""

from __future__ import annotations

import logging

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot import corrections

STOCK = RemoteAction._validate_action_result
ANSWERS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": []},
    {"events": [{"event": "action", "name": "action_listen"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [{"no": "event"}]},
    {"events": "none"},
    {"responses": ["text"]},
    {"responses": [{"text": "Hello."}]},
    {},
    [],
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_of_actions_are_judged_as_stock_rasa_judges_them(answer, monkeypatch):
    monkeypatch.setattr(RemoteAction, "_validate_action_result", STOCK)
    stock = _verdict(answer)
    corrections.correct()
    assert _verdict(answer) == stock


def _verdict(answer):
    try:
        return RemoteAction("action_x", None)._validate_action_result(answer)
    except ValidationError as error:
        return error.message


def test_what_customers_typed_stays_out_of_the_log():
    quoting = "Failed to parse arguments in line '/my secret'."
    assert not corrections._is_news(_record(quoting))
    assert corrections._is_news(_record("The tracker store is not reachable."))


def _record(message):
    return logging.LogRecord("py.warnings", logging.WARNING, "", 0, message, (), None)
