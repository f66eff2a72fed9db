"""This bot is quicker than stock Rasa, and does, says and asks its actions the same."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.policies import rule_policy

RECORD = Path(__file__).parent / "record.py"


@pytest.fixture(scope="module")
def recorded(tiny_model, tmp_path_factory):
    """The same conversations, held by stock Rasa and by this bot, each in its own process."""
    folder = tmp_path_factory.mktemp("recorded")
    return {kind: _recorded(kind, tiny_model, folder) for kind in ("stock", "ours")}


def _recorded(kind, model, folder):
    out = folder / f"{kind}.json"
    command = [sys.executable, str(RECORD), kind, str(model), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(out.read_text())


@pytest.mark.parametrize("part", ["events", "state", "calls"])
def test_every_recorded_turn_is_the_same(recorded, part):
    turns = zip(recorded["stock"], recorded["ours"], strict=True)
    for number, (stock, ours) in enumerate(turns):
        assert ours[part] == stock[part], f"turn {number}: {stock['said']}"


def test_the_recorded_turns_have_all_that_may_differ(recorded):
    stock = recorded["stock"]
    events = [event["event"] for turn in stock for event in turn["events"]]
    for kind in ("active_loop", "action_execution_rejected", "followup", "bot"):
        assert kind in events
    assert any(turn["state"]["active_loop"] for turn in stock)
    asked = {call["next_action"] for turn in stock for call in turn["calls"]}
    assert {"action_hand_off", "action_offer_person", "action_clarify"} <= asked


@pytest.mark.parametrize("module", [processor, rule_policy, forms])
def test_rasa_copies_in_these_modules_for_debug_logs_only(module):
    """`copy_nothing_for_silent_logs` replaces `copy` in them."""
    tree = ast.parse(Path(module.__file__).read_text())
    logged = [
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for node in ast.walk(call)
    ]
    copies = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_copy(node)]
    assert copies
    assert all(any(node is one for one in logged) for node in copies)


def _is_copy(node):
    return isinstance(node.value, ast.Name) and node.value.id == "copy"
