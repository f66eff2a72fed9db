"""A part of a message that names something, found by a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """`text[start:end]` names an `entity`; `value` is it in its one written form."""

    entity: str
    start: int
    end: int
    value: str

    def overlaps(self, other: Span) -> bool:
        """True where both have a character in common."""
        return self.start < other.end and other.start < self.end


Finder = Callable[[str], Iterator[Span]]


def by_pattern(
    entity: str, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str | None]
) -> Finder:
    """Return a finder of all matches; where their group `it` took part, it alone is meant.

    Args: value: gives the one form of a match, or None where it is none after all.
    """
    has_part = "it" in pattern.groupindex

    def find(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            written = value(match)
            if written is not None:
                part = "it" if has_part and match["it"] is not None else 0
                yield Span(entity, *match.span(part), written)

    return find
