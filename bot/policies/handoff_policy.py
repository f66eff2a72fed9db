"""Rules, and above them the promise that a person is fetched when one is due."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    Event,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

HAND_OFF = "action_hand_off"
OFFER = "action_offer_person"
CLARIFY = "action_clarify"
SECOND = "action_second_request"
PROBLEM = "action_known_problem"
OTHER_LANGUAGE = "action_other_language"
_SOURCE = "handoff"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class HandoffPolicy(RulePolicy):
    """Rasa's RulePolicy with what may come before any rule, after all of them, and two guarantees.

    When the slot `handoff_reason` is set, `action_hand_off` comes next, once a turn, whatever form
    is active or rule fits; the form is stopped, so that no later "yes" confirms it, and the bot
    listens. Outside forms, a language that is not served (`language`) or a message of which the
    rules would answer the wrong half (`second_request`) comes before the rules.

    At the end of a turn outside forms that has asked nothing comes, at most one of these: the
    second request that waits, a problem that was not told yet (`known_problem`), and a person,
    when `offer_person` is set.

    No turn ends in silence: where no rule fits and nothing was said, or a form was asked for again
    while it is the one that could not go on, `action_clarify` answers, once. And no turn asks two
    things: one question, then the customer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """RulePolicy's configuration with `action_clarify` as the answer where no rule fits."""
        return {**RulePolicy.get_default_config(), "core_fallback_action_name": CLARIFY}

    def _predict(
        self, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str | None]:
        ran = _actions_of_turn(tracker)
        if HAND_OFF in ran:
            stops_form = tracker.active_loop_name is not None
            after = ACTION_DEACTIVATE_LOOP_NAME if stops_form else ACTION_LISTEN_NAME
            return self._certain(after, tracker, domain)
        if tracker.get_slot("handoff_reason"):
            return self._certain(HAND_OFF, tracker, domain)
        if ran and ran[-1] in (OFFER, OTHER_LANGUAGE):
            return self._certain(ACTION_LISTEN_NAME, tracker, domain)
        if first := _before_the_rules(tracker, ran):
            return self._certain(first, tracker, domain)

        prediction, source = super()._predict(tracker, domain)
        action = domain.action_names_or_texts[prediction.max_confidence_index]
        if action == CLARIFY and ran:
            asks_again = tracker.active_loop_name if ran[-1] == CLARIFY else None
            if CLARIFY in ran or _has_spoken(tracker):
                action = asks_again or ACTION_LISTEN_NAME
                prediction, source = self._certain(action, tracker, domain)
        elif action == _rejected_last(tracker) and CLARIFY not in ran:
            return self._certain(CLARIFY, tracker, domain)

        if action == ACTION_LISTEN_NAME and (last := _after_the_rules(tracker, ran)):
            return self._certain(last, tracker, domain)
        return prediction, source

    def _certain(
        self, action: str, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str | None]:
        scores = self._prediction_result(action, tracker, domain)
        return self._rule_prediction(scores, _SOURCE, is_no_user_prediction=True), _SOURCE


def _before_the_rules(tracker: DialogueStateTracker, ran: list[str]) -> str | None:
    if ran or tracker.active_loop_name is not None:
        return None
    if tracker.get_slot("language"):
        return OTHER_LANGUAGE
    stage = (tracker.get_slot("second_request") or {}).get("stage")
    return SECOND if stage in ("choose", "only") else None


def _after_the_rules(tracker: DialogueStateTracker, ran: list[str]) -> str | None:
    if not _is_turn(tracker) or tracker.active_loop_name is not None or _has_asked(tracker):
        return None
    second = tracker.get_slot("second_request") or {}
    due = {
        SECOND: second.get("stage") == "waiting" or bool(second.get("rest")),
        PROBLEM: (tracker.get_slot("known_problem") or {}).get("stage") == "untold",
        OFFER: bool(tracker.get_slot("offer_person")),
    }
    again = (SECOND,) if second.get("rest") else ()
    return next((a for a in due if due[a] and (a not in ran or a in again)), None)


def _events_of_turn(tracker: DialogueStateTracker) -> list[Event]:
    """What happened since the customer's last message, newest first."""
    events: list[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        events.append(event)
    return events


def _has_spoken(tracker: DialogueStateTracker) -> bool:
    return any(isinstance(event, BotUttered) for event in _events_of_turn(tracker))


def _has_asked(tracker: DialogueStateTracker) -> bool:
    said = (event for event in _events_of_turn(tracker) if isinstance(event, BotUttered))
    return any("?" in (event.text or "") for event in said)


def _actions_of_turn(tracker: DialogueStateTracker) -> list[str]:
    """Names of the actions run since the customer's last message, oldest first."""
    events = (e for e in _events_of_turn(tracker) if isinstance(e, ActionExecuted))
    return [event.action_name for event in events if event.action_name][::-1]


def _is_turn(tracker: DialogueStateTracker) -> bool:
    return any(isinstance(event, UserUttered) for event in tracker.events)


def _rejected_last(tracker: DialogueStateTracker) -> str | None:
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return str(event.action_name)
        if isinstance(event, (ActionExecuted, UserUttered)):
            return None
    return None
