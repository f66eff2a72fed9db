"""What the actions say of themselves agrees with what Rasa is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.choices import CHOICES
from actions.task_rules import TASKS
from conversation.topics import topic_of
from heard.settings import ROOT

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
_SAYS_NO_MATTER = frozenset({
    "affirm", "ask_person", "bot_challenge", "correct_bot", "deny", "goodbye", "greet", "hold_on",
    "next_step", "other_one", "out_of_scope", "praise", "previous_step", "repeat_step",
    "small_talk", "stop_task", "thank", "what_can_you_do",
})  # fmt: skip


def first_actions() -> dict[str, str]:
    """What the rules do first for each intent that begins one."""
    found: dict[str, str] = {}
    for file in sorted(Path(ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]:
            begin, then = rule["steps"][:2]
            for step in begin.get("or", [begin]):
                if "intent" in step:
                    found[step["intent"]] = then["action"]
    return found


def test_every_intent_leads_somewhere():
    assert set(DOMAIN["intents"]) | {"nlu_fallback"} == set(first_actions())


@pytest.mark.parametrize("intent", CHOICES)
def test_a_choice_is_taken_up_as_the_rules_would(intent: str):
    assert CHOICES[intent].takes_up == first_actions()[intent]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.form)
def test_a_task_is_what_rasa_knows_of_its_form(task: Any):
    assert tuple(DOMAIN["forms"][task.form]["required_slots"]) == task.slots
    assert [first_actions()[intent] for intent in task.intents] == [task.form] * len(task.intents)


def test_every_action_of_the_domain_is_there_and_every_action_is_in_the_domain():
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) == set(DOMAIN["actions"])


def test_staff_read_every_matter_in_words():
    for intent in set(DOMAIN["intents"]) - _SAYS_NO_MATTER:
        assert topic_of(intent), intent
