"""Bring a person, offer one, and close what is solved."""

from dataclasses import dataclass
from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import CHOICES
from actions.message import Event, Incoming, end_form, followed_by, incoming, slot
from actions.repeats import in_guide, not_lately, said_lately, still
from actions.services import services
from conversation.reasons import HandoffReason
from conversation.wishes import declines_person, speaks_of_another
from handoff.queue.routing import back_at

PERSON_BUTTON = {"title": "Talk to a person", "payload": "Talk to a person"}
YES_NO = [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}]
SOLVED = [
    {"title": "Yes, solved", "payload": "Yes, solved"},
    {"title": "Not yet", "payload": "Not yet"},
]
OFFER = "Shall I ask one to join?"
ORDERS_UNSEEN = ("I cannot see orders at the moment.", "Orders still cannot be seen from here.")
_IN_PASSING = (
    'A colleague can take over{when}: write "person" at any time, or just go on.',
    'You need not do this with me: write "person" and a colleague takes over{when}.',
)
_SHALL_ONE_JOIN = ("Shall a colleague join?", "Shall a colleague look at this with you?")
_FEW = 2  # words
_SIGN_IN = (
    "I can only see and change orders of customers who are signed in. Sign in on this page, or "
    "shall a colleague look it up with you?",
    "Without signing in, none of your orders can be seen from here. Shall a colleague look it up "
    "with you?",
    "Signing in on this page is the quickest way, and a colleague sees orders too. Shall one join?",
)


class ActionHandOff(Action):
    """Queues the conversation for a person; the customer is told in the same transaction."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_hand_off"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Hand off for the reason in the slot."""
        message = incoming(tracker)
        reason = HandoffReason(tracker.get_slot("handoff_reason") or HandoffReason.ASKED)
        await services().handoffs.request(message.conversation_id, reason)
        ended = [end_form(), slot("confirmed", None)] if tracker.active_loop_name else []
        left = {"handoff_reason": None, "offer_person": False, "second_request": None}
        return [*ended, *(slot(name, value) for name, value in left.items())]


class ActionOfferPerson(Action):
    """Offers a person; a yes in the next turn brings one."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_offer_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask whether a colleague should take over; none is offered to who just declined one."""
        message = incoming(tracker)
        other = _instead(message)
        if other is not None and not tracker.active_loop_name:
            return [followed_by(other)]
        buttons = [
            {"title": "Yes, a person", "payload": "Yes, a person"},
            {"title": "No, go on", "payload": "No, go on"},
        ]
        await offered(tracker)
        text = f"A colleague can take over here{_when()}. {OFFER}"
        dispatcher.utter_message(text=text, buttons=buttons)
        return [slot("offer_person", False)]


def _may_be_ours(message: Incoming) -> bool:
    """True where what the shop does is likelier than that it is none of ours."""
    best = next((guess for guess in message.guesses if guess.intent in CHOICES), None)
    return best is not None and best.confidence > message.confidence


def _instead(message: Incoming) -> str | None:
    """What takes up the rest of a message that wishes for no person of ours."""
    if message.intent != "ask_person" or not _no_wish(message.text):
        return None
    rest = (CHOICES.get(guess.intent) for guess in message.guesses if guess.intent != "ask_person")
    return next((choice.takes_up for choice in rest if choice), None)


def _no_wish(text: str) -> bool:
    return declines_person(text) or speaks_of_another(text)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the assistant leaves to a person: how it says so, and says so again.

    `aside` is said in the middle of a form, whose own question comes next: it asks nothing.
    """

    action: str
    text: str
    again: str
    aside: str


MATTERS = (
    Matter(
        "action_complaint",
        "A colleague can take up your complaint, and all that is written here goes along. "
        "Shall I ask one to join?",
        "Your complaint is best told to a colleague, who sees this chat. Shall one join now?",
        'A colleague can take up your complaint: write "person" at any time.',
    ),
    Matter(
        "action_serious",
        "A colleague should look at this. Shall I ask one to join?",
        "This is still one for a colleague, not for a program. Shall one join now?",
        'A colleague should look at this: write "person" at any time.',
    ),
    Matter(
        "action_out_of_scope",
        "That is outside what this assistant knows: orders, parcels, returns, payments and "
        "products. Shall a colleague join?",
        "This too is beyond what this assistant knows. Write what you need from the shop, or "
        "shall a colleague join?",
        "That is outside what this assistant knows.",
    ),
)


class _LeftToAPerson:
    """Says plainly that a person is the one for this, and offers one."""

    matter: ClassVar[Matter]

    def name(self) -> str:
        """The name that Rasa knows."""
        return self.matter.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Offer a person; a yes in the next turn brings one."""
        message = incoming(tracker)
        if message.intent == "out_of_scope" and says_nothing(tracker, message):
            return [followed_by("action_clarify")]
        if tracker.active_loop_name:
            dispatcher.utter_message(text=self.matter.aside, buttons=[PERSON_BUTTON])
            return []
        if message.is_order_number:
            return [followed_by("action_take_order_number")]
        if message.intent == "out_of_scope" and _may_be_ours(message):
            return [followed_by("action_clarify")]
        said = await said_lately(tracker, message)
        await offered(tracker)
        text = self.matter.again if self.matter.text in said else self.matter.text
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
        return [slot("offer_person", False)]


def says_nothing(tracker: Tracker, message: Incoming) -> bool:
    """True for "hm" or a slip of the hand where the bot has asked something or gives a guide."""
    few = len(message.own_words.split()) <= _FEW and not message.entities
    return few and (bool(tracker.active_loop_name) or in_guide(tracker))


def _made(matter: Matter) -> type[Action]:
    fields = {"matter": matter, "__doc__": _LeftToAPerson.__doc__, "__module__": __name__}
    return type(f"LeftToAPerson{matter.action}", (_LeftToAPerson, Action), fields)


MATTER_ACTIONS: tuple[type[Action], ...] = tuple(map(_made, MATTERS))


async def refuse(dispatcher: CollectingDispatcher, tracker: Tracker, *texts: str) -> None:
    """Say why something is not possible, then offer a person: a yes in the next turn brings one.

    In the middle of a form, whose own question comes next, nothing else is asked.
    """
    in_form = bool(tracker.active_loop_name)
    said = await said_lately(tracker, incoming(tracker))
    for text in texts:
        again = text in said and not text.startswith("I ")
        told = still(text, said) if again else text
        dispatcher.utter_message(text=told, buttons=[PERSON_BUTTON] if in_form else [])
    if not in_form:
        await offered(tracker)
        dispatcher.utter_message(text=not_lately(said, _SHALL_ONE_JOIN), buttons=[PERSON_BUTTON])


async def orders_unseen(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """The shop does not answer: say so, and offer a person."""
    said = await said_lately(tracker, incoming(tracker))
    await refuse(dispatcher, tracker, not_lately(said, ORDERS_UNSEEN))


async def ask_to_sign_in(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """A visitor wants what only customers can have: say how, and offer a person."""
    said = await said_lately(tracker, incoming(tracker))
    await offered(tracker)
    dispatcher.utter_message(text=not_lately(said, _SIGN_IN), buttons=[PERSON_BUTTON])


async def offer_in_passing(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Offer a person in the middle of a form, whose own question comes next: this asks nothing."""
    said = await said_lately(tracker, incoming(tracker))
    await offered(tracker)
    texts = tuple(text.format(when=_when()) for text in _IN_PASSING)
    dispatcher.utter_message(text=not_lately(said, texts), buttons=[PERSON_BUTTON])


def _when() -> str:
    """When people are back, for the end of a clause; empty while they are there."""
    back = back_at(services().desk_rules, services().clock())
    return f", {back}" if back else ""


async def offered(tracker: Tracker) -> None:
    """Note that this answer offers a person: a yes in the next turn brings one."""
    async with services().store.work() as work:
        await work.turns.offered(incoming(tracker).message_id)
