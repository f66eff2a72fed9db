"""Articles: what the company answers to questions that need no order."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the help pages.

    `intents` are those that it answers; `questions` are ways in which customers ask for it.
    `products` are those that it is about, named as orders name them.
    `answer` is the short answer given in the chat, `body` the whole text in Markdown. A guide has
    `steps`, each a title and one or two plain sentences, which the chat gives one at a time.
    """

    slug: str
    topic: str
    title: str
    intents: tuple[str, ...]
    questions: tuple[str, ...]
    answer: str
    body: str
    guide: bool = False
    steps: tuple[tuple[str, str], ...] = ()
    products: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the website shows it."""
        return f"/help/{self.slug}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of articles, as the help pages list them."""

    name: str
    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Articles:
    """All articles by topic, in the order in which they are shown."""

    topics: tuple[Topic, ...] = ()
    _by_slug: dict[str, Article] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {one.slug: one for topic in self.topics for one in topic.articles}
        object.__setattr__(self, "_by_slug", found)

    def __len__(self) -> int:
        return len(self._by_slug)

    def all(self) -> tuple[Article, ...]:
        """Every article, topic by topic."""
        return tuple(self._by_slug.values())

    def get(self, slug: str) -> Article | None:
        """The article of this slug, or None."""
        return self._by_slug.get(slug)

    def known(self, slugs: Iterable[str]) -> tuple[Article, ...]:
        """The articles of these slugs in this order; what no longer exists is left out."""
        return tuple(one for slug in slugs if (one := self._by_slug.get(slug)))

    def about(self, product: str) -> tuple[Article, ...]:
        """The articles about a product, named as orders name it."""
        return tuple(one for one in self._by_slug.values() if product in one.products)

    def answering(self, intent: str | None) -> tuple[Article, ...]:
        """The articles that name this intent."""
        return tuple(one for one in self._by_slug.values() if intent in one.intents)
