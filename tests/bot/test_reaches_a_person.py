"""Whatever form is open and whatever it asks, the wish for a person is followed at once."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
LISTEN = ActionExecuted("action_listen")


def _asked(form: str, slot: str) -> list[Event]:
    return [
        UserUttered("something", intent={"name": "order_status", "confidence": 1.0}),
        ActionExecuted(form),
        ActiveLoop(form),
        SlotSet("requested_slot", slot),
        LISTEN,
    ]


def _states() -> Iterator[tuple[str, list[Event]]]:
    yield "the first message", []
    for form, about in DOMAIN["forms"].items():
        for slot in about["required_slots"]:
            yield f"{form} asks {slot}", _asked(form, slot)
    for action in DOMAIN["actions"]:
        if action.startswith(("action_ask", "validate", "action_validate", "action_hand_off")):
            continue
        before = UserUttered("something", intent={"name": "order_status", "confidence": 1.0})
        yield f"after {action}", [before, ActionExecuted(action), LISTEN]
    for response in DOMAIN["responses"]:
        before = UserUttered("something", intent={"name": "greet", "confidence": 1.0})
        yield f"after {response}", [before, ActionExecuted(response), LISTEN]


STATES = dict(_states())


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The shipped domain and rules, trained without the understanding."""
    from rasa.model_training import train_core

    from bot import corrections

    corrections.correct()
    with contextlib.redirect_stdout(io.StringIO()):
        model = train_core(
            str(ROOT / "domain.yml"),
            str(ROOT / "config.yml"),
            str(ROOT / "data" / "rules"),
            output=str(tmp_path_factory.mktemp("rules")),
            fixed_model_name="rules.tar.gz",
        )
    return Agent.load(model)


@pytest.mark.parametrize("state", STATES)
def test_a_person_is_one_message_away(rules: Agent, state: str) -> None:
    domain = rules.domain
    tracker = DialogueStateTracker.from_events(
        "somebody",
        [
            LISTEN,
            *STATES[state],
            UserUttered("a person", intent={"name": "ask_person", "confidence": 0.9}),
            SlotSet("handoff_reason", "asked"),
        ],
        domain.slots,
        domain=domain,
    )
    action, _ = rules.processor.predict_next_with_tracker_if_should(tracker)
    assert action.name() == "action_hand_off"
