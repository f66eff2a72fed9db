"""The help articles as the bot reads them: what each answers and how customers ask for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.utils.io import read_yaml
from ruamel.yaml import YAMLError

_FENCE = "---\n"


@dataclass(frozen=True)
class ArticleText:
    """What an article says of itself."""

    slug: str
    title: str
    intents: tuple[str, ...]
    questions: tuple[str, ...]
    answer: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """By which it is found: its title, the customers' questions and its short answer."""
        return (self.title, *self.questions, self.answer)


def read_articles(folder: Path) -> list[ArticleText]:
    """Read all articles, `<topic>/<slug>.md`, by slug; none where there is no such folder.

    Raises: InvalidConfigException naming the file that is not an article, and what it lacks.
    """
    return sorted((_read(path) for path in _files(folder)), key=lambda article: article.slug)


def fingerprint(folder: Path) -> str:
    """Return a hash that changes with every change of an article's text or name."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.md"))


def _read(path: Path) -> ArticleText:
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    _, opened, rest = text.partition(_FENCE)
    front, closed, _ = rest.partition(f"\n{_FENCE}")
    if not text.startswith(_FENCE) or not opened or not closed:
        raise _broken(path, "it must begin with a front matter between two lines of ---")
    try:
        fields: Any = read_yaml(front)
    except YAMLError as error:
        raise _broken(path, f"its front matter is no YAML ({error})") from error
    if not isinstance(fields, dict):
        raise _broken(path, "its front matter must have title, intents, questions and answer")
    return ArticleText(
        path.stem,
        _text(path, fields, "title"),
        _texts(path, fields, "intents", least=0),  # one may be found by its meaning alone
        _texts(path, fields, "questions", least=1),
        _text(path, fields, "answer"),
    )


def _text(path: Path, fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _broken(path, f"{name} must be a text")
    return " ".join(value.split())


def _texts(path: Path, fields: dict[str, Any], name: str, *, least: int) -> tuple[str, ...]:
    values = fields.get(name)
    if not isinstance(values, list) or len(values) < least:
        raise _broken(path, f"{name} must be a list with at least {least} entries")
    return tuple(" ".join(str(value).split()) for value in values)


def _broken(path: Path, why: str) -> InvalidConfigException:
    return InvalidConfigException(f"The article {path} cannot be read: {why}.")
