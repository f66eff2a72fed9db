"""When the bot does not understand: two different questions, and then a person."""

import re

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import CHOICES, likely
from actions.message import Event, Incoming, followed_by, incoming
from actions.people import PERSON_BUTTON, offered, says_nothing
from actions.repeats import GUIDE_MOVES, in_guide, not_lately, said_lately, turns_since

_TOPICS = ("order_status", "return_item", "delivery_cost", "payment_methods", "care_help")
_UNSURE = "I am not sure what you mean: is it one of these?"
_UNKNOWN = "I did not understand that: which of these is it about?"
_BROAD = "That is still not clear to me. Is it about one of these, or shall a colleague join?"
_LAST = "I cannot tell what you need. Shall a colleague read this chat and help?"
_IN_GUIDE = (
    'I did not understand that. Write "next", "again" or "stop".',
    'That was not clear to me. "next" goes on, "stop" ends, "person" brings a colleague.',
)
_AGAIN = re.compile(
    r"\W*(sorry\W+)?(what|huh|eh|wh?at\W+do\W+you\W+mean|pardon|come again|say (that )?again|wdym"
    r"|(i )?(don'?t|do not|didn'?t) (get|understand)( (it|that|this))?)\W*",
    re.IGNORECASE,
)
_MOVE_ON = [
    {"title": "Next", "payload": "Next step"},
    {"title": "Again", "payload": "Repeat this step"},
    {"title": "Stop", "payload": "Stop here"},
    PERSON_BUTTON,
]
_ONWARD = 0.5
_IN_FORM = (
    "I did not understand that.",
    'That was not clear to me. Write "stop" to leave this, or "person" for a colleague.',
    'This does not fit the question. "stop" ends it, and "person" brings a colleague.',
)


class ActionClarify(Action):
    """Says plainly that the bot did not understand, with choices and a person.

    The third time in a row does not come here: conversation/policy.py brings a person.
    """

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """First the likeliest meanings, then broad topics; never the same words twice."""
        message = incoming(tracker)
        said = await said_lately(tracker, message)
        if tracker.active_loop_name:  # the form asks its question again right after
            dispatcher.utter_message(text=not_lately(said, _IN_FORM))
            return []
        if message.is_order_number:
            return [followed_by("action_take_order_number")]
        if _goes_on(tracker, message):
            return [followed_by("action_guide_next")]
        if in_guide(tracker) and _AGAIN.fullmatch(message.text):
            return [followed_by("action_guide_repeat")]
        if in_guide(tracker) and says_nothing(tracker, message):
            dispatcher.utter_message(text=not_lately(said, _IN_GUIDE), buttons=_MOVE_ON)
            return []
        guessed = likely(message.guesses)
        first = _UNSURE if guessed else _UNKNOWN
        text = not_lately(said, (first, _BROAD, _LAST))
        if text == first and guessed:
            choices = guessed
        else:
            choices = [] if text == _LAST else [CHOICES[intent] for intent in _TOPICS]
        if text in (_BROAD, _LAST):
            await offered(tracker)
        buttons = [choice.button for choice in choices if choice.button != PERSON_BUTTON]
        dispatcher.utter_message(text=text, buttons=[*buttons, PERSON_BUTTON])
        return []


def _goes_on(tracker: Tracker, message: Incoming) -> bool:
    """True right after a guide's step, where a yes or "next" is the likeliest meaning."""
    shown = any(turns_since(tracker, move) == 1 for move in GUIDE_MOVES)
    onward = sum(g.confidence for g in message.guesses if g.intent in ("affirm", "next_step"))
    return shown and onward >= _ONWARD
