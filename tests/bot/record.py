"""Hold scripted conversations with a bot, by stock Rasa or by this bot, and write down each turn.

Run as a process of its own: `record.py stock|ours MODEL OUT`. What is replaced in Rasa is replaced
for the whole process.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from bot import corrections  # noqa: E402 - only now can it be found

CONVERSATIONS, TURNS = 6, 20
_SAYS = ["hello", "good morning", "i want to buy a tent", "purchase a jacket", "no", "never mind"]
_SAYS += ["red", "something in blue", "/buy", "/greet", "/deny"]


def main(kind: str, model: str, out: str) -> None:
    """Record all conversations."""
    corrections.prepare(serving=False)
    if kind == "ours":
        corrections.correct()
    from action_server import ActionServer

    server = ActionServer()
    turns = asyncio.run(_record(kind, model, Path(out), server))
    server.close()
    Path(out).write_text(json.dumps(turns))


async def _record(kind: str, model: str, out: Path, server: Any) -> list[dict[str, Any]]:
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.utils.endpoints import EndpointConfig

    from bot.tracker_store import FlatTrackerStore

    # Rasa's store in memory leaves out the message that completed a form; its SQL store keeps it.
    file = f"{out}.db"
    ours = kind == "ours"
    store = FlatTrackerStore(file, None, keep_turns=4) if ours else SQLTrackerStore(db=file)
    endpoint = EndpointConfig(server.url)
    agent = Agent.load(model, tracker_store=store, action_endpoint=endpoint)
    turns = []
    for number in range(CONVERSATIONS):
        dice = random.Random(number)
        for turn in range(TURNS):
            server.forget()
            _prepare(server, dice)
            said = dice.choice(_SAYS)
            tracker = await _turn(kind, agent, f"c{number}", f"m{number}-{turn}", said)
            turns.append(_written_down(said, tracker, server.calls))
    return turns


def _prepare(server: Any, dice: random.Random) -> None:
    """Set what the actions answer this time: mostly calm, at times a person or a follow-up."""
    from action_server import slot

    reason = "effort" if dice.random() < 0.1 else None
    slots = [slot("handoff_reason", reason), slot("offer_person", dice.random() < 0.2)]
    server.answers["action_validate_slot_mappings"] = {"events": slots}
    followed = {"event": "followup", "name": "utter_greet", "timestamp": None}
    server.answers["action_clarify"] = {
        "events": [followed] if dice.random() < 0.3 else [],
        "responses": [{"text": "Which of these?", "buttons": [{"title": "A", "payload": "/buy"}]}],
    }
    server.answers["action_hand_off"] = {"responses": [{"text": "A colleague was asked."}]}
    server.answers["action_offer_person"] = {"responses": [{"response": "utter_greet"}]}


async def _turn(kind: str, agent: Any, conversation: str, message_id: str, text: str) -> Any:
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    from bot.turn import take_turn

    message = UserMessage(
        text,
        CollectingOutputChannel(),
        conversation,
        message_id=message_id,
        metadata={"page": "/tents"},
    )
    await (take_turn(agent, message) if kind == "ours" else agent.handle_message(message))
    return await agent.tracker_store.retrieve(conversation)


def _written_down(said: str, tracker: Any, calls: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "said": said,
        "events": _of_turn([event.as_dict() for event in tracker.events]),
        "state": _timeless(tracker.current_state()),
        "calls": [
            {
                **call,
                "tracker": _timeless(call["tracker"]),
                "events": _of_turn(call["tracker"]["events"]),
            }
            for call in calls
        ],
    }


def _of_turn(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events since the last message, without their times."""
    said = max((i for i, event in enumerate(events) if event["event"] == "user"), default=0)
    return [{k: v for k, v in event.items() if k != "timestamp"} for event in events[said:]]


def _timeless(state: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in state.items() if k not in ("events", "latest_event_time")}


if __name__ == "__main__":
    main(*sys.argv[1:])
