"""One turn of the conversation: all of it, or an error and nothing remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.actions.loops import LoopAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.action_endpoint import ActionEndpoint, failures

_LOCK_POLL_S = 0.05


class TurnFailed(Exception):
    """The turn could not be finished; the tracker was not saved, so it may be tried again."""


@dataclass(frozen=True)
class Turn:
    """What the bot answered: `replies` as dicts of `text` and `buttons`, in order."""

    replies: list[dict[str, Any]]
    replayed: bool


async def take_turn(agent: Agent, message: UserMessage) -> Turn:
    """Answer `message`, or return the stored answer when it was answered before.

    Raises: TurnFailed when an action or the dialogue failed.
    """
    processor = _processor_of(agent)
    store = store_of(processor)
    async with agent.lock_store.lock(message.sender_id, wait_time_in_seconds=_LOCK_POLL_S):
        tracker = await store.retrieve(message.sender_id)
        if tracker is None:
            tracker = store.init_tracker(message.sender_id)
        finished = _replies_to(tracker, message.message_id)
        if finished is not None:
            return Turn(finished, replayed=True)
        await _run(processor, message, tracker)
        await store.save(tracker)
    return Turn(_replies_to(tracker, message.message_id) or [], replayed=False)


def _processor_of(agent: Agent) -> MessageProcessor:
    processor = agent.processor
    endpoint = processor.action_endpoint
    if endpoint is not None and not isinstance(endpoint, ActionEndpoint):
        processor.action_endpoint = ActionEndpoint.of(endpoint)
    return processor


def store_of(processor: MessageProcessor) -> TrackerStore:
    """The store itself: Rasa's wrapper takes a database that fails for a new conversation."""
    store = processor.tracker_store
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


async def _run(
    processor: MessageProcessor, message: UserMessage, tracker: DialogueStateTracker
) -> None:
    """Do what Rasa's processor does with a message, on a tracker that was read already."""
    tracker.model_id = processor.model_metadata.model_id
    tracker.assistant_id = processor.model_metadata.assistant_id
    noted: list[str] = []
    token = failures.set(noted)
    try:
        await processor._update_tracker_session(tracker, message.output_channel, message.metadata)
        message.parse_data = await processor.parse_message(message, tracker)
        await processor._handle_message_with_tracker(message, tracker)
        await processor.run_action_extract_slots(message.output_channel, tracker)
        await _act(processor, message, tracker)
    except (TurnFailed, ActionLimitReached):
        raise
    except Exception as error:
        raise TurnFailed("; ".join(noted) or f"{type(error).__name__}") from error
    finally:
        failures.reset(token)
    if noted:
        raise TurnFailed("; ".join(noted))


async def _act(
    processor: MessageProcessor, message: UserMessage, tracker: DialogueStateTracker
) -> None:
    """Run predicted actions until the bot listens; unlike Rasa's own loop, swallow no failure."""
    channel, domain = message.output_channel, processor.domain
    listening = False
    while not listening:
        try:
            action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        except ActionLimitReached as error:
            raise TurnFailed("the rules went round in a circle") from error
        draft = tracker.copy()
        draft.update_with_events(prediction.events, domain)
        try:
            events = await action.run(channel, processor.nlg, draft, domain)
        except ActionExecutionRejection as error:
            if not isinstance(action, LoopAction):
                raise TurnFailed(f"{action.name()} was rejected") from error
            rejected = ActionExecutionRejected(
                action.name(), prediction.policy_name, prediction.max_confidence
            )
            tracker.update(rejected)
            continue
        processor._log_action_on_tracker(tracker, action, events, prediction)
        listening = action.name() == ACTION_LISTEN_NAME


def _replies_to(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]] | None:
    """Return the bot's replies to a message, or None when its turn is not in the tracker."""
    replies: list[dict[str, Any]] = []
    found = finished = False
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if found:
                break
            found = event.message_id == message_id
        elif found and isinstance(event, BotUttered):
            replies.append(_reply(event))
        elif found and isinstance(event, ActionExecuted):
            finished = event.action_name == ACTION_LISTEN_NAME
    return replies if finished else None


def _reply(event: BotUttered) -> dict[str, Any]:
    buttons = (event.data or {}).get("buttons") or []
    return {
        "text": event.text or "",
        "buttons": [_button(button) for button in buttons],
    }


def _button(given: dict[str, Any]) -> dict[str, str]:
    if "url" in given:
        return {"title": given["title"], "url": given["url"]}
    return {"title": given["title"], "payload": given.get("payload", "")}
