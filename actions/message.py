"""The customer message that an action works on, as Rasa's tracker shows it."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from rasa_sdk.interfaces import Tracker

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """The newest customer message: what was said, and what the NLU made of it."""

    conversation_id: str
    message_id: str
    text: str
    customer_id: str | None
    handed_back: str | None
    intent: str | None
    confidence: float
    entities: frozenset[str]
    order_number: str | None
    embedding: bytes
    frustration: float | None


def incoming(tracker: Tracker) -> Incoming:
    """Read the newest customer message.

    Raises: ValueError where it did not come through the website's gateway.
    """
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    if not metadata.get("message_id"):
        raise ValueError("This message did not come through the gateway: it has no message id.")
    intent = latest.get("intent") or {}
    entities = latest.get("entities") or []
    numbers = [str(e["value"]) for e in entities if e.get("entity") == "order_number"]
    return Incoming(
        conversation_id=tracker.sender_id,
        message_id=metadata["message_id"],
        text=latest.get("text") or "",
        customer_id=metadata.get("customer_id"),
        handed_back=(metadata.get("handed_back") or {}).get("summary"),
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        entities=frozenset(str(entity["value"]) for entity in entities),
        order_number=numbers[-1] if numbers else None,
        embedding=_embedding(latest.get("embedding")),
        frustration=latest.get("frustration"),
    )


def slot(name: str, value: object) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def end_form() -> Event:
    """The event that ends the active form."""
    return {"event": "active_loop", "timestamp": None, "name": None}


def _embedding(encoded: object) -> bytes:
    if not isinstance(encoded, str):
        return b""
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""
