"""Plain word search over the articles, for the help pages without JavaScript."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from conversation.article import Article, Articles

_WORD = re.compile(r"[^\W_]{2,}")
_WEIGHTS = {"title": 5.0, "questions": 3.0, "answer": 2.0, "body": 1.0}
_SHORTEST_STEM = 4
_MOST = 20
_LITTLE = """a an and are at be can do does for from have how i if in is it my of on or our the
this to we what when where which who will with you your"""


class Search:
    """The words of all articles, counted once."""

    def __init__(self, articles: Articles) -> None:
        self._weights = {one.slug: _words_of(one) for one in articles.all()}
        self._articles = articles
        held = Counter(word for weights in self._weights.values() for word in weights)
        self._rarity = {word: math.log(1 + len(articles) / count) for word, count in held.items()}

    def find(self, asked: str) -> tuple[Article, ...]:
        """The articles that have most of the words asked for, best first; at most 20.

        Rare words count for more, and words in the title for more than words in the text.
        """
        wanted = {_stem(word) for word in _words(asked)}
        wanted = wanted - {_stem(word) for word in _words(_LITTLE)} or wanted
        scores = {slug: self._score(weights, wanted) for slug, weights in self._weights.items()}
        found = sorted((slug for slug in scores if scores[slug]), key=lambda s: -scores[s])
        return self._articles.known(found[:_MOST])

    def _score(self, weights: dict[str, float], wanted: set[str]) -> float:
        had = [word for word in wanted if word in weights]
        share = len(had) / len(wanted) if wanted else 0.0
        return share * sum(weights[word] * self._rarity[word] for word in had)


def _words_of(article: Article) -> dict[str, float]:
    parts = {
        "title": article.title,
        "questions": " ".join(article.questions),
        "answer": article.answer,
        "body": article.body,
    }
    weights: dict[str, float] = {}
    for part, text in parts.items():
        for word in _words(text):
            stem = _stem(word)
            weights[stem] = max(weights.get(stem, 0.0), _WEIGHTS[part])
    return weights


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text.lower()))


def _stem(word: str) -> str:
    """The word without the endings that a plural, a verb's form or a typist adds."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    return word[:-1] if word[-2] == word[-1] else word
