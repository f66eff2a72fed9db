"""What happened behind an answer: intent, confidence, effort, actions."""

from typing import Any

import httpx

from conversation.annotated import AnnotatedTurn
from conversation.policy import Step
from heard.settings import Settings
from store.store import SqlStore

_LISTENS = "action_listen"
_EVERY_TURN = "action_validate_slot_mappings"


async def workings(settings: Settings, store: SqlStore, conversation: str) -> list[str]:
    """Plain lines about the newest turn of this conversation, for those who shape the bot."""
    async with store.read() as work:
        turns = await work.turns.of(conversation)
    ran, set_now = await _of_tracker(settings, conversation)
    lines = _of_turn(turns[-1]) if turns else []
    if ran:
        lines.append("actions  " + ", ".join(ran))
    if set_now:
        lines.append("slots    " + ", ".join(f"{name}={value}" for name, value in set_now.items()))
    return lines


def _of_turn(annotated: AnnotatedTurn) -> list[str]:
    turn, effort, decision = annotated.turn, annotated.effort, annotated.decision
    why = f": {'; '.join(effort.reasons)}" if effort.reasons else ""
    lines = [
        f"intent   {turn.intent or 'none'} {turn.confidence:.2f}",
        f"effort   {effort.rounded} of 100{why}",
    ]
    if turn.frustration is not None:
        lines.append(f"tone     frustrated with a probability of {turn.frustration:.2f}")
    if decision.step is not Step.GO_ON:
        reason = f", {decision.reason.for_staff.lower()}" if decision.reason else ""
        lines.append(f"decision {decision.step.value.replace('_', ' ')}{reason}")
    return lines


async def _of_tracker(settings: Settings, conversation: str) -> tuple[list[str], dict[str, Any]]:
    """The actions run and the slots set since the customer's last message, as Rasa kept them."""
    address = f"http://127.0.0.1:{settings.bot_port}/conversations/{conversation}/tracker"
    token = settings.bot_token.get_secret_value()
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        answer = await http.get(address, params={"token": token, "include_events": "ALL"})
        answer.raise_for_status()
    ran: list[str] = []
    set_now: dict[str, Any] = {}
    for event in answer.json()["events"]:
        if event["event"] == "user":
            ran, set_now = [], {}
        elif event["event"] == "action" and event["name"] not in (_LISTENS, _EVERY_TURN):
            ran.append(event["name"])
        elif event["event"] == "slot" and event["value"] is not None:
            set_now[event["name"]] = event["value"]
    return ran, set_now
