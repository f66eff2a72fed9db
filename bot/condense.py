"""What of a conversation is worth keeping: its state, and its last turns whole."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_LOOK_BACK = 2


def condense(events: Iterable[Event], slots: Iterable[Slot], turns: int) -> list[Event]:
    """Return events that leave a tracker in the same state, and are as few however many there were.

    The last `turns` messages with all that followed stay as they are. What came before is replaced
    by the start of the session, the slots which were set, and the active loop with the message that
    began it. Earlier sessions are left out, as Rasa's own stores do.
    """
    session = _last_session(list(events))
    cut = _start_of_turns(session, turns)
    if cut == 0:
        return session
    before = DialogueStateTracker.from_events("", session[:cut], slots)
    return [*_state(before, session[0]), *session[cut:]]


def _last_session(events: list[Event]) -> list[Event]:
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], SessionStarted):
            return events[index:]
    return events


def _start_of_turns(events: Sequence[Event], turns: int) -> int:
    """Index of the listening which the `turns`-th last message ended; 0 where there is none."""
    heard = 0
    for index in range(len(events) - 1, -1, -1):
        heard += isinstance(events[index], UserUttered)
        if heard >= turns and _listens(events[index]):
            return index
    return 0


def _listens(event: Event) -> bool:
    return _runs(event, ACTION_LISTEN_NAME)


def _runs(event: Event, action: str) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == action


def _state(tracker: DialogueStateTracker, first: Event) -> list[Event]:
    """Events which bring a new tracker into the state of this one."""
    at = first.timestamp
    start = [first] if isinstance(first, SessionStarted) else []
    slots = [
        SlotSet(name, slot.value, timestamp=at)
        for name, slot in tracker.slots.items()
        if slot.has_been_set
    ]
    paused = [ConversationPaused(timestamp=at)] if tracker.is_paused() else []
    return [*start, *slots, *_loop(tracker, at), *paused]


def _loop(tracker: DialogueStateTracker, at: float) -> list[Event]:
    """The active loop: what began it, the turn in which it last ran, whether it was rejected."""
    loop = tracker.active_loop
    if loop is None or loop.name is None:
        return []
    begun: list[Event] = [
        event
        for event in tracker.events
        if isinstance(event, UserUttered) and event.parse_data is loop.trigger_message
    ]
    events = _last_run(loop.name, tracker.applied_events())
    if not any(event is one for event in events for one in begun):
        events = [*begun, ActiveLoop(loop.name, timestamp=at), *events]
    if loop.rejected:
        events.append(ActionExecutionRejected(loop.name, timestamp=at))
    return [_nameless(event) if isinstance(event, UserUttered) else event for event in events]


def _last_run(loop: str, applied: Sequence[Event]) -> list[Event]:
    """The turn in which the loop last ran, up to that run, and the turn before: rules look back."""
    runs = [i for i, e in enumerate(applied) if _runs(e, loop)]
    if not runs:
        return []
    first, end, listened = runs[-1], runs[-1] + 1, 0
    while first > 0 and listened < _LOOK_BACK:
        first -= 1
        listened += _listens(applied[first])
    while end < len(applied) and not isinstance(applied[end], (ActionExecuted, UserUttered)):
        end += 1
    return [e for e in applied[first:end] if not isinstance(e, (BotUttered, SlotSet))]


def _nameless(message: UserUttered) -> UserUttered:
    """The message without its id: its turn is not kept, and cannot be answered from here."""
    known = copy.copy(message)
    known.message_id = None
    return known
