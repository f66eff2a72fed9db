"""What an intent is for a customer: words to choose it by, and the action that takes it up.

`takes_up` says the same as data/rules, for a request that is taken up later than it was made.
"""

from dataclasses import dataclass

from actions.message import Clause, Guess

_TOLD_APART = 0.04  # a guess below this is none
_MOST = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """An intent as a button: its title, what pressing it says, and the action that answers."""

    title: str
    says: str
    takes_up: str

    @property
    def button(self) -> dict[str, str]:
        """The button."""
        return {"title": self.title, "payload": self.says}


_ARTICLE = "action_answer"
_GUIDE = "action_guide_start"

CHOICES: dict[str, Choice] = {
    "order_status": Choice("Where my order is", "Where is my order?", "action_order_status"),
    "place_order": Choice("How to order", "How do I place an order?", _ARTICLE),
    "change_order": Choice(
        "Change an open order", "I want to change what is in my order", "action_change_order"
    ),
    "cancel_order": Choice("Cancel an order", "Cancel my order", "cancel_form"),
    "reorder": Choice("Order the same again", "Order the same again", "reorder_form"),
    "confirmation_missing": Choice(
        "No confirmation came", "I got no order confirmation", "action_confirmation_missing"
    ),
    "late_parcel": Choice("A late parcel", "My parcel is late", "action_late_parcel"),
    "parcel_not_received": Choice(
        "Delivered, but not here",
        "It says delivered but I did not get my parcel",
        "action_parcel_not_received",
    ),
    "change_address": Choice(
        "Change the address", "Change the delivery address of my order", "address_form"
    ),
    "delivery_cost": Choice("What delivery costs", "What does delivery cost?", _ARTICLE),
    "delivery_time": Choice("How long delivery takes", "How long does delivery take?", _ARTICLE),
    "delivery_area": Choice("Where you deliver", "Which countries do you deliver to?", _ARTICLE),
    "delivery_instructions": Choice(
        "Leave it with a neighbour", "Can the parcel be left with a neighbour?", _ARTICLE
    ),
    "return_item": Choice("Return something", "I want to return something", "return_form"),
    "exchange_item": Choice("Swap for another size", "Swap it for another size", "return_form"),
    "return_policy": Choice("Return terms", "How long do I have to return something?", _ARTICLE),
    "return_label": Choice("A return label", "I need a return label", "label_form"),
    "refund_status": Choice("Where my refund is", "Where is my refund?", "action_refund_status"),
    "request_refund": Choice("Get money back", "I want a refund for my order", "refund_form"),
    "damaged_item": Choice("It arrived damaged", "My item arrived damaged", "action_damaged_item"),
    "wrong_item": Choice("The wrong item came", "I got the wrong item", "action_wrong_item"),
    "missing_item": Choice(
        "Something is missing", "An item is missing from my parcel", "action_missing_item"
    ),
    "payment_failed": Choice("A failed payment", "My payment failed", "action_payment_help"),
    "payment_methods": Choice("Ways to pay", "Which ways to pay do you take?", _ARTICLE),
    "pay_later": Choice("Pay later", "Can I pay in instalments?", _ARTICLE),
    "charged_twice": Choice("Charged twice", "I was charged twice", "action_charged_twice"),
    "invoice": Choice("An invoice", "Send me my invoice", "invoice_form"),
    "voucher": Choice("A discount code", "I have a question about a discount code", _ARTICLE),
    "gift_card": Choice("Gift cards", "I have a question about gift cards", _ARTICLE),
    "product_price": Choice("A price", "How much does this product cost?", _ARTICLE),
    "create_account": Choice("Open an account", "How do I create an account?", _ARTICLE),
    "login_problem": Choice("Signing in", "I cannot log in", _ARTICLE),
    "change_details": Choice("Change my details", "Change my e-mail or phone number", _ARTICLE),
    "delete_account": Choice("Delete my account", "Delete my account", "data_form"),
    "data_request": Choice("A copy of my data", "Send me a copy of my data", "data_form"),
    "newsletter": Choice("The newsletter", "I have a wish about the newsletter", "newsletter_form"),
    "product_question": Choice(
        "A product's features", "I have a question about a product's features", _ARTICLE
    ),
    "product_advice": Choice("What to choose", "Which product is right for me?", _ARTICLE),
    "size_advice": Choice("Which size", "Which size do I need?", _ARTICLE),
    "availability": Choice("Is it in stock", "Is it in stock?", _ARTICLE),
    "care_help": Choice("Care and cleaning", "How do I clean and care for it?", _GUIDE),
    "setup_help": Choice("Setting it up", "How do I set it up?", _GUIDE),
    "warranty": Choice("The warranty", "How long is the warranty?", _ARTICLE),
    "repair": Choice("A repair", "It broke after use, can it be repaired?", _GUIDE),
    "opening_hours": Choice("Opening hours", "What are your opening hours?", _ARTICLE),
    "store_location": Choice("Where the shop is", "Where is your shop?", _ARTICLE),
    "pick_up": Choice("Collect in the shop", "Can I collect my order in the shop?", _ARTICLE),
    "complain": Choice("A complaint", "I want to make a complaint", "action_complaint"),
    "contact_details": Choice("How to reach you", "What is your phone number?", _ARTICLE),
    "ask_person": Choice("Talk to a person", "Talk to a person", "action_offer_person"),
    "product_safety": Choice(
        "A product is not safe", "A product of yours is not safe", "action_serious"
    ),
    "legal_threat": Choice("A legal matter", "This is a legal matter", "action_serious"),
    "fraud": Choice("Fraud", "Somebody ordered in my name", "action_serious"),
}

CHANGES = frozenset(
    intent for intent, choice in CHOICES.items() if choice.takes_up.endswith("_form")
)
_OF_ORDERS = frozenset({
    "order_status", "late_parcel", "refund_status", "payment_failed", "charged_twice",
    "parcel_not_received",
})  # fmt: skip
ANSWERED_AT_ONCE = _OF_ORDERS | {
    intent for intent, choice in CHOICES.items() if choice.takes_up == _ARTICLE
}


def likely(guesses: tuple[Guess, ...]) -> list[Choice]:
    """The two or three intents that may be meant, likeliest first; one alone is no choice."""
    found = [
        CHOICES[guess.intent]
        for guess in guesses
        if guess.intent in CHOICES and guess.confidence >= _TOLD_APART
    ]
    return found[:_MOST] if len(found) > 1 else []


def title_of(clause: Clause) -> str:
    """The request in plain words."""
    return CHOICES[clause.intent].title
