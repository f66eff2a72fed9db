"""Rules, and above them the promise that a person is fetched when one is due."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

HAND_OFF = "action_hand_off"
OFFER = "action_offer_person"
CLARIFY = "action_clarify"
_SOURCE = "handoff"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class HandoffPolicy(RulePolicy):
    """Rasa's RulePolicy with two interventions and one guarantee.

    When the slot `handoff_reason` is set, `action_hand_off` comes next, once a turn, whatever form
    is active or rule fits; the form is stopped, so that no later "yes" confirms it, and the bot
    listens. When `offer_person` is set, the turn ends with `action_offer_person`. And no turn ends
    in silence: where no rule fits, or a form was asked for again while it is the one that could
    not go on, `action_clarify` answers, once.
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
        if ran and ran[-1] == OFFER:
            return self._certain(ACTION_LISTEN_NAME, tracker, domain)

        prediction, source = super()._predict(tracker, domain)
        action = domain.action_names_or_texts[prediction.max_confidence_index]
        if action == CLARIFY and CLARIFY in ran:
            asks_again = tracker.active_loop_name if ran[-1] == CLARIFY else None
            action = asks_again or ACTION_LISTEN_NAME
            prediction, source = self._certain(action, tracker, domain)
        elif action == _rejected_last(tracker) and CLARIFY not in ran:
            return self._certain(CLARIFY, tracker, domain)

        offer_due = tracker.get_slot("offer_person") and _is_turn(tracker) and OFFER not in ran
        if action == ACTION_LISTEN_NAME and offer_due:
            return self._certain(OFFER, tracker, domain)
        return prediction, source

    def _certain(
        self, action: str, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str | None]:
        scores = self._prediction_result(action, tracker, domain)
        return self._rule_prediction(scores, _SOURCE, is_no_user_prediction=True), _SOURCE


def _actions_of_turn(tracker: DialogueStateTracker) -> list[str]:
    """Names of the actions run since the customer's last message, oldest first."""
    ran: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            ran.append(event.action_name)
    return ran[::-1]


def _is_turn(tracker: DialogueStateTracker) -> bool:
    return any(isinstance(event, UserUttered) for event in tracker.events)


def _rejected_last(tracker: DialogueStateTracker) -> str | None:
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return str(event.action_name)
        if isinstance(event, (ActionExecuted, UserUttered)):
            return None
    return None
