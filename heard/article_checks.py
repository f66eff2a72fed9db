"""What is wrong with the articles, and which intents have none."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from conversation.article import Article, Articles
from heard.tone.rules import Text, faults_of
from store.articles import Problem, read_articles

_LINK = re.compile(r"\]\(([^)\s]*)")
_SAID_IN_PASSING = """give_order_number greet goodbye thank affirm deny correct_bot small_talk
hold_on other_one next_step repeat_step previous_step stop_task out_of_scope"""


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` must be mended; `without_article` are intents that knowledge could answer."""

    articles: Articles
    problems: tuple[Problem, ...]
    without_article: tuple[str, ...]


def check_articles(folder: Path, domain: Path) -> Checked:
    """Check all articles below `folder` against the intents of the domain file.

    Raises: OSError or yaml.YAMLError where the domain cannot be read.
    """
    articles, problems = read_articles(folder)
    intents = _intents(domain)
    for article in articles.all():
        lines = _Lines(folder, article)
        problems.extend(lines.problem(*it) for it in _wrong(article, articles, intents))
    problems.extend(_doubles(folder, articles))
    named = {intent for article in articles.all() for intent in article.intents}
    without = tuple(i for i in intents if i not in named | set(_SAID_IN_PASSING.split()))
    return Checked(articles, tuple(sorted(problems, key=lambda p: (p.file, p.line))), without)


def _intents(domain: Path) -> tuple[str, ...]:
    listed = yaml.safe_load(domain.read_text(encoding="utf-8"))["intents"]
    return tuple(one if isinstance(one, str) else next(iter(one)) for one in listed)


def _wrong(
    article: Article, articles: Articles, intents: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong, each with the words beside which it stands."""
    for intent in article.intents:
        if intent not in intents:
            yield intent, f"{intent} is no intent of domain.yml"
    for target in _LINK.findall(article.body):
        if wrong := _broken(target, articles):
            yield target, wrong
    for words in (article.answer, *(text for _, text in article.steps)):
        for fault in faults_of(Text(article.slug, words)):
            yield words.split(".")[0], fault.advice


def _broken(target: str, articles: Articles) -> str | None:
    if target.startswith("https://"):
        return None
    slug = target.removeprefix("/help/").split("#")[0]
    if not target.startswith("/help/"):
        return f"link to an article (/help/...) or to https://, not to {target or 'nothing'}"
    return None if articles.get(slug) else f"there is no article {slug} to link to"


def _doubles(folder: Path, articles: Articles) -> Iterator[Problem]:
    first: dict[str, Article] = {}
    for article in articles.all():
        for question in article.questions:
            words = " ".join(re.findall(r"\w+", question.lower()))
            other = first.setdefault(words, article)
            if other is not article:
                text = f"{other.slug} has the same question: it can lead to one article only"
                yield _Lines(folder, article).problem(question, text)


class _Lines:
    """The lines of an article's file."""

    def __init__(self, folder: Path, article: Article) -> None:
        self._file = f"{article.topic}/{article.slug}.md"
        self._lines = (folder / self._file).read_text(encoding="utf-8").splitlines()

    def problem(self, words: str, text: str) -> Problem:
        """The problem at the first line with these words, or at the first that begins like them."""
        for start in (words, words[:20]):
            for number, line in enumerate(self._lines, 1):
                if start in line:
                    return Problem(self._file, number, text)
        return Problem(self._file, 1, text)
