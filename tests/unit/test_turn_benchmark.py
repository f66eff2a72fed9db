"""The action server of the turn benchmark answers each bot in the action protocol."""

import pytest

from benchmarks.turn_actions import answer


def _asked(action: str, **slots: object) -> dict[str, list[dict[str, object]]]:
    return answer({"next_action": action, "tracker": {"slots": slots}})


def test_after_a_message_only_slots_of_the_domain_are_set() -> None:
    events = _asked("action_validate_slot_mappings", effort_level=None, other=1)["events"]
    assert [(event["name"], event["value"]) for event in events] == [("effort_level", "calm")]


@pytest.mark.parametrize(("known", "set_now"), [(None, ["order_number"]), ("NP-7", [])])
def test_a_form_gets_the_order_once(known: str | None, set_now: list[str]) -> None:
    events = _asked("validate_cancel_form", order_number=known)["events"]
    assert [event["name"] for event in events] == set_now


@pytest.mark.parametrize("action", ["action_order_status", "action_ask_cancel_form_confirmed"])
def test_other_actions_say_something(action: str) -> None:
    said = _asked(action)
    assert said["events"] == []
    assert [bool(response["text"]) for response in said["responses"]] == [True]
