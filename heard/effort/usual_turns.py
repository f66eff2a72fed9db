"""How many turns conversations about an intent usually need. Pure."""

from collections.abc import Mapping, Sequence

from conversation.signals import subject
from heard.effort.past import Stretch

_ENOUGH = 30  # conversations about an intent


def usual_turns(stretches: Sequence[Stretch]) -> Mapping[str, int]:
    """By intent the number of turns that three of four conversations about it do not exceed."""
    lengths: dict[str, list[int]] = {}
    for one in stretches:
        about = subject(one.turns)
        if about is not None:
            lengths.setdefault(about, []).append(len(one.turns))
    return {
        intent: sorted(counts)[len(counts) * 3 // 4]
        for intent, counts in sorted(lengths.items())
        if len(counts) >= _ENOUGH
    }
