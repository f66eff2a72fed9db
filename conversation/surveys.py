"""Surveys: one rating of a contact, then why, then whether a colleague should look at it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SurveyKind(StrEnum):
    """What a survey asks to be rated. Their order is the one in which they are drawn and shown."""

    CES = "ces"
    CSAT = "csat"
    NPS = "nps"

    @property
    def lowest(self) -> int:
        """The lowest score that can be given."""
        return _SCALES[self][0]

    @property
    def highest(self) -> int:
        """The highest score that can be given."""
        return _SCALES[self][1]

    @property
    def label(self) -> str:
        """What is rated, in a word for staff."""
        return _LABELS[self]

    def check(self, score: int) -> int:
        """The score. Raises: ValueError where it is not on the scale."""
        if not self.lowest <= score <= self.highest:
            raise ValueError(f"The score must be a number from {self.lowest} to {self.highest}.")
        return score


_SCALES = {SurveyKind.CES: (1, 7), SurveyKind.CSAT: (1, 5), SurveyKind.NPS: (0, 10)}
_LABELS = {
    SurveyKind.CES: "Ease",
    SurveyKind.CSAT: "Satisfaction",
    SurveyKind.NPS: "Recommendation",
}


class SurveyStep(StrEnum):
    """The one question that a survey asks now."""

    RATE = "rate"
    WHY = "why"
    FOLLOW_UP = "follow_up"


class FollowUp(StrEnum):
    """Whether a colleague should look at it: the question, or the customer's answer."""

    OFFERED = "offered"
    WANTED = "wanted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey. `case_id` is the case that it is about, None where no person was brought in.

    `score` is on the scale of `kind`. `told_at` is when the customer said why, or passed over it.
    `dismissed_at` is when they put the survey away, whether they had rated before or not.
    `follow_up` is None where no colleague was offered.
    """

    id: str
    conversation_id: str
    kind: SurveyKind
    asked_at: datetime
    case_id: str | None = None
    score: int | None = None
    answered_at: datetime | None = None
    why: str | None = None
    told_at: datetime | None = None
    dismissed_at: datetime | None = None
    follow_up: FollowUp | None = None

    @property
    def step(self) -> SurveyStep | None:
        """What is asked now, None where the customer is through with it."""
        if self.dismissed_at is not None:
            return None
        if self.score is None:
            return SurveyStep.RATE
        if self.told_at is None:
            return SurveyStep.WHY
        return SurveyStep.FOLLOW_UP if self.follow_up is FollowUp.OFFERED else None

    @property
    def rating(self) -> str | None:
        """The answer as staff read it: "Ease 2 of 7". None where there is none."""
        if self.score is None:
            return None
        return f"{self.kind.label} {self.score} of {self.kind.highest}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answered survey: what the customer of a conversation scored, and when."""

    conversation_id: str
    score: int
    at: datetime
