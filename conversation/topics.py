"""What an intent is about, in words for staff."""

COMPLAINT = "A complaint"

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
    "late_parcel": "told what holds the parcel up",
    "return_item": "began a return",
    "refund_status": "told where the refund is",
    "cancel_order": "began to cancel an order",
    "change_address": "began to change the address",
    "damaged_item": "noted the damage",
    "payment_failed": "told about the failed payment",
    "nlu_fallback": "asked what was meant",
    "complain": "heard the complaint",
}


def topic_of(intent: str | None) -> str | None:
    """The matter in a few words; None where the intent names none (a greeting, a yes)."""
    return _TOPICS.get(intent or "")


def task_of(intent: str | None) -> str | None:
    """What the assistant did about it, in a few words; None where it did nothing worth telling."""
    return _TASKS.get(intent or "")
