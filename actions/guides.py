"""Guides: an article's steps, one a message; "next" goes on whatever was said in between."""

from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, followed_by, incoming, slot
from actions.people import PERSON_BUTTON, SOLVED
from actions.repeats import said_lately, still
from actions.services import services
from conversation.article import Article

_MOST_CHOICES = 4
_NONE_OPEN = "No guide is open. Ask how to clean, set up or mend something, or for a person."
_NEXT = {"title": "Next", "payload": "Next step"}
_BACK = {"title": "Back", "payload": "Go back one step"}
_STOP = {"title": "Stop", "payload": "Stop here"}


class ActionGuideStart(Action):
    """Begins the guide that fits; without one, an article answers."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_guide_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Give the first step, or ask which guide is meant."""
        found = _guides(incoming(tracker))
        if not found:
            return [followed_by("action_answer")]
        if len(found) == 1:
            return _step(dispatcher, found[0], 1)
        buttons = [{"title": one.title, "payload": one.questions[0]} for one in found]
        dispatcher.utter_message(
            text="There are guides for this. Which one do you need?",
            buttons=[*buttons[:_MOST_CHOICES], PERSON_BUTTON],
        )
        return []


class _Move:
    """Another step of the guide that is open."""

    called: ClassVar[str]
    by: ClassVar[int]

    def name(self) -> str:
        """The name that Rasa knows."""
        return self.called

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Give that step; past the last one, ask whether it is solved."""
        guide = services().articles.get(str(tracker.get_slot("guide") or ""))
        if guide is None:
            text = still(_NONE_OPEN, await said_lately(tracker, incoming(tracker)))
            dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
            return []
        step = min(int(tracker.get_slot("guide_step") or 0), len(guide.steps)) + self.by
        if step > len(guide.steps):
            return [slot("guide", None), slot("guide_step", None), followed_by(DONE)]
        return _step(dispatcher, guide, max(1, step), again=step < 1 or not self.by)


class ActionGuideNext(_Move, Action):
    """The next step."""

    called, by = "action_guide_next", 1


class ActionGuideBack(_Move, Action):
    """The step before."""

    called, by = "action_guide_back", -1


class ActionGuideRepeat(_Move, Action):
    """The same step again."""

    called, by = "action_guide_repeat", 0


class ActionGuideStop(Action):
    """Leaves the guide where it is."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_guide_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Say how to go on later."""
        step = int(tracker.get_slot("guide_step") or 1)
        dispatcher.utter_message(
            text=f'Stopped at step {step}. Write "next" to go on at any time.',
            buttons=[_NEXT, PERSON_BUTTON],
        )
        return []


DONE = "action_guide_done"


class ActionGuideDone(Action):
    """After the last step: is it solved?"""

    def name(self) -> str:
        """The name that Rasa knows."""
        return DONE

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask it."""
        dispatcher.utter_message(
            text="That was the last step. Is everything solved now?", buttons=SOLVED
        )
        return []


def _guides(message: Incoming) -> list[Article]:
    """The guide nearest in meaning; else all that answer the intent.

    None where another article that answers it is nearer, or where the only one is near nothing.
    """
    articles = services().articles
    near = articles.known(message.articles)
    if near and not near[0].guide and message.intent in near[0].intents[:1]:
        return []
    for article in near:
        if article.guide and (article is near[0] or message.intent in article.intents):
            return [article]
    named = [one for one in articles.answering(message.intent) if one.guide]
    return [] if near or len(named) == 1 else named


def _step(
    dispatcher: CollectingDispatcher, guide: Article, step: int, *, again: bool = False
) -> list[Event]:
    title, text = guide.steps[step - 1]
    begins = f"Again step {step}" if again else f"Step {step}"
    buttons = [_NEXT, *([_BACK] if step > 1 else []), _STOP]
    if step == 1:
        buttons.append({"title": "Read it all", "url": guide.path})
    dispatcher.utter_message(
        text=f"{begins} of {len(guide.steps)}, {title}: {text}", buttons=buttons
    )
    return [slot("guide", guide.slug), slot("guide_step", float(step))]
