"""What agents are shown of a case: sensitive texts as tokens, the same on every desk."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter

from conversation.masking import Mask
from conversation.messages import Author, Button, Message
from conversation.sensitive import BY_CHOICE, Kind
from conversation.surveys import Survey
from handoff.case import Briefing, Case, Note
from handoff.ports import Work

_CUT = "…"


@dataclass(frozen=True, slots=True)
class MaskRules:
    """What is masked. `also`: by the name of a desk, kinds beside those that always are.

    `order_shape`: of the shop's order numbers, which never are; None for four to six digits.
    """

    also: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    order_shape: re.Pattern[str] | None = None

    def of_desk(self, desk: str) -> Mask:
        """A new mask for one case at this desk."""
        return Mask(self.also.get(desk, frozenset()), self.order_shape)

    def of_everything(self) -> Mask:
        """A new mask of all kinds: its tokens are those of every desk."""
        return Mask(BY_CHOICE, self.order_shape)


@dataclass(frozen=True, slots=True)
class Masked:
    """A case with its conversation, as it may be shown."""

    case: Case
    messages: Sequence[Message]
    survey: Survey | None
    notes: Sequence[Note]


async def read_masked(work: Work, mask: Mask, case: Case) -> Masked:
    """The case with all that belongs to it, as it may be shown. Args: mask: a new one."""
    messages = await work.conversations.transcript(case.conversation_id)
    survey, notes = await work.surveys.about(case.id), await work.cases.notes(case.id)
    return masked(mask, case, messages, survey, notes)


def masked(
    mask: Mask,
    case: Case,
    messages: Sequence[Message],
    survey: Survey | None = None,
    notes: Sequence[Note] = (),
) -> Masked:
    """The case as it may be shown. Args: mask: a new one. messages, notes: all, oldest first.

    Tokens are numbered as their values came, so that a text which comes later changes none.
    """
    said = tuple(message.text for message in messages if message.author is Author.CUSTOMER)
    briefing = _briefing(mask, case.briefing, said)
    for _, text in sorted(_in_time(messages, survey, notes), key=itemgetter(0)):
        mask(text)
    shown = [_message(mask, message) for message in messages]
    if survey is not None and survey.why is not None:
        survey = replace(survey, why=mask(survey.why))
    hidden = [replace(note, text=mask(note.text)) for note in notes]
    return Masked(replace(case, briefing=briefing), shown, survey, hidden)


def _message(mask: Mask, message: Message) -> Message:
    buttons = (
        replace(one, title=mask(one.title)) if isinstance(one, Button) else one
        for one in message.buttons
    )
    return replace(message, text=mask(message.text), buttons=tuple(buttons))


def brief(mask: Mask, case: Case) -> Case:
    """The case alone, for lists."""
    return replace(case, briefing=_briefing(mask, case.briefing, ()))


def _in_time(
    messages: Sequence[Message], survey: Survey | None, notes: Sequence[Note]
) -> Iterator[tuple[datetime, str]]:
    for message in messages:
        yield message.at, message.text
        yield from ((message.at, one.title) for one in message.buttons if isinstance(one, Button))
    yield from ((note.at, note.text) for note in notes)
    if survey is not None and survey.why is not None:
        yield survey.told_at or survey.asked_at, survey.why


def _briefing(mask: Mask, briefing: Briefing, said: Sequence[str]) -> Briefing:
    return replace(
        briefing,
        goal=mask(briefing.goal),
        quote=_quote(mask, briefing.quote, said),
        facts=tuple((label, mask(value)) for label, value in briefing.facts),
        known=tuple((label, mask(value)) for label, value in briefing.known),
        tried=tuple(mask(step) for step in briefing.tried),
    )


def _quote(mask: Mask, quote: str, said: Sequence[str]) -> str:
    """The quote; where it was cut within a number, the message says what was cut."""
    if not quote.endswith(_CUT):
        return mask(quote)
    begun = quote.removesuffix(_CUT)
    whole = next((text for text in said if text.startswith(begun)), None)
    if whole is None:
        return mask(_without_torn_end(begun)) + _CUT
    shown = mask(whole)
    return shown if len(shown) <= len(quote) else f"{_without_torn_end(shown[: len(begun)])}{_CUT}"


def _without_torn_end(text: str) -> str:
    """Without the digits or the token at its end: nobody can see any more what they belong to."""
    return re.sub(r"(?:\[[A-Z]*_?|(?:\d[\s./-]*)+)$", "", text)
