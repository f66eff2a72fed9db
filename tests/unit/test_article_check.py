"""`heard articles check`: what is wrong, what is missing, and the demo shop's own facts."""

import asyncio
import json
import math
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conversation.annotated import AnnotatedTurn
from conversation.clock import utc_now
from conversation.effort import Effort
from conversation.messages import Author, Draft
from conversation.policy import Decision, Step
from conversation.turns import Turn
from heard.article_checks import check_articles
from heard.article_gaps import gaps
from heard.cli import app
from heard.settings import ROOT
from store.database import connect
from store.gaps import Unanswered, Why
from store.live import LocalLive
from store.migrate import upgrade
from store.shop import REFUND_LIMIT_CENTS
from store.shop_rules import with_delivery
from store.store import SqlStore
from tests.door import shipped_articles

ARTICLES = shipped_articles()
SHOP = json.loads((ROOT / "data" / "demo" / "shop.json").read_text())
GOOD = """---
title: What delivery costs
intents: [delivery_cost]
questions: [how much is shipping, delivery fee, postage price, do i pay for it]
answer: Standard delivery costs 4.90 EUR. From 60 EUR it is free.
---
See [the other](/help/other) and [the law](https://law.example/).
"""
OTHER = (
    GOOD.replace("delivery_cost", "opening_hours")
    .replace("[how much is shipping, delivery fee, postage price, do i pay for it]", "[a, b, c, d]")
    .replace("/help/other", "/help/cost")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles" / "delivery").mkdir(parents=True)
    (tmp_path / "articles" / "topics.yml").write_text("delivery: Delivery\n")
    (tmp_path / "domain.yml").write_text(
        "intents: [delivery_cost, opening_hours: {use_entities: []}, gift_card, greet]\n"
    )
    write(tmp_path / "articles", "cost", GOOD)
    write(tmp_path / "articles", "other", OTHER)
    return tmp_path / "articles"


def write(folder: Path, slug: str, text: str) -> None:
    (folder / "delivery" / f"{slug}.md").write_text(text)


def checked(folder: Path) -> list[str]:
    return [str(one) for one in check_articles(folder, folder.parent / "domain.yml").problems]


def test_the_shipped_articles_are_without_fault_and_leave_no_intent_out() -> None:
    shipped = check_articles(ROOT / "data" / "articles", ROOT / "domain.yml")
    assert [str(problem) for problem in shipped.problems] == []
    assert shipped.without_article == ()
    assert len(shipped.articles) >= 60
    assert sum(one.guide for one in shipped.articles.all() if one.topic == "care") >= 8


def test_intents_that_knowledge_could_answer_need_an_article(folder: Path) -> None:
    found = check_articles(folder, folder.parent / "domain.yml")
    assert (found.without_article, found.problems) == (("gift_card",), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("delivery_cost", "delivery_price", "3: delivery_price is no intent of domain.yml"),
        ("/help/other", "/help/gone", "7: there is no article gone to link to"),
        ("/help/other", "other.md", "7: link to an article (/help/...)"),
        ("https://law", "http://law", "7: link to an article (/help/...)"),
        ("it is free", "it is free!", "5: no exclamation marks"),
        (
            "Standard delivery costs",
            "Remuneration for conventional transportation necessitates",
            "5: reading grade",
        ),
        ("questions: [how", "question: [how", "4: question is no field"),
    ],
)
def test_what_must_be_mended_is_named_with_its_line(
    folder: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    write(folder, "cost", GOOD.replace(old, new))
    assert any(p.startswith(f"delivery/cost.md:{said}") for p in checked(folder)), checked(folder)


def test_a_question_leads_to_one_article_only(folder: Path) -> None:
    write(folder, "other", OTHER.replace("[a, b", "[Postage  price?, b"))
    assert "delivery/other.md:4: cost has the same question" in "\n".join(checked(folder))


def test_the_command_ends_with_an_error_where_something_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEARD_VAR", str(tmp_path / "var"))
    write(folder, "cost", GOOD.replace("/help/other", "/help/gone"))
    where = ["--folder", str(folder), "--domain", str(folder.parent / "domain.yml")]
    wrong = CliRunner().invoke(app, ["articles", "check", *where])
    assert wrong.exit_code == 1
    assert "wrong  delivery/cost.md:7: there is no article gone to link to" in wrong.output
    assert "gap    No article names the intent gift_card." in wrong.output
    good = CliRunner().invoke(app, ["articles", "check", "--json"])
    assert (good.exit_code, json.loads(good.output)["problems"]) == (0, [])


def embedded(degrees: float) -> bytes:
    """An embedding of which the cosine to another is that of the angle between them."""
    turned = math.radians(degrees)
    return bytes(int(127 * part) & 0xFF for part in (math.cos(turned), math.sin(turned), 0, 0))


def asked(text: str, degrees: float, conversation: str, why: Why = Why.NO_ARTICLE) -> Unanswered:
    return Unanswered(conversation, text, embedded(degrees), why)


def test_questions_alike_in_meaning_are_one_gap_and_the_most_frequent_comes_first() -> None:
    found = gaps(
        [
            asked("do you sell kayaks", 0, "a"),
            asked("kayaks?", 30, "b", Why.OUT_OF_SCOPE),
            asked("Do you sell  kayaks", 0, "c"),
            asked("can i rent a tent", 120, "d"),
            asked("renting tents", 125, "e"),
            asked("only one asked this", 240, "f"),
        ]
    )
    assert [(gap.conversations, gap.examples[0]) for gap in found] == [
        (3, "do you sell kayaks"),
        (2, "can i rent a tent"),
    ]
    assert found[0].why == {Why.NO_ARTICLE: 2, Why.OUT_OF_SCOPE: 1}


def test_one_customer_who_asks_again_and_again_is_no_frequent_question() -> None:
    assert gaps([asked("kayaks", 0, "a"), asked("kayaks", 0, "a")]) == []


def test_without_embeddings_the_same_words_are_the_same_question() -> None:
    same = [
        Unanswered(c, text, b"", Why.NOT_UNDERSTOOD) for c, text in zip("abc", "xxy", strict=True)
    ]
    (found,) = gaps(same)
    assert (found.times, found.examples) == (2, ("x",))


async def test_gaps_come_from_what_was_not_understood_had_no_article_or_did_not_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'gaps.db'}"
    await asyncio.to_thread(upgrade, url)
    store = SqlStore(connect(url), LocalLive())
    now = utc_now()

    async def says(text: str, intent: str | None, at_days: int = 0) -> tuple[str, str]:
        async with store.work() as work:
            conversation = (await work.conversations.start("v", None, now)).id
            draft = Draft(Author.CUSTOMER, text)
            message = (await work.conversations.append(conversation, draft, now)).id
            turn = Turn(message, now - timedelta(days=at_days), text, intent)
            decided = AnnotatedTurn(turn, Effort(0, (), "1"), Decision(Step.GO_ON))
            await work.turns.save(conversation, decided)
        return conversation, message

    async def notes(of: tuple[str, str], kind: str, **detail: str) -> None:
        async with store.work() as work:
            await work.timeline.record(of[0], kind, now, **detail)

    await says("blurb", None)
    await says("rent a kayak", "out_of_scope")
    await says("long ago", "out_of_scope", at_days=40)
    missing = await says("is it vegan", "product_question")
    await notes(missing, "article_missing", message=missing[1])
    vague = await says("how warm is it", "product_question")
    await notes(vague, "article_not_helped", slug="x", message="the no", about=vague[1])
    helped = await says("delivery cost", "delivery_cost")
    await notes(helped, "article_helped", slug="y", message="the yes", about=helped[1])
    async with store.read() as work:
        found = await work.gaps.unanswered(now - timedelta(days=30))
    assert {(one.text, one.why) for one in found} == {
        ("blurb", Why.NOT_UNDERSTOOD),
        ("rent a kayak", Why.OUT_OF_SCOPE),
        ("is it vegan", Why.NO_ARTICLE),
        ("how warm is it", Why.NOT_HELPED),
    }
    await says("Rent a kayak", "nlu_fallback")
    await store.close()
    monkeypatch.setenv("HEARD_VAR", str(tmp_path))
    monkeypatch.setenv("HEARD_DATABASE_URL", url)
    ran = await asyncio.to_thread(CliRunner().invoke, app, ["articles", "check"])
    assert ran.exit_code == 0, ran.output
    assert "gap    Asked in 2 conversations (1 not understood, 1 out of scope): “" in ran.output


def texts() -> list[tuple[str, str]]:
    return [(one.slug, f"{one.answer}\n{one.body}") for one in ARTICLES.all()]


def test_delivery_costs_the_same_in_every_article_as_in_the_shop() -> None:
    assert (with_delivery(5999) - 5999, with_delivery(6000)) == (490, 6000)
    named = 0
    for slug, text in texts():
        for pattern, price in (
            (r"[Ss]tandard(?: delivery)?(?: costs| \|) (\d+(?:\.\d+)?) EUR", "4.90"),
            (r"[Ee]xpress(?: delivery)?(?: always)?(?: costs| \|) (\d+(?:\.\d+)?) EUR", "8.90"),
            (r"free from (\d+) EUR", "60"),
            (r"[Ff]rom (\d+) EUR it is free", "60"),
        ):
            for found in re.findall(pattern, text):
                named += 1
                assert found == price, (slug, pattern)
    assert named >= 8


def test_products_cost_the_same_in_every_article_as_in_the_shop() -> None:
    prices = {product["name"]: product["price"] for product in SHOP["products"]}
    named = 0
    for slug, text in texts():
        for product, price in re.findall(r"^\| ([^|]+) \| ([\d.]+) EUR \|$", text, re.MULTILINE):
            if product in prices:
                named += 1
                assert float(price) == prices[product], (slug, product)
    assert named >= 10
    tents = ARTICLES.get("choose-a-tent")
    assert tents is not None
    assert (
        f"| Price | {prices['Ridge 2 tent']:.0f} EUR | {prices['Family tent']:.0f} EUR |"
        in tents.body
    )


def test_the_limit_of_refunds_is_the_shops_own() -> None:
    refund = ARTICLES.get("ask-for-a-refund")
    assert refund is not None
    assert set(re.findall(r"(\d+) EUR", refund.answer + refund.body)) == {
        str(REFUND_LIMIT_CENTS // 100)
    }
