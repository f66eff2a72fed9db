"""Group what was not answered by meaning, so that frequent questions stand out."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import mul

from store.gaps import Unanswered, Why

ALIKE = 0.7  # cosine; paraphrases of one question lie above it, other questions below
_MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that many ask and nothing answers. `examples` are distinct, as customers wrote."""

    times: int
    conversations: int
    examples: tuple[str, ...]
    why: dict[Why, int]

    @property
    def outside(self) -> bool:
        """True where every one of them was taken for no matter of the shop: no gap, as it seems."""
        return set(self.why) == {Why.OUT_OF_SCOPE}


@dataclass(slots=True)
class _Group:
    centre: tuple[float, ...]
    members: list[Unanswered] = field(default_factory=list)


def gaps(unanswered: Iterable[Unanswered], *, least: int = 2) -> list[Gap]:
    """The groups of at least `least` conversations, the largest first.

    A message joins the group whose first message it is nearest to, where the cosine of the two is
    at least 0.7. Messages without an embedding are grouped by their words.
    """
    groups: list[_Group] = []
    by_words: dict[str, _Group] = {}
    for one in unanswered:
        words = " ".join(one.text.lower().split())
        if words not in by_words:
            by_words[words] = _group_of(groups, _unit(one.embedding))
        by_words[words].members.append(one)
    found = [_gap(group.members) for group in groups]
    return sorted(
        (gap for gap in found if gap.conversations >= least),
        key=lambda gap: (-gap.conversations, -gap.times, gap.examples),
    )


def _group_of(groups: list[_Group], centre: tuple[float, ...]) -> _Group:
    near = [(sum(map(mul, group.centre, centre)), n) for n, group in enumerate(groups)]
    best, number = max(near, default=(0.0, 0))
    if best >= ALIKE:
        return groups[number]
    groups.append(_Group(centre))
    return groups[-1]


def _unit(embedding: bytes) -> tuple[float, ...]:
    values = array("b", embedding)
    length = math.sqrt(sum(map(mul, values, values)))
    return tuple(value / length for value in values) if length else ()


def _gap(members: Sequence[Unanswered]) -> Gap:
    why = Counter(one.why for one in members)
    examples = Counter(" ".join(one.text.split()) for one in members)
    return Gap(
        times=len(members),
        conversations=len({one.conversation_id for one in members}),
        examples=tuple(text for text, _ in examples.most_common(_MOST_EXAMPLES)),
        why=dict(sorted(why.items(), key=lambda item: (-item[1], item[0]))),
    )
