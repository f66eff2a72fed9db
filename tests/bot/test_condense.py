"""A condensed conversation is in the same state, and goes on in the same way, as the whole one."""

from __future__ import annotations

import random

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.condense import condense

TURNS = 3


def _tracker(events, domain):
    return DialogueStateTracker.from_events("c", events, domain.slots)


def _session():
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def _said(intent, number):
    parsed = {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": intent}
    return UserUttered(
        intent, parsed["intent"], parse_data=parsed, message_id=f"m{number}", input_channel="x"
    )


def _greeting():
    return [ActionExecuted("utter_greet"), BotUttered("Hello.")]


def _turn(dice, active, number):
    """One turn as Rasa logs it, and whether the form is active at its end."""
    listen = [ActionExecuted("action_listen")]
    if not active:
        if dice.random() < 0.5:
            return [_said("greet", number), *_greeting(), *listen], False
        begun = [ActiveLoop("buy_form"), SlotSet("requested_slot", "colour")]
        return [_said("buy", number), ActionExecuted("buy_form"), *begun, *listen], True
    kind = dice.choice(["again", "greet", "rejected", "deny", "done"])
    if kind == "again":  # the form goes on; what was said is undone in Rasa's eyes
        return [_said("buy", number), ActionExecuted("buy_form"), *listen], True
    if kind in ("greet", "rejected"):
        aside = [_said("greet", number), ActionExecutionRejected("buy_form", "p", 1.0)]
        back = [] if kind == "rejected" else [ActionExecuted("buy_form")]
        return [*aside, *_greeting(), *back, *listen], True
    ended = [ActiveLoop(None), SlotSet("requested_slot", None)]
    if kind == "deny":
        rejected = ActionExecutionRejected("buy_form", "p", 1.0)
        stop = [_said("deny", number), rejected, ActionExecuted("action_deactivate_loop")]
        return [*stop, *ended, *listen], False
    colour = SlotSet("colour", f"red {number}")
    return [_said("deny", number), colour, ActionExecuted("buy_form"), *ended, *listen], False


@pytest.mark.parametrize("seed", range(6))
def test_every_turn_goes_on_as_if_nothing_had_been_left_out(seed, agent):
    dice, domain = random.Random(seed), agent.domain
    whole, kept, active = _session(), _session(), False
    for number in range(20):
        events, active = _turn(dice, active, number)
        for event in events:
            whole.append(event)
            kept.append(event)
            _same(_tracker(whole, domain), _tracker(kept, domain), agent)
        kept = condense(kept, domain.slots, TURNS)
        assert len(kept) <= 50
        _same(_tracker(whole, domain), _tracker(kept, domain), agent)


def _same(whole, kept, agent):
    assert kept.current_state() == whole.current_state()
    assert kept.is_paused() == whole.is_paused()
    states, expected = kept.past_states(agent.domain), whole.past_states(agent.domain)
    assert states[-2:] == expected[-2:]
    if kept.latest_message.text:
        ours, stock = (agent.processor._predict_next_with_tracker(one) for one in (kept, whole))
        assert (ours.probabilities, ours.events) == (stock.probabilities, stock.events)


def test_the_last_turns_stay_whole_with_their_ids(agent):
    events = _session()
    for number in range(20):
        events += [_said("greet", number), *_greeting(), ActionExecuted("action_listen")]
    kept = condense(events, agent.domain.slots, TURNS)
    assert [e.message_id for e in kept if isinstance(e, UserUttered)] == ["m17", "m18", "m19"]
    assert kept[-3 * 4 :] == events[-3 * 4 :]


def test_the_message_that_began_a_form_is_kept_without_its_id(agent):
    form = [ActionExecuted("buy_form"), ActiveLoop("buy_form")]
    events = [*_session(), _said("buy", 0), *form, ActionExecuted("action_listen")]
    for number in range(1, 9):
        events += [_said("greet", number), *_greeting(), ActionExecuted("action_listen")]
    kept = condense(events, agent.domain.slots, TURNS)
    first = next(event for event in kept if isinstance(event, UserUttered))
    assert (first.text, first.message_id) == ("buy", None)
    assert _tracker(kept, agent.domain).active_loop.trigger_message["text"] == "buy"


def test_only_the_last_session_is_kept(agent):
    events = [
        *_session(),
        _said("buy", 0),
        *_session(),
        SlotSet("colour", "red"),
        _said("greet", 1),
    ]
    kept = condense(events, agent.domain.slots, TURNS)
    assert isinstance(kept[0], SessionStarted)
    assert [e.message_id for e in kept if isinstance(e, UserUttered)] == ["m1"]


def test_a_paused_conversation_stays_paused(agent):
    events = [*_session(), ConversationPaused()]
    for number in range(9):
        events += [_said("greet", number), ActionExecuted("action_listen")]
    assert _tracker(condense(events, agent.domain.slots, TURNS), agent.domain).is_paused()
