"""Greetings, thanks, a yes or a no: short words that mean something else in a form."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.known_problem import problem_before, told
from actions.message import Event, end_form, followed_by, incoming, slot
from actions.people import PERSON_BUTTON, SOLVED
from actions.repeats import said_lately
from actions.services import services
from actions.task_rules import DETAIL_SLOTS
from conversation.wording import mocks

_START = [
    {"title": "Where is my order?", "payload": "Where is my order?"},
    {"title": "Return something", "payload": "I want to return something"},
    PERSON_BUTTON,
]
_GREETING = (
    "Hello, this is an automated assistant. Ask about an order, a parcel or a return, or for a "
    "person: what do you need?"
)


class ActionGreet(Action):
    """Says what answers here; a known problem with an order comes before the question for it."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Greet once a visit; in a form its question follows."""
        message = incoming(tracker)
        if tracker.active_loop_name:
            dispatcher.utter_message(text="Hello.")
            return []
        problem = await problem_before(tracker, message)
        if problem is not None:
            dispatcher.utter_message(
                text=f"Hello, this is an automated assistant. {problem.question}",
                buttons=problem.buttons,
            )
            return [told(problem)]
        said = await said_lately(tracker, message)
        text = "Hello. What do you need?" if _GREETING in said else _GREETING
        dispatcher.utter_message(text=text, buttons=_START)
        return []


class ActionThank(Action):
    """Takes thanks and asks whether all is solved; in a form its question follows."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_thank"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask whether it is solved."""
        if mocks(incoming(tracker).text):
            return [followed_by("action_complaint")]
        if tracker.active_loop_name:
            dispatcher.utter_message(text="You are welcome.")
        elif incoming(tracker).intent == "praise":
            dispatcher.utter_message(
                text="Thank you for writing that. Is everything solved now?", buttons=SOLVED
            )
        else:
            dispatcher.utter_message(
                text="You are welcome. Is everything solved now?", buttons=SOLVED
            )
        return []


class ActionStop(Action):
    """Leaves what is being done: the form, where one is active; nothing is changed."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Stop the form, or take the no."""
        over = [slot(name, None) for name in ("confirmed", *DETAIL_SLOTS)]
        if tracker.active_loop_name:
            dispatcher.utter_message(
                text="Stopped, and nothing was changed. What would you like to do instead?"
            )
            return [end_form(), *over, slot("requested_slot", None)]
        if incoming(tracker).intent == "stop_task" and tracker.get_slot("guide"):
            return [followed_by("action_guide_stop")]
        dispatcher.utter_message(
            text="All right, that is left as it is. What would you like to do?"
        )
        return over


class ActionNoteSuggestion(Action):
    """Takes a suggestion down where leads read it."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_note_suggestion"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Mark the message as a suggestion on the conversation's timeline."""
        message = incoming(tracker)
        async with services().store.work() as work:
            await work.timeline.record(
                message.conversation_id,
                "suggestion",
                services().clock(),
                key=f"{message.message_id}:suggestion",
            )
        dispatcher.utter_message(
            text="Your suggestion is noted in this chat, where the team reads it."
        )
        return []
