"""What stock Rasa 3.6 does over and over in a turn, done once: the results stay the same.

Each function replaces one of Rasa's. `tests/bot/test_same_as_stock.py` replays recorded
conversations with and without them; docs/adr/0010-flat-tracker-store.md has the times.
"""

from __future__ import annotations

import copy
import types
from collections import deque
from typing import Any

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.actions.forms import FormAction
from rasa.core.policies import rule_policy
from rasa.core.policies.policy import Policy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import trackers
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

Output = tuple[str, Any]
_ADDS_ONLY = {
    ActionExecutionRejected,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    LoopInterrupted,
    SlotSet,
    UserUttered,
}


def take() -> None:
    """Put all of them in place."""
    look_event_classes_up()
    run_graphs_without_scheduler()
    copy_trackers_by_state()
    copy_slots_by_value()
    try_slots_on_copies()
    remember_applied_events()
    copy_nothing_for_silent_logs()
    tell_active_loops_without_copying()


def look_event_classes_up() -> None:
    """Rasa walks all subclasses of Event for every event that it reads."""
    stock = Event.resolve_by_type
    known: dict[str, type[Event]] = {}
    for cls in all_subclasses(Event):
        known.setdefault(cls.type_name, cls)

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        return known.get(type_name) or stock(type_name, default)

    Event.resolve_by_type = staticmethod(resolve_by_type)


def run_graphs_without_scheduler() -> None:
    """Rasa prunes the graph, describes it for a log, and has dask plan it, at every run."""
    stock = DaskGraphRunner.run

    def plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """The nodes that `targets` need, in an order in which each finds its inputs."""
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, list[str]] = {}

        def add(name: str) -> None:
            if name in nodes and name not in order:
                needs = list(nodes[name].needs.values())
                for need in needs:
                    add(need)
                order[name] = needs

        for name in nodes:
            add(name)
        return list(order.items())

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        given = inputs or {}
        if any(isinstance(value, str) for value in given.values()):
            return stock(self, inputs, targets)  # it may clash with the name of a node
        plans = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = plan(self, wanted)
        done: dict[str, Output] = {name: (name, value) for name, value in given.items()}
        try:
            for name, needs in plans[wanted]:
                if name not in done:
                    done[name] = self._instantiated_nodes[name](
                        *(done.get(need, need) for need in needs)
                    )
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(done[name] for name in wanted)

    DaskGraphRunner.run = run


def copy_trackers_by_state() -> None:
    """Rasa copies a tracker by applying all of its events to an empty one."""
    stock = DialogueStateTracker.copy

    def same(self: DialogueStateTracker) -> DialogueStateTracker:
        if type(self) is not DialogueStateTracker or _has(FollowupAction, self):
            return stock(self)  # a follow-up is taken off the tracker, but not off its events
        return cloned(self)

    DialogueStateTracker.copy = same


def _has(kind: type[Event], tracker: DialogueStateTracker) -> bool:
    return kind in map(type, tracker.events)


def cloned(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker with the same events in the same state."""
    clone = copy.copy(tracker)
    clone.__dict__.pop("_applied", None)
    clone.__dict__.pop("_past", None)
    clone.model_id = clone.assistant_id = clone.sender_source = None
    clone.events = deque(tracker.events, tracker._max_event_history)
    clone.slots = {name: copy.copy(slot) for name, slot in tracker.slots.items()}
    clone.active_loop = copy.copy(tracker.active_loop)
    clone.latest_action = dict(tracker.latest_action) if tracker.latest_action else {}
    return clone


def copy_slots_by_value() -> None:
    """Every tracker copies all slots, which Python does by way of the pickle protocol."""

    def same(self: Slot) -> Slot:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = same


def try_slots_on_copies() -> None:
    """Rasa replays the conversation to see what it would be with the slots that were just found."""
    stock_validation = ActionExtractSlots._execute_validation_action
    stock_tracker = FormAction._temporary_tracker

    async def execute_validation_action(
        self: ActionExtractSlots,
        extraction_events: list[Event],
        output_channel: Any,
        nlg: Any,
        tracker: DialogueStateTracker,
        domain: Any,
    ) -> list[Event]:
        given = (extraction_events, output_channel, nlg, tracker, domain)
        if ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions or _has(Restarted, tracker):
            return await stock_validation(self, *given)
        found = [event for event in extraction_events if isinstance(event, SlotSet)]
        validated = await self._run_custom_action(
            ACTION_VALIDATE_SLOT_MAPPINGS, output_channel, nlg, _with(tracker, found), domain
        )
        settled = {event.key for event in validated if isinstance(event, SlotSet)}
        return [*validated, *(event for event in found if event.key not in settled)]

    def temporary_tracker(
        self: FormAction, current_tracker: DialogueStateTracker, events: list[Event], domain: Any
    ) -> DialogueStateTracker:
        if _has(Restarted, current_tracker):
            return stock_tracker(self, current_tracker, events, domain)
        asked = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        return _with(current_tracker, [asked, ActionExecuted(self.name()), *events])

    ActionExtractSlots._execute_validation_action = execute_validation_action
    FormAction._temporary_tracker = temporary_tracker


def _with(tracker: DialogueStateTracker, events: list[Event]) -> DialogueStateTracker:
    trial = tracker.copy()
    for event in events:
        trial.update(event)
    return trial


def remember_applied_events() -> None:
    """Rasa finds out which events still count again and again, from the first one on."""
    stock = DialogueStateTracker.applied_events

    def applied_events(self: DialogueStateTracker) -> list[Event]:
        known = self.__dict__.get("_applied")
        events = list(self.events)
        if known is None or not known.goes_on(events):
            known = self._applied = _Applied(events, stock(self))
        return list(known.applied)

    DialogueStateTracker.applied_events = applied_events


class _Applied:
    """The events that count, of so many events."""

    def __init__(self, events: list[Event], applied: list[Event]) -> None:
        self.applied = applied
        self._known = events
        self._loops = {e.name for e in events if isinstance(e, ActiveLoop)}

    def goes_on(self, events: list[Event]) -> bool:
        """Take what was added to the known events, unless it may undo some of them."""
        known = len(self._known)
        if known > len(events) or (known and self._known[-1] is not events[known - 1]):
            return False
        added = events[known:]
        if not all(type(e) in _ADDS_ONLY or self._is_no_loop(e) for e in added):
            return False
        self._known = events
        self.applied += added
        return True

    def _is_no_loop(self, event: Event) -> bool:
        return type(event) is ActionExecuted and event.action_name not in self._loops


def copy_nothing_for_silent_logs() -> None:
    """Rasa copies events and describes states for debug logs which `configure_logging` drops."""
    uncopied = types.SimpleNamespace(copy=copy.copy, deepcopy=lambda value: value)
    for module in (processor, rule_policy, forms):
        module.copy = uncopied
    Policy.format_tracker_states = staticmethod(lambda states: "")


def tell_active_loops_without_copying() -> None:
    """Rasa copies the whole message that began a form into each call of an action."""
    trackers.dataclasses = types.SimpleNamespace(asdict=lambda loop: dict(vars(loop)))
