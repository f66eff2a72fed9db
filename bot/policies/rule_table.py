"""RulePolicy by table: the rules that fit, and the states they are compared with."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.shortcuts import cloned

Table = dict[tuple[str | None, str | None], list[str]]


def take() -> None:
    """Put both in place."""
    look_rules_up()
    extend_known_states()


def look_rules_up() -> None:
    """Rasa compares every rule with every state of the conversation.

    Here only those rules are compared whose last state has the same action and intent (or leaves
    them open), with as many states as the rule has; the comparison itself is Rasa's.
    """

    def get_possible_keys(
        self: RulePolicy, lookup: dict[str, str], states: list[State]
    ) -> set[str]:
        if not states:
            return set(lookup)
        recent = states[::-1]
        return {
            key
            for key in _candidates(_table_of(self, lookup), recent[0])
            if all(
                self._is_rule_applicable(key, turn, state)
                for turn, state in zip(range(_length(key)), recent)  # noqa: B905 - the shorter
            )
        }

    def _length(key: str) -> int:
        return len(RulePolicy._rule_key_to_state(key))

    RulePolicy._get_possible_keys = get_possible_keys


def _table_of(policy: RulePolicy, lookup: dict[str, str]) -> Table:
    tables = policy.__dict__.setdefault("_tables", {})
    known = tables.get(id(lookup))
    if known is None or known[0] is not lookup or known[1] != len(lookup):
        known = tables[id(lookup)] = (lookup, len(lookup), _table(lookup))
    table: Table = known[2]
    return table


def _table(lookup: dict[str, str]) -> Table:
    table: Table = {}
    for key in lookup:
        states = RulePolicy._rule_key_to_state(key)
        table.setdefault(_place(states[-1] if states else {}), []).append(key)
    return table


def _place(state: State) -> tuple[str | None, str | None]:
    """Action and intent by which a rule is found; None where it leaves them open."""
    if not state.get(PREVIOUS_ACTION):
        return None, None
    return _name(state, PREVIOUS_ACTION, ACTION_NAME), _name(state, USER, INTENT)


def _name(state: State, part: str, key: str) -> str | None:
    value = state.get(part, {}).get(key)
    return value if isinstance(value, str) and value != SHOULD_NOT_BE_SET else None


def _candidates(table: Table, state: State) -> list[str]:
    action = _name(state, PREVIOUS_ACTION, ACTION_NAME)
    intent = _name(state, USER, INTENT)
    places = {(a, i) for a in (action, None) for i in (intent, None)}
    return [key for place in places for key in table.get(place, ())]


@dataclass
class _Past:
    """A conversation up to its last message, and the states it went through."""

    domain: Domain
    at: DialogueStateTracker
    applied: list[Event] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def begins(self, applied: list[Event], end: int) -> bool:
        """Tell whether `applied[:end]` begins with what is known."""
        known = len(self.applied)
        return known <= end and all(a is b for a, b in zip(self.applied, applied[:known]))  # noqa: B905

    def go_on(self, events: list[Event]) -> None:
        """Apply events, remembering the state before each action."""
        for event in events:
            if isinstance(event, ActionExecuted):
                self.states.append(self.domain.get_active_state(self.at))
            event.apply_to(self.at)
        self.applied += events


def extend_known_states() -> None:
    """Rasa replays the whole conversation twice for each action that it predicts.

    What came before the last message stays as it is, and is kept with the tracker; what came after
    is replayed, for predictions may still change how that message is read.
    """
    stock = Domain.states_for_tracker_history

    def states_for_tracker_history(
        self: Domain,
        tracker: DialogueStateTracker,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        special = omit_unset_slots or ignore_rule_only_turns
        if special or type(tracker) is not DialogueStateTracker:
            return stock(self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        applied = tracker.applied_events()
        heard = _last_message(applied)
        past = tracker.__dict__.get("_past")
        if past is None or past.domain is not self or not past.begins(applied, heard):
            past = tracker._past = _Past(self, tracker.init_copy())
        past.go_on(applied[len(past.applied) : heard])
        now = _Past(self, cloned(past.at), [], list(past.states))
        now.go_on(applied[heard:])
        states = [*now.states, self.get_active_state(now.at)]
        return [{part: copy.copy(values) for part, values in state.items()} for state in states]

    Domain.states_for_tracker_history = states_for_tracker_history


def _last_message(applied: list[Event]) -> int:
    """Index of the last message, 0 where there is none."""
    for index in range(len(applied) - 1, -1, -1):
        if isinstance(applied[index], UserUttered):
            return index
    return 0
