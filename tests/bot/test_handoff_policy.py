"""A person who is due is fetched, once, whatever else the rules would say."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker


def _said(intent: str, *after):
    return [
        ActionExecuted("action_listen"),
        UserUttered(intent, intent={"name": intent, "confidence": 1.0}),
        *after,
    ]


@pytest.fixture
def next_action(agent):
    """The name of the action predicted after some events."""

    def predict(events) -> str:
        domain = agent.domain
        tracker = DialogueStateTracker.from_events("c", events, slots=domain.slots, domain=domain)
        prediction = agent.processor._predict_next_with_tracker(tracker)
        return domain.action_names_or_texts[prediction.max_confidence_index]

    return predict


DUE = SlotSet("handoff_reason", "effort")
IN_FORM = [
    *_said("buy", ActionExecuted("buy_form"), ActiveLoop("buy_form")),
    SlotSet("requested_slot", "colour"),
]


def test_without_a_reason_the_rules_decide(next_action):
    assert next_action(_said("greet")) == "utter_greet"


def test_a_reason_comes_before_any_rule_and_only_once(next_action):
    events = _said("greet", DUE)
    assert next_action(events) == "action_hand_off"
    assert next_action([*events, ActionExecuted("action_hand_off")]) == "action_listen"


def test_a_reason_that_is_still_set_counts_again_at_the_next_message(next_action):
    first = [*_said("greet", DUE), ActionExecuted("action_hand_off")]
    assert next_action([*first, *_said("greet")]) == "action_hand_off"


def test_a_reason_that_appears_after_the_answer_still_counts(next_action):
    assert next_action(_said("greet", ActionExecuted("utter_greet"), DUE)) == "action_hand_off"


def test_a_form_gives_way_to_a_person_and_is_stopped(next_action):
    events = [*IN_FORM, *_said("greet", DUE)]
    assert next_action(events) == "action_hand_off"
    events.append(ActionExecuted("action_hand_off"))
    assert next_action(events) == "action_deactivate_loop"
    events += [ActionExecuted("action_deactivate_loop"), ActiveLoop(None)]
    assert next_action(events) == "action_listen"


def test_a_person_is_offered_after_the_answer_and_before_listening(next_action):
    events = _said("greet", SlotSet("offer_person", True))
    assert next_action(events) == "utter_greet"
    events.append(ActionExecuted("utter_greet"))
    assert next_action(events) == "action_offer_person"
    events.append(ActionExecuted("action_offer_person"))
    assert next_action(events) == "action_listen"


def test_in_a_form_nothing_is_asked_beside_its_question(next_action):
    beside = [SlotSet("offer_person", True), SlotSet("second_request", {"stage": "waiting"})]
    assert next_action([*IN_FORM, *beside]) == "action_listen"


def test_a_question_of_the_answer_leaves_room_for_no_other(next_action):
    events = _said("greet", SlotSet("offer_person", True), ActionExecuted("utter_greet"))
    assert next_action([*events, BotUttered("Hello. What is it?")]) == "action_listen"
    assert next_action([*events, BotUttered("Hello.")]) == "action_offer_person"


def test_a_second_request_comes_after_the_answer_then_a_known_problem(next_action):
    waits = SlotSet("second_request", {"stage": "waiting"})
    problem = SlotSet("known_problem", {"stage": "untold"})
    events = _said("greet", waits, problem)
    assert next_action(events) == "utter_greet"
    events += [ActionExecuted("utter_greet"), BotUttered("Hello.")]
    assert next_action(events) == "action_second_request"
    events += [ActionExecuted("action_second_request"), SlotSet("second_request", None)]
    assert next_action(events) == "action_known_problem"
    events += [ActionExecuted("action_known_problem"), BotUttered("It is late. Shall I look?")]
    assert next_action(events) == "action_listen"


@pytest.mark.parametrize("stage", ["choose", "only"])
def test_a_message_of_which_rules_know_only_half_comes_before_them(next_action, stage):
    events = _said("greet", SlotSet("second_request", {"stage": stage}))
    assert next_action(events) == "action_second_request"


def test_a_language_that_is_not_served_is_told_and_nothing_else(next_action):
    events = _said("greet", SlotSet("language", "de"), SlotSet("offer_person", True))
    assert next_action(events) == "action_other_language"
    assert next_action([*events, ActionExecuted("action_other_language")]) == "action_listen"


def test_where_no_rule_goes_on_after_an_answer_the_turn_is_over(next_action):
    events = _said("deny", ActionExecuted("action_known_problem"))
    assert next_action(events) == "action_clarify"
    assert next_action([*events, BotUttered("Your parcel is late.")]) == "action_listen"


def test_a_person_who_is_fetched_is_not_offered_too(next_action):
    events = _said("greet", SlotSet("offer_person", True), DUE)
    assert next_action(events) == "action_hand_off"
    assert next_action([*events, ActionExecuted("action_hand_off")]) == "action_listen"


def test_where_no_rule_fits_the_bot_clarifies_once(next_action):
    events = _said("deny")
    assert next_action(events) == "action_clarify"
    assert next_action([*events, ActionExecuted("action_clarify")]) == "action_listen"


def test_a_form_asked_for_while_it_is_active_answers_and_asks_again(next_action):
    rejected = ActionExecutionRejected("buy_form", "HandoffPolicy", 1.0)
    events = [*IN_FORM, *_said("buy", rejected)]
    assert next_action(events) == "action_clarify"
    assert next_action([*events, ActionExecuted("action_clarify")]) == "buy_form"
