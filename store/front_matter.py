"""YAML with the line of every field, alone or above a Markdown text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_FENCE = "---"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C ten times as fast


class BadFrontMatter(ValueError):
    """It cannot be read; the text says what to do, `line` where, counted from 1."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """Fields and what follows them. Lines count from 1."""

    values: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1

    def line(self, name: str) -> int:
        """Where a field stands; the first line where it is missing."""
        return self.lines.get(name, 1)


def read_document(text: str) -> Document:
    """Read front matter between two lines of `---`, and the body below it.

    Raises: BadFrontMatter.
    """
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].strip() != _FENCE:
        raise BadFrontMatter("begin with a line --- and the fields", 1)
    ends = (number for number, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
    end = next(ends, None)
    if end is None:
        raise BadFrontMatter("close the fields with a second line ---", 1)
    fields = read_yaml("".join(lines[1:end]), first_line=2)
    return Document(fields.values, fields.lines, "".join(lines[end + 1 :]), end + 2)


def read_yaml(text: str, first_line: int = 1) -> Document:
    """Read fields whose first line is the `first_line`-th of its file. Raises: BadFrontMatter."""
    try:
        root, values = _parsed(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise BadFrontMatter(f"this is no YAML: {error.problem}", first_line + line) from error
    except yaml.YAMLError as error:
        raise BadFrontMatter(f"this is no YAML: {error}", first_line) from error
    except ValueError as error:  # a day such as 2026-13-28
        raise BadFrontMatter(f"a value cannot be: {error}", first_line) from error
    if not isinstance(values, dict) or not isinstance(root, yaml.MappingNode):
        raise BadFrontMatter("give fields, each as name: value", first_line)
    for twice in _twice(root, set()):
        line = first_line + twice.start_mark.line
        raise BadFrontMatter(f"a field stands there twice: {twice.value}", line)
    lines = {str(key.value): first_line + key.start_mark.line for key, _ in root.value}
    return Document({str(name): value for name, value in values.items()}, lines)


def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


def _twice(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    """The fields, at any depth, that one before them would be lost for."""
    if id(node) in seen:  # named a second time by an alias
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names = [str(key.value) for key, _ in node.value]
        yield from (key for n, (key, _) in enumerate(node.value) if names[n] in names[:n])
        for _, value in node.value:
            yield from _twice(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _twice(one, seen)
