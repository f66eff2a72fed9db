"""The articles as they lie in a folder: one Markdown file each, below the folder of its topic."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conversation.article import Article, Articles, Topic
from conversation.brevity import MAX_SENTENCES, MAX_WORDS, sentences, words
from store.front_matter import BadFrontMatter, Document, read_document, read_yaml

TOPICS = "topics.yml"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STEP = re.compile(r"^## (\d+)\. (.+)$")
_HEADING = re.compile(r"^#{1,2} ")
_FIELDS = {"title", "intents", "questions", "answer", "guide", "products"}
_QUESTIONS = range(4, 9)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an article, and where. `line` counts from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class BadArticles(Exception):
    """Some articles cannot be read. `problems` has every one of them, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def load_articles(folder: Path) -> Articles:
    """Read all articles below `folder`, whose `topics.yml` names the topics and their order.

    Raises: BadArticles naming file and line of everything that is wrong.
    """
    articles, problems = read_articles(folder)
    if problems:
        raise BadArticles(problems)
    return articles


def read_articles(folder: Path) -> tuple[Articles, list[Problem]]:
    """The articles that can be read, and what is wrong with the others."""
    problems: list[Problem] = []
    titles = _topics(folder, problems)
    groups: dict[str, list[Article]] = {name: [] for name in titles}
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.md")):
        file = path.relative_to(folder).as_posix()
        if path.parent.name not in titles:
            problems.append(Problem(file, 1, f"add the topic {path.parent.name} to {TOPICS}"))
        elif path.stem in seen:
            text = f"{seen[path.stem]} has the same name: names must differ across topics"
            problems.append(Problem(file, 1, text))
        else:
            seen[path.stem] = file
            article, wrong = _read(path)
            problems.extend(Problem(file, line, text) for line, text in wrong)
            if article is not None:
                groups[article.topic].append(article)
    topics = (Topic(name, title, _by_title(groups[name])) for name, title in titles.items())
    return Articles(tuple(topics)), problems


def _by_title(articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles, key=lambda article: article.title))


def _topics(folder: Path, problems: list[Problem]) -> dict[str, str]:
    path = folder / TOPICS
    try:
        topics = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(TOPICS, 1, f"{path} is missing: it names the topics in order"))
        return {}
    except BadFrontMatter as error:
        problems.append(Problem(TOPICS, error.line, str(error)))
        return {}
    for name, title in topics.values.items():
        if not isinstance(title, str):
            text = f"the title of {name} must be a text"
            problems.append(Problem(TOPICS, topics.line(name), text))
    return {name: str(title) for name, title in topics.values.items()}


def _read(path: Path) -> tuple[Article | None, list[tuple[int, str]]]:
    if not _SLUG.fullmatch(path.stem):
        return None, [(1, "name the file with small letters, digits and single hyphens")]
    try:
        document = read_document(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None, [(1, "save the file as UTF-8")]
    except BadFrontMatter as error:
        return None, [(error.line, str(error))]
    steps = _steps(document.body)
    problems = [*_wrong_fields(document), *_wrong_steps(document, steps)]
    if problems:
        return None, problems
    given = document.values
    article = Article(
        slug=path.stem,
        topic=path.parent.name,
        title=given["title"],
        intents=tuple(given["intents"]),
        questions=tuple(given["questions"]),
        answer=given["answer"].strip(),
        body=document.body,
        guide=given.get("guide", False),
        products=tuple(given.get("products", ())),
        steps=tuple((step.title, step.text) for step in steps) if given.get("guide") else (),
    )
    return article, []


def _wrong_fields(document: Document) -> Iterator[tuple[int, str]]:
    given = document.values
    for name in sorted(set(given) - _FIELDS):
        yield document.line(name), f"{name} is no field: use {', '.join(sorted(_FIELDS))}"
    for name in ("title", "answer"):
        if not isinstance(given.get(name), str) or not given[name].strip():
            yield document.line(name), f"{name} must be a text that is not empty"
    for name in ("intents", "questions"):
        if not _texts(given.get(name)):
            yield document.line(name), f"{name} must be a list of texts (quote yes, no and numbers)"
    if not _texts(given.get("products", [])):
        yield document.line("products"), "products must be a list of names, as orders have them"
    if _texts(given.get("questions")) and len(given["questions"]) not in _QUESTIONS:
        yield document.line("questions"), f"give 4 to 8 questions, not {len(given['questions'])}"
    if not isinstance(given.get("guide", False), bool):
        yield document.line("guide"), "guide must be true or false"
    if isinstance(given.get("answer"), str):
        for text in too_long(given["answer"]):
            yield document.line("answer"), f"the answer has {text}"
    if not document.body.strip():
        yield document.body_line, "write the article's text below the second ---"


def too_long(text: str) -> Iterator[str]:
    """What makes a text too long for one message of the chat."""
    if words(text) > MAX_WORDS:
        yield f"{words(text)} words: {MAX_WORDS} at most"
    if sentences(text) > MAX_SENTENCES:
        yield f"{sentences(text)} sentences: {MAX_SENTENCES} at most"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


@dataclass(slots=True)
class _Step:
    line: int  # of the body, from 0
    number: int
    title: str
    text: str = ""


def _steps(body: str) -> list[_Step]:
    steps: list[_Step] = []
    inside = False
    for line, text in enumerate(body.splitlines()):
        if found := _STEP.match(text):
            steps.append(_Step(line, int(found[1]), found[2].strip()))
            inside = True
        elif _HEADING.match(text):
            inside = False
        elif inside:
            steps[-1].text = f"{steps[-1].text} {text.strip()}".strip()
    return steps


def _wrong_steps(document: Document, steps: list[_Step]) -> Iterator[tuple[int, str]]:
    if document.values.get("guide") is not True:
        return
    if len(steps) < 2:
        yield document.line("guide"), "a guide needs at least two steps: ## 1. ..., ## 2. ..."
    for expected, step in enumerate(steps, start=1):
        line = document.body_line + step.line
        if step.number != expected:
            yield line, f"this step has the number {step.number}: it must be {expected}"
        if not step.text:
            yield line, "say below the heading what to do in this step"
        for text in too_long(step.text):
            yield line, f"the step has {text}"
