"""The help pages as any browser gets them, with or without scripts."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from conversation.article import Article, Articles, Topic
from tests.door import open_door, shipped_articles
from tests.patience import PATIENT_S
from website.help_search import Search

ARTICLES = shipped_articles()


@dataclass
class Reader:
    """Somebody with a browser. `status` is that of the page last read."""

    http: httpx.AsyncClient
    status: int = 0

    async def reads(self, path: str, **query: str) -> str:
        """The page's source."""
        response = await self.http.get(path, params=query)
        self.status = response.status_code
        assert response.headers["content-type"].startswith("text/html")
        return response.text


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    async with (
        open_door(tmp_path) as door,
        httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http,
    ):
        yield Reader(http)


def text_of(source: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split())


async def test_every_article_is_listed_under_its_topic_and_can_be_read(reader: Reader) -> None:
    index = await reader.reads("/help")
    for topic in ARTICLES.topics:
        assert f'<h2 id="topic-{topic.name}">{topic.title}</h2>' in index
    for article in ARTICLES.all():
        assert f'<a href="{article.path}">' in index
        page = text_of(await reader.reads(article.path))
        assert (reader.status, article.title in page, article.answer in page) == (200, True, True)


async def test_every_link_on_an_article_leads_somewhere(reader: Reader) -> None:
    pages = [await reader.reads(article.path) for article in ARTICLES.all()]
    paths = {path for page in pages for path in re.findall(r'(?:href|src)="(/[^"#]*)', page)}
    assert "/help/talk-to-a-person" in paths
    for path in sorted(paths):
        assert (await reader.http.get(path)).status_code == 200, path


async def test_the_text_is_rendered_and_wide_tables_scroll(reader: Reader) -> None:
    page = await reader.reads("/help/delivery-cost")
    assert "<th>Delivery</th>" in page
    assert '<div class="scrolls" role="group" aria-label="Table" tabindex="0"><table>' in page
    guide = await reader.reads("/help/pitch-the-ridge-2")
    assert "<h2>1. Find the ground</h2>" in guide


async def test_an_unknown_page_says_so_and_helps_on(reader: Reader) -> None:
    for path in ("/help/no-such-thing", "/help/%3Cscript%3E", "/help/..%2Fsite.py"):
        page = await reader.reads(path)
        assert (reader.status, "This page does not exist" in page) == (404, True)
        assert 'action="/help"' in page
        assert "<script>" not in page


async def test_what_is_searched_for_is_shown_as_text(reader: Reader) -> None:
    page = await reader.reads("/help", q='"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "No pages for" in text_of(page)


async def test_a_search_leads_to_the_article_without_scripts(reader: Reader) -> None:
    page = await reader.reads("/help", q="washing my down jacket")
    found = re.findall(r'<li>\s*<a href="(/help/[^"]+)"', page)
    assert found[0] == "/help/wash-the-down-jacket"
    assert "1 page for" in text_of(await reader.reads("/help", q="ombudsman"))
    assert 'id="topic-orders"' in await reader.reads("/help", q="  ")


async def test_markup_in_an_article_stays_text(tmp_path: Path) -> None:
    body = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b>bold</b>\n"
    evil = Article("evil", "t", "<b>Evil</b>", (), ("a",), "Short & sweet.", body)
    async with open_door(tmp_path) as door:
        await door.stop()
        door.site = replace(door.site, articles=Articles((Topic("t", "Topic", (evil,)),)))
        await door.start()
        async with httpx.AsyncClient(base_url=door.url, timeout=PATIENT_S) as http:
            page = (await http.get("/help/evil")).text
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("what does delivery cost", "delivery-cost"),
        ("shipping to Switzerland", "delivery-area"),
        ("cancelling an order", "cancel-an-order"),
        ("gas smell", "stove-safety"),
        ("instalments", "pay-later"),
        ("boots size", "boot-sizes"),
        ("opening hours sunday", "opening-hours"),
        ("forgot password", "cannot-sign-in"),
        ("return label", "return-label"),
        ("pitch tent", "pitch-the-ridge-2"),
    ],
)
def test_plain_words_find_their_article(asked: str, slug: str) -> None:
    assert next(one.slug for one in Search(ARTICLES).find(asked)) == slug


def test_words_that_no_article_has_find_nothing() -> None:
    search = Search(ARTICLES)
    assert search.find("quantum chromodynamics") == ()
    assert search.find("?!") == ()
    assert len(search.find("order delivery return the")) <= 20
    assert Search(Articles()).find("anything") == ()
