"""Puts stable tokens such as [CARD_1] in the place of what should not be passed on."""

import re
from collections.abc import Iterator, Mapping

from conversation.sensitive import (
    ALWAYS,
    FINDERS,
    Kind,
    Span,
    digits_alike,
    order_numbers,
    worth_a_look,
)

_LOOSE = re.compile(r"[\W_]+")


class Mask:
    """Masks the texts of one conversation: the same value has the same token in all of them.

    Tokens are numbered as their values come, so texts are given in their own order.
    """

    def __init__(
        self, also: frozenset[Kind] = frozenset(), order_shape: re.Pattern[str] | None = None
    ) -> None:
        """Args: also: kinds beside those that are always masked. order_shape: of the shop's
        order numbers, which never are."""
        self._kinds = [kind for kind in FINDERS if kind in ALWAYS | also]
        self._order_shape = order_shape
        self._tokens: dict[tuple[Kind, str], str] = {}
        self._originals: dict[str, tuple[Kind, str]] = {}

    def __call__(self, text: str) -> str:
        """The text with tokens."""
        parts, place = [], 0
        for start, end, kind in self._places(text):
            parts += [text[place:start], self._token(kind, text[start:end])]
            place = end
        return "".join((*parts, text[place:]))

    @property
    def originals(self) -> Mapping[str, tuple[Kind, str]]:
        """By token, such as CARD_1, what it stands for, as it was first written."""
        return self._originals

    def _places(self, text: str) -> list[tuple[int, int, Kind]]:
        if not worth_a_look(text):
            return []
        plain = digits_alike(text)
        taken = list(order_numbers(plain, self._order_shape))
        found: list[tuple[int, int, Kind]] = []
        for kind in self._kinds:
            for span in _apart(FINDERS[kind](plain), taken):
                taken.append(span)
                found.append((*span, kind))
        return sorted(found)

    def _token(self, kind: Kind, value: str) -> str:
        same = value if kind is Kind.SECRET else _LOOSE.sub("", digits_alike(value)).casefold()
        token = self._tokens.get((kind, same))
        if token is None:
            number = sum(1 for known, _ in self._tokens if known is kind) + 1
            token = f"{kind.name}_{number}"
            self._tokens[kind, same] = token
            self._originals[token] = (kind, value)
        return f"[{token}]"


def _apart(spans: Iterator[Span], taken: list[Span]) -> Iterator[Span]:
    """Those that overlap nothing that is taken."""
    for start, end in spans:
        if all(end <= other_start or other_end <= start for other_start, other_end in taken):
            yield start, end
