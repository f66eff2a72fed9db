"""What agents are shown of a case: sensitive texts as tokens, the same on every desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from conversation.masking import Mask
from conversation.messages import Author, Message
from conversation.sensitive import BY_CHOICE, Kind
from conversation.surveys import Survey
from handoff.case import Briefing, Case

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


def masked(
    mask: Mask, case: Case, messages: Sequence[Message], survey: Survey | None = None
) -> Masked:
    """The case as it may be shown. Args: mask: a new one. messages: all of them, oldest first.

    The order in which the texts are masked numbers the tokens: it is the same everywhere.
    """
    whole = {m.text: m for m in messages if m.author is Author.CUSTOMER}
    briefing = _briefing(mask, case.briefing, tuple(whole))
    shown = [replace(message, text=mask(message.text)) for message in messages]
    if survey is not None and survey.why is not None:
        survey = replace(survey, why=mask(survey.why))
    return Masked(replace(case, briefing=briefing), shown, survey)


def brief(mask: Mask, case: Case) -> Case:
    """The case alone, for lists."""
    return replace(case, briefing=_briefing(mask, case.briefing, ()))


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
