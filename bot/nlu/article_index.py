"""The articles' sentences as vectors: which article is nearest to a message in meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.article_files import ArticleText
from bot.nlu.sentence_encoder import DIMENSIONS, shared_encoder

_VECTORS, _ARTICLES = "articles.npy", "articles.json"
_NEAREST, _NEXT = 0.7, 0.3  # shares of an article's nearest sentence and of the next two
_ITEMS = 3


@dataclass(frozen=True)
class ArticleIndex:
    """The sentences of all articles.

    `vectors` are unit vectors (n, 384), those of one article in a row; `first` says where each
    article's begin, in the order of `slugs`; `intents` are those that each answers.
    """

    slugs: tuple[str, ...]
    intents: tuple[tuple[str, ...], ...]
    first: np.ndarray
    vectors: np.ndarray

    @classmethod
    def of(cls, articles: list[ArticleText]) -> ArticleIndex:
        """Encode the sentences of articles."""
        sentences = [sentence for article in articles for sentence in article.sentences]
        lengths = [len(article.sentences) for article in articles]
        return cls(
            tuple(article.slug for article in articles),
            tuple(article.intents for article in articles),
            np.cumsum([0, *lengths])[:-1],
            shared_encoder().encode(sentences),
        )

    def save(self, folder: Path) -> None:
        """Write the index, its vectors in half precision."""
        np.save(folder / _VECTORS, self.vectors.astype(np.float16))
        record = {"slugs": self.slugs, "intents": self.intents, "first": self.first.tolist()}
        (folder / _ARTICLES).write_text(json.dumps(record), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ArticleIndex:
        """Read what `save` wrote."""
        record = json.loads((folder / _ARTICLES).read_text(encoding="utf-8"))
        vectors = np.load(folder / _VECTORS).astype(np.float32).reshape(-1, DIMENSIONS)
        return cls(
            tuple(record["slugs"]),
            tuple(tuple(intents) for intents in record["intents"]),
            np.array(record["first"], dtype=int),
            vectors,
        )

    def nearest(
        self, vector: np.ndarray, likely: Mapping[str, float], prefer: float
    ) -> list[tuple[str, float]]:
        """Rank all articles by meaning, those which answer what is probably asked first.

        Args: vector: unit vector of the message. likely: probability of each intent. prefer: what
            an article gains when its intents are certain to be meant.
        Returns: slugs with scores, best first; a score is about a cosine, cut off at 1.
        """
        if not self.slugs:
            return []
        cosines = self.vectors @ vector
        ends = [*self.first[1:], len(cosines)]
        scored = []
        for slug, intents, start, end in zip(
            self.slugs, self.intents, self.first, ends, strict=True
        ):
            best = np.sort(cosines[start:end])[::-1][:_ITEMS]
            score = _NEAREST * best[0] + _NEXT * best[1:].mean()
            score += prefer * sum(likely.get(intent, 0.0) for intent in intents)
            scored.append((slug, float(score)))
        ranked = sorted(scored, key=lambda one: -one[1])
        return [(slug, min(1.0, score)) for slug, score in ranked]
