"""A delay or failure that the shop knows of is told before the customer has to ask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import CHOICES
from actions.message import Clause, Event, Incoming, answering, followed_by, incoming, slot
from actions.orders import own_orders
from actions.people import PERSON_BUTTON
from actions.services import services
from actions.wording import days, named, small
from conversation.shop import Order, OrderState, ShopUnavailable

_SLOT = "known_problem"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an order, and the intent with which a customer would ask about it."""

    number: str
    intent: str
    fact: str

    @property
    def question(self) -> str:
        """The fact, and whether it is what the customer writes about."""
        return f"{self.fact}: is it about that?"

    @property
    def buttons(self) -> list[dict[str, str]]:
        """Yes, and a person."""
        return [{"title": "Yes, about that", "payload": "Yes"}, PERSON_BUTTON]


async def problem_before(tracker: Tracker, message: Incoming) -> Problem | None:
    """What is wrong with one of the customer's orders and was not told in this visit."""
    if (tracker.get_slot(_SLOT) or {}).get("stage") != "untold":
        return None
    today = services().clock().date()
    try:
        found = (problem_of(order, today) for order in await own_orders(message))
    except ShopUnavailable:
        return None
    return next((problem for problem in found if problem), None)


def told(problem: Problem) -> Event:
    """Remember that it was told, so that a yes means this order."""
    return slot(_SLOT, {"stage": "told", "number": problem.number, "intent": problem.intent})


def stage(tracker: Tracker, message: Incoming, *, first: bool) -> Event | None:
    """What to remember after a message. Args: first: it begins a visit."""
    kept: dict[str, Any] = tracker.get_slot(_SLOT) or {}
    if first and kept.get("since") != message.message_id:
        signed_in = message.customer_id is not None
        kept = {"stage": "untold" if signed_in else "none", "since": message.message_id}
    about_orders = message.intent in CHOICES and message.intent not in _BESIDE
    over = kept.get("stage") == "told" and message.intent != "affirm"
    if over or (kept.get("stage") == "untold" and about_orders):
        kept = {**kept, "stage": "none"}
    return slot(_SLOT, kept) if kept != tracker.get_slot(_SLOT) else None


class ActionKnownProblem(Action):
    """Tells of the problem after the answer to something else."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_known_problem"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Tell it once, and ask whether to look at it."""
        problem = await problem_before(tracker, incoming(tracker))
        if problem is None:
            return [slot(_SLOT, {"stage": "none"})]
        dispatcher.utter_message(
            text=f"Beside this: {problem.fact[0].lower()}{problem.fact[1:]}. Shall I look at it?",
            buttons=[{"title": "Yes, look", "payload": "Yes"}, PERSON_BUTTON],
        )
        return [told(problem)]


class ActionTakeKnownProblem(Action):
    """A yes to the problem that was told: answers about it."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_take_known_problem"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Go on as if the customer had asked about this order."""
        kept = tracker.get_slot(_SLOT) or {}
        if kept.get("stage") != "told":
            dispatcher.utter_message(text="What would you like to do?")
            return []
        clause = Clause(kept["intent"], "", kept["number"])
        return [
            answering(clause, incoming(tracker)),
            slot(_SLOT, {"stage": "none"}),
            followed_by(CHOICES[clause.intent].takes_up),
        ]


_BESIDE = frozenset({
    "delivery_cost", "delivery_time", "delivery_area", "payment_methods", "pay_later", "voucher",
    "gift_card", "product_price", "return_policy", "create_account", "product_question",
    "product_advice", "size_advice", "availability", "care_help", "setup_help", "warranty",
    "opening_hours", "store_location", "contact_details", "place_order",
})  # fmt: skip


def problem_of(order: Order, today: date) -> Problem | None:
    """What is wrong with the order, as far as the shop knows; None where nothing is."""
    late = order.days_late(today)
    if late:
        return Problem(order.number, "late_parcel", f"{named(order)} is {days(late)} late")
    if order.state is OrderState.PAYMENT_FAILED:
        return Problem(
            order.number, "payment_failed", f"The payment for {small(order)} did not go through"
        )
    if order.state is OrderState.DELIVERED_DAMAGED:
        return Problem(
            order.number, "damaged_item", f"{named(order)} is noted as damaged when it came"
        )
    return None
