"""Answers from the articles: nothing is said that none of them says.

The timeline keeps which articles were shown and whether they helped. `article_shown` has the
article's slug and, in `others`, what came next in relevance; `message` is the customer message
in whose turn it was noted, `about` the one whose answer helped or did not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, followed_by, incoming, since_message, slot
from actions.people import PERSON_BUTTON, YES_NO
from actions.services import services
from conversation.article import Article
from handoff.casework.happenings import Happening

ANSWER = "action_answer"
NOT_HELPED = "action_not_helped"
_MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """The articles that may answer, best first; the first of them fits without doubt or not."""

    articles: tuple[Article, ...]
    fits: bool


class ActionAnswer(Action):
    """Gives the short answer of the article that fits, and the way to the whole of it."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return ANSWER

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Answer, or say plainly that no article does; what was shown is not said again."""
        message = incoming(tracker)
        past = await _past(message)
        found = _found(message)
        if tracker.latest_action_name == NOT_HELPED:
            found = _Found(_others(past), fits=True)
        seen = _seen(past)
        fresh = tuple(one for one in found.articles if one.slug not in seen)
        in_form = bool(tracker.active_loop_name)
        if message.part and found.fits and fresh and _said_now(tracker, fresh[0]):
            _ask_if_helped(dispatcher, asks=not in_form)
            return []
        if found.fits and fresh:
            await _record_shown(message, fresh)
            second = (tracker.get_slot("second_request") or {}).get("stage") == "waiting"
            _say(dispatcher, fresh[0], asks=not in_form and not second)
            return []
        if found.articles and not found.fits:
            _choose(dispatcher, found.articles)
            return []
        if found.articles:
            text = f"The article “{found.articles[0].title}” is all that is known here about this."
            return await _offer(dispatcher, message, text, found.articles[0], in_form=in_form)
        await _record_missing(message)
        text = "None of the help pages answers this."
        return await _offer(dispatcher, message, text, in_form=in_form)


class ActionHelped(Action):
    """The article has helped."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_helped"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Note it."""
        await _record_verdict(incoming(tracker), "article_helped")
        dispatcher.utter_message(text="Good to know. Write here whenever there is more to ask.")
        return []


class ActionNotHelped(Action):
    """The article has not helped."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return NOT_HELPED

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Note it; then the next article where there is one, else a person."""
        message = incoming(tracker)
        await _record_verdict(message, "article_not_helped")
        past = await _past(message)
        seen = _seen(past)
        if any(one.slug not in seen for one in _others(past)):
            return [followed_by(ANSWER)]
        return await _offer(dispatcher, message, "No other article answers this.")


def _found(message: Incoming) -> _Found:
    near = services().articles.known(message.articles)
    if message.part:  # what is near the whole message may be near its other half
        near = tuple(one for one in near if message.intent in one.intents)
    if near:
        return _Found(near, fits=True)
    named = services().articles.answering(message.intent)
    first = tuple(one for one in named if one.intents[0] == message.intent)
    if len(first) == 1:
        return _Found(first, fits=True)
    return _Found(first or named, fits=len(named) == 1)


def _say(dispatcher: CollectingDispatcher, article: Article, *, asks: bool) -> None:
    """Nothing is asked in a form, whose own question comes next, or before a second request."""
    dispatcher.utter_message(text=article.answer, buttons=[_read_more(article)])
    _ask_if_helped(dispatcher, asks=asks)


def _ask_if_helped(dispatcher: CollectingDispatcher, *, asks: bool) -> None:
    if asks:
        dispatcher.utter_message(text="Did this help?", buttons=YES_NO)


def _said_now(tracker: Tracker, article: Article) -> bool:
    """True where it has answered the other half of this message."""
    return any(event.get("text") == article.answer for event in since_message(tracker))


def _choose(dispatcher: CollectingDispatcher, articles: Sequence[Article]) -> None:
    buttons = [{"title": one.title, "payload": one.questions[0]} for one in articles]
    dispatcher.utter_message(
        text="Several help pages are about this. Which one do you need?",
        buttons=[*buttons[:_MOST_CHOICES], PERSON_BUTTON],
    )


async def _offer(
    dispatcher: CollectingDispatcher,
    message: Incoming,
    text: str,
    article: Article | None = None,
    *,
    in_form: bool = False,
) -> list[Event]:
    """Say it and offer a person; a yes in the next turn brings one, unless a form asks then."""
    links = [_read_more(article)] if article else []
    if in_form:
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON, *links])
        return []
    async with services().store.work() as work:
        await work.turns.offered(message.message_id)
    dispatcher.utter_message(
        text=f"{text} Shall a colleague join?", buttons=[PERSON_BUTTON, *links]
    )
    return [slot("offer_person", False)]


def _read_more(article: Article) -> dict[str, str]:
    return {"title": f"Read more: {article.title}", "url": article.path}


async def _past(message: Incoming) -> Sequence[Happening]:
    """What happened with articles since the conversation last began anew, oldest first.

    Nothing of this message itself: its turn may be running again.
    """
    async with services().store.read() as work:
        conversation = await work.conversations.get(message.conversation_id)
        entries = await work.timeline.of(message.conversation_id, conversation.began_anew_at)
    return [
        entry
        for entry in entries
        if entry.kind.startswith("article_") and entry.detail["message"] != message.message_id
    ]


def _seen(past: Sequence[Happening]) -> set[str]:
    return {str(entry.detail["slug"]) for entry in past if entry.kind == "article_shown"}


def _last_shown(past: Sequence[Happening]) -> Happening | None:
    return next((entry for entry in reversed(past) if entry.kind == "article_shown"), None)


def _others(past: Sequence[Happening]) -> tuple[Article, ...]:
    """What came next in relevance when an article was last shown."""
    shown = _last_shown(past)
    others = str(shown.detail["others"] or "") if shown else ""
    return services().articles.known(others.split())


async def _record_shown(message: Incoming, articles: Sequence[Article]) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            "article_shown",
            services().clock(),
            key=f"{message.message_id}:{articles[0].slug}",
            slug=articles[0].slug,
            others=" ".join(one.slug for one in articles[1:]) or None,
            message=message.message_id,
        )


async def _record_verdict(message: Incoming, kind: str) -> None:
    shown = _last_shown(await _past(message))
    if shown is None:
        return
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            kind,
            services().clock(),
            key=f"{message.message_id}:{kind}",
            slug=shown.detail["slug"],
            message=message.message_id,
            about=shown.detail["message"],
        )


async def _record_missing(message: Incoming) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            "article_missing",
            services().clock(),
            key=f"{message.message_id}:article_missing",
            message=message.message_id,
        )
