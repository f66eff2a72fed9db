"""Answers from articles: what is said, what is never said twice, and what is noted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.articles import ActionAnswer, ActionHelped, ActionNotHelped
from actions.services import Services, provide
from conversation.annotated import AnnotatedTurn
from conversation.brevity import MAX_WORDS, words
from conversation.clock import utc_now
from conversation.effort import Effort
from conversation.messages import Author, Draft
from conversation.policy import Decision, Step
from conversation.turns import Turn
from handoff.briefing.briefing import Briefer
from handoff.handoffs import Handoffs
from heard.effort.versions import NEWEST, weights_named
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.door import shipped_articles
from tests.patience import PATIENT_S

ARTICLES = shipped_articles()
PERSON = {"title": "Talk to a person", "payload": "Talk to a person"}
OFFERED = "Shall a colleague join?"


@dataclass
class Chat:
    """A conversation whose messages a test has understood."""

    store: SqlStore
    id: str
    messages: list[str] = field(default_factory=list)

    async def hears(self, text: str) -> str:
        """A customer message, scored. Returns: its id."""
        async with self.store.work() as work:
            message = await work.conversations.append(
                self.id, Draft(Author.CUSTOMER, text), utc_now()
            )
            turn = Turn(message.id, message.at, text, None)
            annotated = AnnotatedTurn(turn, Effort(0, (), "1"), Decision(Step.GO_ON))
            await work.turns.save(self.id, annotated)
        return message.id

    async def answers(
        self, message: str, *slugs: str, intent: str = "delivery_cost", **more: Any
    ) -> dict[str, Any]:
        """Run action_answer as Rasa does. Returns: its replies in one."""
        dispatcher, events = await self.run(ActionAnswer(), message, slugs, intent, **more)
        assert {event["name"] for event in events} <= {"offer_person"}
        return {
            "text": " ".join(reply["text"] for reply in dispatcher.messages),
            "buttons": [button for reply in dispatcher.messages for button in reply["buttons"]],
        }

    async def run(
        self,
        action: Any,
        message: str,
        slugs: tuple[str, ...] = (),
        intent: str = "deny",
        form: str | None = None,
        after: str | None = None,
    ) -> tuple[CollectingDispatcher, list[dict[str, Any]]]:
        """Run an action for this message."""
        latest = {
            "text": "",
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "metadata": {"message_id": message, "customer_id": None},
            "articles": [{"slug": slug, "score": 0.7} for slug in slugs],
        }
        loop = {"name": form} if form else {}
        tracker = Tracker(self.id, {}, latest, [], False, None, loop, after or "action_listen")
        dispatcher = CollectingDispatcher()
        return dispatcher, await action.run(dispatcher, tracker, {})

    async def noted(self) -> list[tuple[str, Any]]:
        """What the timeline holds of articles."""
        async with self.store.read() as work:
            entries = await work.timeline.of(self.id)
        return [(entry.kind, entry.detail.get("slug")) for entry in entries]

    async def offered(self, message: str) -> bool:
        """Whether a yes in the next turn brings a person."""
        async with self.store.read() as work:
            turns = await work.turns.of(self.id)
        return next(one.turn.offered for one in turns if one.turn.message_id == message)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'answers.db'}"
    await asyncio.to_thread(upgrade, url)
    store = SqlStore(connect(url), LocalLive())
    shop = SqlShop(store, utc_now)
    briefer = Briefer(SqlDirectory(store), shop, PATIENT_S)
    handoffs = Handoffs(store, briefer, utc_now)
    provide(Services(store, handoffs, briefer, shop, weights_named(NEWEST), utc_now, ARTICLES))
    async with store.work() as work:
        conversation = await work.conversations.start("visitor", None, utc_now())
    yield Chat(store, conversation.id)
    await store.close()


def answer_of(slug: str) -> str:
    article = ARTICLES.get(slug)
    assert article is not None
    return article.answer


async def test_the_nearest_article_answers_with_its_link_and_asks_whether_it_helped(
    chat: Chat,
) -> None:
    message = await chat.hears("shipping cost to norway")
    reply = await chat.answers(message, "customs", "delivery-cost")
    assert reply["text"] == f"{answer_of('customs')} Did this help?"
    assert reply["buttons"] == [
        {"title": "Read more: Customs and import tax", "url": "/help/customs"},
        {"title": "Yes", "payload": "Yes"},
        {"title": "No", "payload": "No"},
    ]
    assert await chat.noted() == [("article_shown", "customs")]


async def test_where_none_is_near_the_intents_own_article_answers(chat: Chat) -> None:
    reply = await chat.answers(await chat.hears("delivery"), intent="delivery_cost")
    assert reply["text"].startswith(answer_of("delivery-cost"))


async def test_where_an_intent_has_several_articles_it_is_asked_which(chat: Chat) -> None:
    reply = await chat.answers(await chat.hears("what size"), intent="size_advice")
    assert reply["text"] == "Several help pages are about this. Which one do you need?"
    titles = [button["title"] for button in reply["buttons"]]
    assert "Find your boot size" in titles
    assert reply["buttons"][-1] == PERSON
    assert await chat.noted() == []


@pytest.mark.parametrize("slugs", [(), ("gone-since",)])
async def test_without_an_article_nothing_is_invented_and_a_person_is_offered(
    chat: Chat, slugs: tuple[str, ...]
) -> None:
    message = await chat.hears("do you sell kayaks")
    reply = await chat.answers(message, *slugs, intent="hold_on")
    assert reply["text"] == f"None of the help pages answers this. {OFFERED}"
    assert reply["buttons"] == [PERSON]
    assert await chat.offered(message)
    assert await chat.noted() == [("article_missing", None)]


async def test_asked_again_the_next_best_answers_and_then_a_person(chat: Chat) -> None:
    near = ("delivery-cost", "express-delivery")
    said = [await chat.answers(await chat.hears("cost?"), *near) for _ in range(3)]
    assert [s["text"].split(".")[0] for s in said[:2]] == [answer_of(n).split(".")[0] for n in near]
    assert said[2]["text"].endswith(OFFERED)
    assert answer_of("delivery-cost") not in said[2]["text"]
    assert said[2]["buttons"][0] == PERSON
    assert said[2]["buttons"][1]["url"] == "/help/delivery-cost"


async def test_a_turn_that_rasa_runs_twice_says_and_notes_the_same(chat: Chat) -> None:
    message = await chat.hears("cost?")
    near = ("delivery-cost", "express-delivery")
    first, again = [await chat.answers(message, *near) for _ in range(2)]
    assert first == again
    assert await chat.noted() == [("article_shown", "delivery-cost")]


async def test_in_a_form_the_answer_asks_nothing(chat: Chat) -> None:
    message = await chat.hears("what does delivery cost")
    reply = await chat.answers(message, "delivery-cost", form="cancel_form")
    assert reply["text"] == answer_of("delivery-cost")
    assert [button.get("url") for button in reply["buttons"]] == ["/help/delivery-cost"]
    again = await chat.hears("what does delivery cost")
    reply = await chat.answers(again, "delivery-cost", form="cancel_form")
    assert "?" not in reply["text"]
    assert not await chat.offered(again)


async def test_that_it_helped_is_said_briefly_and_noted_once(chat: Chat) -> None:
    await chat.answers(await chat.hears("cost?"), "delivery-cost")
    yes = await chat.hears("yes")
    for _ in range(2):
        dispatcher, events = await chat.run(ActionHelped(), yes)
    assert events == []
    assert words(dispatcher.messages[0]["text"]) <= MAX_WORDS // 3
    assert await chat.noted() == [
        ("article_shown", "delivery-cost"),
        ("article_helped", "delivery-cost"),
    ]


async def test_what_did_not_help_is_followed_by_the_next_article_then_by_a_person(
    chat: Chat,
) -> None:
    await chat.answers(await chat.hears("cost?"), "delivery-cost", "customs")
    for _ in range(2):  # Rasa may run a turn again
        no = await chat.hears("no")
        _, events = await chat.run(ActionNotHelped(), no)
        assert [event["name"] for event in events] == ["action_answer"]
    reply = await chat.answers(no, intent="deny", after="action_not_helped")
    assert reply["text"] == f"{answer_of('customs')} Did this help?"
    again = await chat.hears("no")
    dispatcher, events = await chat.run(ActionNotHelped(), again)
    assert dispatcher.messages[0]["text"] == f"No other article answers this. {OFFERED}"
    assert dispatcher.messages[0]["buttons"] == [PERSON]
    assert [event["name"] for event in events] == ["offer_person"]
    assert await chat.offered(again)
    assert (await chat.noted())[-2:] == [
        ("article_shown", "customs"),
        ("article_not_helped", "customs"),
    ]


async def test_a_verdict_without_an_article_notes_nothing(chat: Chat) -> None:
    await chat.run(ActionHelped(), await chat.hears("yes"))
    assert await chat.noted() == []
