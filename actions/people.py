"""Bring a person, offer one, and what to say when the bot is at its end."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, end_form, incoming, slot
from actions.services import services
from conversation.events import SolvedConfirmed
from conversation.outcome import Ending, outcome_of
from conversation.reasons import HandoffReason
from conversation.responder import Responder, after

PERSON_BUTTON = {"title": "Talk to a person", "payload": "Talk to a person"}
OFFER = "Shall I ask one to join?"
_TOPICS = (
    {"title": "Where is my order", "payload": "Where is my order?"},
    {"title": "Return or refund", "payload": "I want to return something"},
    PERSON_BUTTON,
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
        return [*ended, slot("handoff_reason", None), slot("offer_person", False)]


class ActionOfferPerson(Action):
    """Offers a person; a yes in the next turn brings one."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_offer_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask whether a colleague should take over."""
        buttons = [
            {"title": "Yes, a person", "payload": "Yes, a person"},
            {"title": "No, go on", "payload": "No, go on"},
        ]
        async with services().store.work() as work:
            await work.turns.offered(incoming(tracker).message_id)
        dispatcher.utter_message(text=f"A colleague can take over here. {OFFER}", buttons=buttons)
        return [slot("offer_person", False)]


class ActionClarify(Action):
    """Says plainly that the bot did not understand, with options and a person."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Offer options once; the second time in a row the policy brings a person instead."""
        if tracker.active_loop_name:  # the form asks its question again right after
            dispatcher.utter_message(text="I did not understand that.")
            return []
        dispatcher.utter_message(
            text="I did not understand that. Which of these is it about?", buttons=list(_TOPICS)
        )
        return []


class ActionComplaint(Action):
    """Answers a complaint with what can be done, not with sympathy."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Offer to look at the order or to bring a person."""
        dispatcher.utter_message(
            text="A colleague can take up your complaint, and everything written here goes along. "
            "Shall I ask one to join, or look at an order first?",
            buttons=[
                PERSON_BUTTON,
                {"title": "Look at my order", "payload": "Where is my order?"},
            ],
        )
        return []


class ActionConfirmSolved(Action):
    """The customer has said that the issue is solved: closes the conversation, asks the survey."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_confirm_solved"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Close as confirmed; nothing happens where somebody else answers by now."""
        message = incoming(tracker)
        now = services().clock()
        async with services().store.work() as work:
            conversation = await work.conversations.get(message.conversation_id)
            if conversation.responder is Responder.BOT:
                after(conversation.responder, SolvedConfirmed())
                outcome = outcome_of(Ending(confirmed=True))
                await work.conversations.close(conversation.id, outcome, now)
                await work.timeline.record(conversation.id, "solved_confirmed", now)
                await work.surveys.ask(conversation.id, now)
        dispatcher.utter_message(text="Good to know. Write here at any time.")
        return []
