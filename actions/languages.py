"""Says in the customer's own language that this assistant does not read it."""

import json
from functools import cache
from importlib import resources

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import CHOICES
from actions.message import Event, Incoming, followed_by, incoming, slot
from actions.people import PERSON_BUTTON
from actions.repeats import turns_since
from actions.services import services
from conversation.languages import language_name

_SURE = 0.85
_UNSURE_OF_MEANING = 0.8
_NOT_WITHIN = 3  # turns

_TAKEN_UP = CHOICES.keys() - {"ask_person"}


def unserved(tracker: Tracker, message: Incoming) -> str | None:
    """The code of the message's language where the customer is to be told; else None."""
    if message.language is None or tracker.active_loop_name:  # an address is in no language
        return None
    code, confidence = message.language
    if code in services().languages or confidence < _SURE:
        return None
    if _understood(message) and message.intent not in _TAKEN_UP:
        return None  # "merci", "ok danke" and the wish for a person need no English
    ago = turns_since(tracker, ActionOtherLanguage.called)
    return None if ago is not None and ago <= _NOT_WITHIN else code


def _understood(message: Incoming) -> bool:
    lost = message.unclear or message.intent == "out_of_scope"
    return not lost and message.confidence >= _UNSURE_OF_MEANING


class ActionOtherLanguage(Action):
    """One plain sentence in English and one in the customer's language, with a person.

    What was understood all the same is answered right after.
    """

    called = "action_other_language"

    def name(self) -> str:
        """The name that Rasa knows."""
        return self.called

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Say it, and put the button in both languages."""
        message = incoming(tracker)
        code, _ = message.language or ("", 0.0)
        served = " and ".join(language_name(one) for one in sorted(services().languages))
        plain = f"This assistant reads {served} only; a person is one tap away."
        own = _texts().get(code)
        title = f"{PERSON_BUTTON['title']} · {own['button']}" if own else PERSON_BUTTON["title"]
        dispatcher.utter_message(
            text=f"{plain}\n{own['text']}" if own else plain,
            buttons=[{**PERSON_BUTTON, "title": title}],
        )
        if not _understood(message):
            return [slot("language", None)]
        return [slot("language", None), followed_by(CHOICES[str(message.intent)].takes_up)]


@cache
def _texts() -> dict[str, dict[str, str]]:
    file = resources.files("actions") / "other_languages.json"
    texts: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return texts
