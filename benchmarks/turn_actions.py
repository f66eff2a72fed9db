"""Answers every action as the real ones do, from memory: `python turn_actions.py PORT`.

The same for both bots, so that what is compared is the bots. `GET /count` tells how often an action
was asked for.
"""

from __future__ import annotations

import sys
from typing import Any

from aiohttp import web

Event = dict[str, Any]

_EVERY_TURN = {
    "context_loaded": True,
    "customer_id": "c-1",
    "customer_name": "Ada Demo",
    "effort_level": "calm",
    "handoff_reason": None,
    "offer_person": False,
    "handback_summary": None,
}
_ORDER = "NP-1001"
_YES_NO = [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}]


def answer(call: dict[str, Any]) -> dict[str, Any]:
    """What an action endpoint answers: slots after every message and in forms, else a sentence."""
    action, slots = call["next_action"], call["tracker"]["slots"]
    if action == "action_validate_slot_mappings":
        return _slots({name: value for name, value in _EVERY_TURN.items() if name in slots})
    if action.startswith("validate_"):
        return _slots({} if slots.get("order_number") else {"order_number": _ORDER})
    if action.startswith("action_ask_"):
        return _says(f"Shall this be done with order {_ORDER}?", _YES_NO)
    return _says(f"Order {_ORDER} is on its way and comes on Friday.", _YES_NO)


def _slots(values: dict[str, Any]) -> dict[str, Any]:
    events = [
        {"event": "slot", "name": name, "value": value, "timestamp": None}
        for name, value in values.items()
    ]
    return {"events": events, "responses": []}


def _says(text: str, buttons: list[dict[str, str]]) -> dict[str, Any]:
    return {"events": [], "responses": [{"text": text, "buttons": buttons}]}


def main(port: int) -> None:
    """Serve until killed."""
    count = 0

    async def webhook(request: web.Request) -> web.Response:
        nonlocal count
        count += 1
        return web.json_response(answer(await request.json()))

    async def counted(_: web.Request) -> web.Response:
        return web.json_response(count)

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.add_routes([web.post("/webhook", webhook), web.get("/count", counted)])
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
