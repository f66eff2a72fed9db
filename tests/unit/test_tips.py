"""A help page about what the customer has: once, after a solved issue, where all is calm."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions.services import provide, services
from conversation.annotated import AnnotatedTurn
from conversation.clock import utc_now
from conversation.effort import Effort
from conversation.policy import Decision, Step
from conversation.shop import OrderState, ShopUnavailable
from conversation.turns import Turn
from heard.settings import ROOT
from store.articles import BadArticles, load_articles
from tests.door import shipped_articles
from tests.unit.test_actions import Endpoint
from tests.unit.test_actions import endpoint as endpoint

TIP = "There is a help page about your Family tent."
SOLVED = "Good to know. Write here at any time."


@dataclass
class Visit:
    """Kemi's visit: she has a family tent, and everything is well."""

    endpoint: Endpoint

    async def confirms(self, *, score: float = 12.0) -> list[str]:
        """She says that all is solved. Returns: what the bot says."""
        message = await self.endpoint.hears("yes, solved")
        turn = Turn(message, utc_now(), "yes, solved", "affirm")
        async with self.endpoint.store.work() as work:
            annotated = AnnotatedTurn(turn, Effort(score, (), "2"), Decision(Step.GO_ON))
            await work.turns.save(self.endpoint.conversation, annotated)
        ran = await self.endpoint.runs("action_confirm_solved", message)
        replies: list[str] = ran["replies"]
        return replies

    async def happened(self, kind: str, **detail: str) -> None:
        """Something that stands on the timeline."""
        async with self.endpoint.store.work() as work:
            await work.timeline.record(self.endpoint.conversation, kind, utc_now(), **detail)

    async def has(self, number: str, **fields: object) -> None:
        """One of her orders is otherwise."""
        async with self.endpoint.store.work() as work:
            order = await work.shop.order(number)
            assert order is not None
            await work.shop.put(replace(order, **fields))  # type: ignore[arg-type]


@pytest.fixture
async def visit(endpoint: Endpoint) -> AsyncIterator[Visit]:
    provide(replace(services(), articles=shipped_articles()))
    endpoint.customer = "demo-kemi"
    yield Visit(endpoint)


async def test_after_a_solved_issue_the_page_is_told_with_its_link(visit: Visit):
    message = await visit.endpoint.hears("yes, solved")
    await visit.confirms()
    answer = await visit.endpoint.calls("action_confirm_solved", message)
    assert answer.json()["responses"][0]["text"] == SOLVED  # run again, it is not told again
    assert len(answer.json()["responses"]) == 1
    async with visit.endpoint.store.read() as work:
        tips = [e for e in await work.timeline.of(visit.endpoint.conversation) if e.kind == "tip"]
    assert [tip.detail for tip in tips] == [{"slug": "dry-the-tent"}]


async def test_a_tip_is_said_below_the_confirmation(visit: Visit):
    assert await visit.confirms(score=24.9) == [SOLVED, TIP]


@pytest.mark.parametrize("score", [25.0, 80.0])
async def test_who_had_to_make_an_effort_gets_none(visit: Visit, score: float):
    assert await visit.confirms(score=score) == [SOLVED]


@pytest.mark.parametrize(("kind", "detail"), [("tip", "slug"), ("article_shown", "slug")])
async def test_a_conversation_has_one_help_page_at_most(visit: Visit, kind: str, detail: str):
    await visit.endpoint.hears("hello")
    await visit.happened(kind, **{detail: "wash-merino"})
    assert await visit.confirms() == [SOLVED]


async def test_the_same_tip_is_not_given_again_in_a_later_conversation(visit: Visit):
    assert (await visit.confirms())[1:] == [TIP]
    visit.endpoint.conversation = ""
    assert await visit.confirms() == [SOLVED]


async def test_a_visitor_gets_none(visit: Visit):
    visit.endpoint.customer = None
    assert await visit.confirms() == [SOLVED]


@pytest.mark.parametrize(
    "state", [state for state in OrderState if state is not OrderState.DELIVERED]
)
async def test_what_was_not_kept_is_not_spoken_of(visit: Visit, state: OrderState):
    await visit.has("1016", state=state)
    assert await visit.confirms() == [SOLVED]


async def test_while_an_order_is_late_nothing_is_told(visit: Visit):
    yesterday = utc_now().date() - timedelta(days=1)
    await visit.has("1017", state=OrderState.SHIPPED, due_on=yesterday)
    assert await visit.confirms() == [SOLVED]


async def test_while_somebody_else_answers_nothing_is_told(visit: Visit):
    message = await visit.endpoint.hears("a person please")
    await visit.endpoint.runs("action_hand_off", message)
    assert await visit.confirms() == [SOLVED]


async def test_a_shop_that_is_down_costs_the_tip_alone(visit: Visit):
    class Down:
        async def orders_of(self, customer_id: str) -> None:
            raise ShopUnavailable("down")

    provide(replace(services(), shop=Down()))  # type: ignore[arg-type]
    assert await visit.confirms() == [SOLVED]


async def test_products_without_a_page_have_no_tip(visit: Visit):
    await visit.has("1016", items=("Camping chairs", "Cool box"))
    assert await visit.confirms() == [SOLVED]


def test_every_product_of_an_article_is_one_of_the_demo_shop():
    shop = (ROOT / "data" / "demo" / "shop.json").read_text()
    named = [name for article in shipped_articles().all() for name in article.products]
    assert len(named) >= 15
    assert [name for name in named if f'"name": "{name}"' not in shop] == []


def test_products_that_are_no_list_are_said_to_be(tmp_path: Path):
    folder = tmp_path / "care"
    folder.mkdir()
    (tmp_path / "topics.yml").write_text("care: Care\n")
    (folder / "tent.md").write_text(
        "---\ntitle: T\nintents: []\nproducts: Tent\nquestions: [a, b, c, d]\n"
        "answer: Dry it.\n---\nB\n"
    )
    with pytest.raises(BadArticles, match=r"care/tent.md:4: products must be a list"):
        load_articles(tmp_path)
