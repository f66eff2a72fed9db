"""What an intent is about, in words for staff."""

from collections.abc import Sequence

COMPLAINT = "A complaint"
NOT_CLEAR = "Not clear yet"
_ASIDE = (
    "Delivery cost",
    "Delivery time",
    "How to reach the team",
    "Opening hours",
    "Where the shop is",
    COMPLAINT,
)
_NEEDS_SIGN_IN = "told that orders are seen only after signing in"

_TOPICS = {
    "order_status": "Where an order is",
    "give_order_number": "Where an order is",
    "place_order": "How to order",
    "change_order": "Change what is in an order",
    "cancel_order": "Cancel an order",
    "reorder": "Order the same again",
    "confirmation_missing": "An order without a confirmation",
    "late_parcel": "A parcel that is late",
    "parcel_not_received": "A parcel noted as delivered that did not come",
    "change_address": "Change the delivery address",
    "delivery_cost": "Delivery cost",
    "delivery_time": "Delivery time",
    "delivery_area": "Where is delivered to",
    "delivery_instructions": "Wishes for the delivery",
    "return_item": "Return an item",
    "exchange_item": "Exchange an item",
    "return_policy": "Terms of returns",
    "return_label": "A return label",
    "refund_status": "Where a refund is",
    "request_refund": "Money back",
    "damaged_item": "An item that arrived damaged",
    "wrong_item": "A wrong item",
    "missing_item": "A missing item",
    "payment_failed": "A payment that failed",
    "payment_methods": "Ways to pay",
    "pay_later": "Paying later",
    "charged_twice": "A double or wrong charge",
    "invoice": "An invoice",
    "voucher": "A discount code",
    "gift_card": "A gift card",
    "product_price": "A price",
    "create_account": "Opening an account",
    "login_problem": "Signing in",
    "change_details": "Changing the customer's details",
    "delete_account": "Deletion of the account",
    "data_request": "The customer's data",
    "newsletter": "The newsletter",
    "product_question": "A product",
    "product_advice": "Advice on products",
    "size_advice": "Which size",
    "availability": "Whether a product can be had",
    "care_help": "Care and cleaning",
    "setup_help": "Setting something up",
    "warranty": "The warranty",
    "repair": "A repair",
    "opening_hours": "Opening hours",
    "store_location": "Where the shop is",
    "pick_up": "Collecting in the shop",
    "complain": COMPLAINT,
    "suggestion": "A suggestion",
    "contact_details": "How to reach the team",
    "product_safety": "The safety of a product",
    "legal_threat": "A legal matter",
    "fraud": "Fraud",
}

_TASKS = {
    "order_status": "told where the order is",
    "give_order_number": "told where the order is",
    "place_order": "told how to order",
    "change_order": "told what can be changed in an order",
    "cancel_order": "began to cancel an order",
    "reorder": "began to order the same again",
    "confirmation_missing": "told whether the order went through",
    "late_parcel": "told how late the parcel is",
    "parcel_not_received": "told what the carrier noted",
    "change_address": "began to change the address",
    "delivery_cost": "told what delivery costs",
    "delivery_time": "told how long delivery takes",
    "delivery_area": "told where is delivered to",
    "delivery_instructions": "told what the carrier can do",
    "return_item": "began a return",
    "exchange_item": "began a return for an exchange",
    "return_policy": "told the terms of returns",
    "return_label": "began to send a return label",
    "refund_status": "told where the refund is",
    "request_refund": "began a refund",
    "damaged_item": "offered to take back what arrived damaged",
    "wrong_item": "offered to pay back for a wrong item",
    "missing_item": "offered to pay back for a missing item",
    "payment_failed": "told about the failed payment",
    "payment_methods": "told the ways to pay",
    "pay_later": "told about paying later",
    "charged_twice": "told what the shop has charged",
    "invoice": "began to send an invoice",
    "voucher": "told about discount codes",
    "gift_card": "told about gift cards",
    "product_price": "told about prices",
    "create_account": "told how to open an account",
    "login_problem": "told how to sign in",
    "change_details": "told how details are changed",
    "delete_account": "began a request for deletion",
    "data_request": "began a request about data",
    "newsletter": "began to change the newsletter",
    "product_question": "told about a product",
    "product_advice": "given advice on products",
    "size_advice": "told about sizes",
    "availability": "told about stock",
    "care_help": "guided through care",
    "setup_help": "guided through setting up",
    "warranty": "told about the warranty",
    "repair": "told about repairs",
    "opening_hours": "told the opening hours",
    "store_location": "told where the shop is",
    "pick_up": "told about collecting",
    "complain": "heard the complaint",
    "suggestion": "took the suggestion down",
    "contact_details": "told how to reach the team",
    "nlu_fallback": "asked what was meant",
}

_OF_AN_ACCOUNT = frozenset({
    "order_status", "give_order_number", "change_order", "cancel_order", "reorder",
    "confirmation_missing", "late_parcel", "parcel_not_received", "change_address", "return_item",
    "exchange_item", "return_label", "refund_status", "request_refund", "damaged_item",
    "wrong_item", "missing_item", "payment_failed", "charged_twice", "invoice", "delete_account",
    "data_request", "newsletter",
})  # fmt: skip


def topics() -> tuple[str, ...]:
    """Every intent that names a matter, by name."""
    return tuple(sorted(_TOPICS))


def topic_of(intent: str | None) -> str | None:
    """The matter in a few words; None where the intent names none (a greeting, a yes)."""
    return _TOPICS.get(intent or "")


def matter_of(intents: Sequence[str | None]) -> str:
    """What the conversation is about. Args: intents: of the customer's turns, oldest first."""
    return topic_of(matter_intent(intents)) or NOT_CLEAR


def matter_intent(intents: Sequence[str | None]) -> str | None:
    """The intent that names what the conversation is about, None where none does."""
    named = [intent for intent in intents if topic_of(intent)]
    matters = [intent for intent in named if topic_of(intent) not in _ASIDE]
    return (matters or named or [None])[-1]


def task_of(intent: str | None, *, signed_in: bool) -> str | None:
    """What the assistant did about it, in a few words; None where it did nothing worth telling."""
    if not signed_in and intent in _OF_AN_ACCOUNT:
        return _NEEDS_SIGN_IN
    return _TASKS.get(intent or "")
