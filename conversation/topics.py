"""What an intent is about, in words for staff."""

from collections.abc import Sequence

COMPLAINT = "A complaint"
_ASIDE = ("Delivery cost", "Opening hours", COMPLAINT)
_NEEDS_SIGN_IN = "told that orders are seen only after signing in"

_TOPICS = {
    "order_status": "Where an order is",
    "give_order_number": "Where an order is",
    "late_parcel": "A parcel that is late",
    "return_item": "Return an item",
    "refund_status": "Where a refund is",
    "cancel_order": "Cancel an order",
    "change_address": "Change the delivery address",
    "damaged_item": "An item that arrived damaged",
    "payment_failed": "A payment that failed",
    "delivery_cost": "Delivery cost",
    "opening_hours": "Opening hours",
    "complain": COMPLAINT,
}

_TASKS = {
    "order_status": "told where the order is",
    "give_order_number": "told where the order is",
    "late_parcel": "told how late the parcel is",
    "return_item": "began a return",
    "refund_status": "told where the refund is",
    "cancel_order": "began to cancel an order",
    "change_address": "began to change the address",
    "damaged_item": "offered to take back what arrived damaged",
    "payment_failed": "told about the failed payment",
    "nlu_fallback": "asked what was meant",
    "complain": "heard the complaint",
}


_OF_AN_ORDER = frozenset(_TASKS) - {"nlu_fallback", "complain"}


def topic_of(intent: str | None) -> str | None:
    """The matter in a few words; None where the intent names none (a greeting, a yes)."""
    return _TOPICS.get(intent or "")


def matter_of(intents: Sequence[str | None]) -> str:
    """What the conversation is about. Args: intents: of the customer's turns, oldest first."""
    topics = [topic for intent in intents if (topic := topic_of(intent))]
    matters = [topic for topic in topics if topic not in _ASIDE]
    return (matters or topics or ["Not clear yet"])[-1]


def task_of(intent: str | None, *, signed_in: bool) -> str | None:
    """What the assistant did about it, in a few words; None where it did nothing worth telling."""
    if not signed_in and intent in _OF_AN_ORDER:
        return _NEEDS_SIGN_IN
    return _TASKS.get(intent or "")
