"""The customer message that an action works on, as Rasa's tracker shows it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk.interfaces import Tracker

Event = dict[str, Any]

FALLBACK = "nlu_fallback"
_FEW = 4  # words
_HAVE_REASONS = frozenset({"request_refund", "return_item", "exchange_item", "cancel_order"})
_REASONS = frozenset({
    "late_parcel", "parcel_not_received", "damaged_item", "wrong_item", "missing_item",
    "size_advice", "complain",
})  # fmt: skip
_WHERE_IT_IS = frozenset({
    "order_status", "late_parcel", "parcel_not_received", "delivery_time", "give_order_number",
})  # fmt: skip
_GIVE_LABELS = frozenset({"return_item", "exchange_item"})


@dataclass(frozen=True, slots=True)
class Guess:
    """What the message may mean, and how sure the NLU is of it, 0..1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Clause:
    """One of several requests in a message: its own words and the order it names."""

    intent: str
    text: str
    order_number: str | None = None

    def to_slot(self) -> dict[str, str | None]:
        """The clause as a slot keeps it."""
        return {"intent": self.intent, "text": self.text, "order_number": self.order_number}

    @classmethod
    def of_slot(cls, kept: Mapping[str, Any]) -> "Clause":
        """The clause that a slot keeps."""
        return cls(str(kept["intent"]), str(kept["text"]), kept.get("order_number"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """The newest customer message: what was said, and what the NLU made of it.

    `own_words` is the text without the second request. `entities` are all values that were found,
    `named` the same by the name of their kind.
    `guesses` are the likeliest intents, best first, without the fallback. `articles` are slugs,
    nearest in meaning first. `part`: this is one of two requests of the message. `language` is a
    code with its confidence, 0..1. `before` is the customer's message before this one.
    """

    conversation_id: str
    message_id: str
    text: str
    customer_id: str | None
    handed_back: str | None
    intent: str | None
    confidence: float
    entities: frozenset[str]
    named: Mapping[str, tuple[str, ...]]
    order_number: str | None
    own_words: str
    embedding: bytes
    frustration: float | None
    guesses: tuple[Guess, ...] = ()
    articles: tuple[str, ...] = ()
    second: Clause | None = None
    part: bool = False
    language: tuple[str, float] | None = None
    before: str = ""

    @property
    def is_order_number(self) -> bool:
        """True where little but an order number was written, whatever the NLU made of it."""
        lost = self.unclear or self.intent == "out_of_scope"
        return lost and self.order_number is not None and len(self.own_words.split()) <= _FEW

    @property
    def unclear(self) -> bool:
        """True where the NLU would not say what is meant."""
        return self.intent in (None, FALLBACK)


def incoming(tracker: Tracker) -> Incoming:
    """The newest customer message, or the part of it that is being answered now.

    Raises: ValueError where it did not come through the website's gateway.
    """
    message = whole(tracker)
    kept = tracker.slots.get("second_request") or {}
    if kept.get("answering") != message.message_id:
        return message
    clause = Clause.of_slot(kept)
    return replace(
        message,
        text=clause.text,
        own_words=clause.text,
        intent=clause.intent,
        confidence=1.0,
        order_number=clause.order_number,
        second=None,
        part=True,
    )


def whole(tracker: Tracker) -> Incoming:
    """The newest customer message as it was written.

    Raises: ValueError where it did not come through the website's gateway.
    """
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    if not metadata.get("message_id"):
        raise ValueError("This message did not come through the gateway: it has no message id.")
    intent = latest.get("intent") or {}
    text = latest.get("text") or ""
    entities = latest.get("entities") or []
    second, number = _second(_apart(intent.get("name"), latest.get("second")), text, entities)
    return Incoming(
        conversation_id=tracker.sender_id,
        message_id=metadata["message_id"],
        text=text,
        customer_id=metadata.get("customer_id"),
        handed_back=(metadata.get("handed_back") or {}).get("summary"),
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        entities=frozenset(str(entity["value"]) for entity in entities),
        named=_by_name(entities),
        order_number=number,
        own_words=text.replace(second.text, " ") if second else text,
        embedding=_embedding(latest.get("embedding")),
        frustration=latest.get("frustration"),
        guesses=_guesses(latest.get("intent_ranking") or ()),
        articles=tuple(str(one["slug"]) for one in latest.get("articles") or ()),
        second=second,
        language=_language(latest.get("language")),
        before=_said_before(tracker),
    )


def answering(clause: Clause, message: Incoming, *, rest: Mapping[str, Any] | None = None) -> Event:
    """The event by which the rest of this turn takes `clause` for the message; then `rest`."""
    kept = {**clause.to_slot(), "answering": message.message_id}
    return slot("second_request", {**kept, "rest": rest} if rest else kept)


def slot(name: str, value: object) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def end_form() -> Event:
    """The event that ends the active form."""
    return {"event": "active_loop", "timestamp": None, "name": None}


def followed_by(action: str) -> Event:
    """The event that makes `action`, or a form, come next."""
    return {"event": "followup", "timestamp": None, "name": action}


def since_message(tracker: Tracker) -> list[Event]:
    """What happened since the newest customer message, oldest first."""
    events: list[Event] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        events.append(event)
    return events[::-1]


def _said_before(tracker: Tracker) -> str:
    said = (event for event in reversed(tracker.events) if event.get("event") == "user")
    next(said, None)
    return str((next(said, None) or {}).get("text") or "")


def _apart(first: str | None, second: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The second request, unless it is only the reason for the first, or the first once more."""
    if second is None:
        return None
    other, names_order = second["intent"], any(sign.isdigit() for sign in second["text"])
    reason = first in _HAVE_REASONS and other in _REASONS
    again = first in _WHERE_IT_IS and other in _WHERE_IT_IS and not names_order
    label = first == "return_label" and other in _GIVE_LABELS
    return None if reason or again or label else second


def _second(
    found: Mapping[str, Any] | None, text: str, entities: Sequence[Mapping[str, Any]]
) -> tuple[Clause | None, str | None]:
    """The second request with its order number, and the order number of the first."""
    numbers = [e for e in entities if e.get("entity") == "order_number"]
    if not found:
        return None, str(numbers[-1]["value"]) if numbers else None
    begins = text.find(str(found["text"]))
    ends = begins + len(str(found["text"]))
    inside = [begins >= 0 and begins <= int(e.get("start") or 0) < ends for e in numbers]
    theirs = [str(e["value"]) for e, within in zip(numbers, inside, strict=True) if within]
    others = [str(e["value"]) for e, within in zip(numbers, inside, strict=True) if not within]
    clause = Clause(str(found["intent"]), str(found["text"]), theirs[-1] if theirs else None)
    return clause, others[-1] if others else None


def _by_name(entities: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for entity in entities:
        name = str(entity.get("entity"))
        found[name] = (*found.get(name, ()), str(entity["value"]))
    return found


def _guesses(ranking: Sequence[Mapping[str, Any]]) -> tuple[Guess, ...]:
    guesses = (Guess(str(g["name"]), float(g["confidence"])) for g in ranking if g.get("name"))
    return tuple(guess for guess in guesses if guess.intent != FALLBACK)


def _language(found: object) -> tuple[str, float] | None:
    if not isinstance(found, Mapping) or not found.get("code"):
        return None
    return str(found["code"]), float(found.get("confidence") or 0.0)


def _embedding(encoded: object) -> bytes:
    if not isinstance(encoded, str):
        return b""
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""
