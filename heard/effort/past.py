"""Past conversations, parted where effort was counted anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversation.annotated import AnnotatedTurn
from conversation.policy import Step
from conversation.turns import Turn
from store.effort import Ease
from store.store import SqlStore

_VISIT_GAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Turns of one conversation, oldest first and at least one, over which effort adds up."""

    conversation_id: str
    annotated: tuple[AnnotatedTurn, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns as they were observed, with their signals."""
        return tuple(one.turn for one in self.annotated)

    @property
    def offered(self) -> Mapping[int, bool]:
        """By turn, whether a person was offered there, where the score did not decide it."""
        return {
            at: one.turn.offered
            for at, one in enumerate(self.annotated)
            if one.turn.offered is not (one.decision.step is Step.OFFER)
        }

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.annotated[0].turn.at

    @property
    def handed_off(self) -> int | None:
        """After which turn a person was brought in; None where none was."""
        steps = (n for n, one in enumerate(self.annotated) if one.decision.step is Step.HAND_OFF)
        return next(steps, None)


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer said of the effort, 1 hard to 7 easy, and the turns before it."""

    stretch: Stretch
    ease: int

    @property
    def score(self) -> float:
        """The effort score at the end, 0..100."""
        return self.stretch.annotated[-1].effort.score


async def stretches(store: SqlStore, since: datetime | None = None) -> list[Stretch]:
    """All stretches, by the moment in which they began; with `since`, turns from then on."""
    async with store.read() as work:
        turns = await work.turns.by_conversation(since)
        anew = await work.effort.began_anew(since)
    found = [
        Stretch(name, part)
        for name, of_it in turns.items()
        for part in _parted(of_it, anew.get(name, ()))
    ]
    return sorted(found, key=lambda one: one.at)


async def told(store: SqlStore, since: datetime | None = None) -> list[Told]:
    """Every answer about effort that was asked for after a turn with a score."""
    async with store.read() as work:
        answers = await work.effort.ease(since)
        turns = await work.turns.by_conversation()
        anew = await work.effort.began_anew()
    found = (_told(answer, turns, anew) for answer in answers)
    return [one for one in found if one is not None]


def _told(
    answer: Ease,
    turns: Mapping[str, Sequence[AnnotatedTurn]],
    anew: Mapping[str, Sequence[datetime]],
) -> Told | None:
    name = answer.conversation_id
    before = [one for one in turns.get(name, ()) if one.turn.at <= answer.asked_at]
    if not before:
        return None
    *_, last = _parted(before, anew.get(name, ()))
    return Told(Stretch(name, last), answer.score)


def _parted(
    turns: Sequence[AnnotatedTurn], anew: Sequence[datetime]
) -> Iterator[tuple[AnnotatedTurn, ...]]:
    part: list[AnnotatedTurn] = []
    for one in turns:
        if part and _apart(part[-1].turn.at, one.turn.at, anew):
            yield tuple(part)
            part = []
        part.append(one)
    if part:
        yield tuple(part)


def _apart(earlier: datetime, later: datetime, anew: Sequence[datetime]) -> bool:
    return later - earlier > _VISIT_GAP or any(earlier <= moment <= later for moment in anew)
