"""The help pages: all articles by topic, a search, and each article by itself."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request, html

from conversation.article import Article, Articles, Topic
from website.help_search import Search

_HERE = Path(__file__).parent
_LONGEST_SEARCH = 200
_SCROLLS = '<div class="scrolls" role="group" aria-label="Table" tabindex="0">'


class HelpPages:
    """Pages that need neither a customer nor JavaScript."""

    def __init__(self, articles: Articles, company: str) -> None:
        self._articles = articles
        self._search = Search(articles)
        self._company = company
        self._markdown = _markdown()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_route(self._index, "/help", name="help")
        blueprint.add_route(self._article, "/help/<slug:str>", name="help_article")

    async def _index(self, request: Request) -> HTTPResponse:
        asked = (request.args.get("q") or "").strip()[:_LONGEST_SEARCH]
        if not asked:
            return self._page("help.html", topics=[t for t in self._articles.topics if t.articles])
        return self._page("help_search.html", asked=asked, found=self._search.find(asked))

    async def _article(self, request: Request, slug: str) -> HTTPResponse:
        article = self._articles.get(slug)
        if article is None:
            return self._page("help_missing.html", status=404)
        topic = self._topic_of(article)
        return self._page(
            "help_article.html",
            article=article,
            topic=topic,
            body=Markup(self._markdown.render(article.body)),  # noqa: S704 - raw HTML is off
            others=[one for one in topic.articles if one != article],
        )

    def _topic_of(self, article: Article) -> Topic:
        return next(topic for topic in self._articles.topics if topic.name == article.topic)

    def _page(self, name: str, status: int = 200, **shown: object) -> HTTPResponse:
        shown = {"asked": "", "company": self._company, **shown}
        text = self._templates.get_template(name).render(shown)
        return html(text, status=status, headers={"cache-control": "no-cache"})


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", lambda *_: f"{_SCROLLS}<table>\n")
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return markdown
