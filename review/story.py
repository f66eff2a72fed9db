"""One timeline of a conversation: messages with what was concluded from them, events, notes,
answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from conversation.annotated import AnnotatedTurn
from conversation.effort import in_words, seen
from conversation.messages import Author, Link, Message, Version
from conversation.policy import Step
from conversation.surveys import Survey
from handoff.briefing.card import speaker
from handoff.case import Note
from handoff.casework.happenings import Happening
from review.weights import weights_of
from review.words import answered, decided, happened, understood

_COUNTS_ANEW = {
    "handed_back",
    "reopened",
    "resolved",
    "returned",
    "solved_confirmed",
    "went_silent",
}
_UNCHANGED: Mapping[int, Sequence[Version]] = {}
_FELT = 0.1  # a smaller share of the score is no cause that a person would name


@dataclass(frozen=True, slots=True)
class Reading:
    """What was concluded from a customer message.

    `intent` is None where the message was not understood. `before` is the effort score of the turn
    before, None for the first one and where effort counts `anew`. `raised` and `eased` name what
    moved the score in this turn, the largest first.
    """

    seq: int
    intent: str | None
    understood: str
    confidence: float
    score: int
    before: int | None
    raised: tuple[str, ...]
    eased: tuple[str, ...]
    reasons: tuple[str, ...]
    decided: str
    brought: bool
    anew: bool
    version: str

    @property
    def change(self) -> int:
        """Points up or down since the turn before; 0 where there is none to compare with."""
        return 0 if self.before is None else self.score - self.before


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `kind` is an author of messages, or "event", "note" or "survey".

    `before` is what a message said until its author changed it, oldest first; `deleted`: the
    customer no longer sees it.
    """

    kind: str
    at: datetime
    who: str
    text: str
    seq: int | None = None
    choices: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    reading: Reading | None = None
    before: tuple[str, ...] = ()
    deleted: bool = False


def readings(
    messages: Sequence[Message], turns: Sequence[AnnotatedTurn], events: Sequence[Happening]
) -> tuple[Reading, ...]:
    """The turns as a lead reads them. Args: all oldest first."""
    seqs = {message.id: message.seq for message in messages}
    found: list[Reading] = []
    for before, turn in pairwise((None, *turns)):
        if turn is not None and turn.turn.message_id in seqs:
            anew = before is not None and _counts_anew(before, turn, events)
            last = None if anew or before is None else before.effort.rounded
            found.append(_reading(turn, seqs[turn.turn.message_id], last, anew=anew))
    return tuple(found)


def story(
    messages: Sequence[Message],
    read: Sequence[Reading],
    events: Sequence[Happening],
    notes: Sequence[Note],
    surveys: Sequence[Survey],
    customer: str,
    before: Mapping[int, Sequence[Version]] = _UNCHANGED,
) -> tuple[Entry, ...]:
    """Everything in the order in which it happened; messages never leave their own order.

    Args: before: what changed messages said before, by `seq`.
    """
    by_seq = {reading.seq: reading for reading in read}
    said = [_said(one, by_seq, customer, before.get(one.seq, ())) for one in messages]
    beside = [
        *(Entry("event", it.at, "", happened(it)) for it in events),
        *(Entry("note", note.at, note.author, note.text) for note in notes),
        *(_survey(survey, customer) for survey in surveys),
    ]
    return tuple(_merged(said, sorted(beside, key=lambda entry: entry.at)))


def _merged(said: Sequence[Entry], beside: Sequence[Entry]) -> Iterator[Entry]:
    waiting = list(beside)
    for entry in said:
        while waiting and waiting[0].at < entry.at:
            yield waiting.pop(0)
        yield entry
    yield from waiting


def _said(
    message: Message, read: Mapping[int, Reading], customer: str, before: Sequence[Version]
) -> Entry:
    return Entry(
        kind=message.author.value,
        at=message.at,
        who=speaker(message, customer),
        text=message.text,
        seq=message.seq,
        choices=tuple(b.title for b in message.buttons if b not in message.links),
        links=message.links,
        reading=read.get(message.seq) if message.author is Author.CUSTOMER else None,
        before=tuple(version.text for version in before),
        deleted=message.deleted_at is not None,
    )


def _survey(survey: Survey, customer: str) -> Entry:
    at = survey.dismissed_at or survey.told_at or survey.answered_at or survey.asked_at
    return Entry("survey", at, customer, answered(survey))


def _counts_anew(before: AnnotatedTurn, turn: AnnotatedTurn, events: Sequence[Happening]) -> bool:
    return any(it.kind in _COUNTS_ANEW and before.turn.at <= it.at <= turn.turn.at for it in events)


def _reading(turn: AnnotatedTurn, seq: int, before: int | None, *, anew: bool) -> Reading:
    raised, eased = _moved(turn)
    return Reading(
        seq=seq,
        intent=None if turn.turn.intent == "nlu_fallback" else turn.turn.intent,
        understood=understood(turn),
        confidence=turn.turn.confidence,
        score=turn.effort.rounded,
        before=before,
        raised=raised,
        eased=eased,
        reasons=turn.effort.reasons,
        decided=decided(turn),
        brought=turn.decision.step is Step.HAND_OFF,
        anew=anew,
        version=turn.effort.version,
    )


def _moved(turn: AnnotatedTurn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    weights = weights_of(turn.effort.version)
    if weights is None:
        return (), ()
    worth = {**weights.decaying, **weights.sticky}
    shares = {one: worth.get(one, 0.0) * by for one, by in turn.turn.signals.items()}
    largest = sorted(shares, key=lambda one: -abs(shares[one]))
    raised = tuple(in_words(one) for one in largest if shares[one] > _FELT and seen(one, turn.turn))
    return raised, tuple(in_words(one) for one in largest if shares[one] < -_FELT)
