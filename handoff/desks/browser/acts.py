"""What agents did about a case, among the lines of its conversation."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from conversation.messages import Message
from handoff.case import Case
from handoff.casework.happenings import Happening, act_of

_SAID = frozenset({"claimed"})
"""What the customer was told as well, in a line that stands here."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an agent did, in words. `id` names it on its page."""

    id: str
    at: datetime
    act: str


def told_beside(case: Case, happened: Iterable[Happening], zone: tzinfo) -> Iterator[Acted]:
    """What agents did about this case and no line of the conversation tells, oldest first."""
    for number, it in enumerate(happened):
        act = act_of(it, zone) if it.kind not in _SAID else None
        if act is not None and it.detail.get("case") == case.number:
            yield Acted(f"act-{number}", it.at, act)


def among(messages: Sequence[Message], acts: Iterable[Acted]) -> Sequence[Message | Acted]:
    """The messages in their order, each act before the first that came later."""
    entries: list[Message | Acted] = []
    to_come = deque(acts)
    for message in messages:
        while to_come and to_come[0].at < message.at:
            entries.append(to_come.popleft())
        entries.append(message)
    return [*entries, *to_come]
