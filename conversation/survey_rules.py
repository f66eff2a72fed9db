"""Which customer is asked which question after which contact. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from conversation.outcome import Outcome
from conversation.surveys import SurveyKind

NPS_REST_DAYS = 90
ASKED_AFTER = (Outcome.AGENT, Outcome.BOT_CONFIRMED, Outcome.CALLBACK)
"""Only who got an answer is asked: never after an abandoned wait, never after silence."""

Shares = Mapping[SurveyKind, int]


class NotAsked(StrEnum):
    """Why a customer was not asked."""

    NOT_DRAWN = "not_drawn"
    LEFT_QUEUE = "left_queue"
    FOLLOWED_UP = "followed_up"
    ASKED_LATELY = "asked_lately"
    NOT_VERIFIED = "not_verified"
    AGENT_CHOSE = "agent_chose"

    @property
    def words(self) -> str:
        """The reason as a lead reads it."""
        return _WORDS[self]


_WORDS = {
    NotAsked.NOT_DRAWN: "this conversation was not drawn for one",
    NotAsked.LEFT_QUEUE: "the customer had waited for a person in vain",
    NotAsked.FOLLOWED_UP: "it followed up an earlier one",
    NotAsked.ASKED_LATELY: "this customer was asked not long ago",
    NotAsked.NOT_VERIFIED: "only customers who are signed in are asked this question",
    NotAsked.AGENT_CHOSE: "the agent chose not to ask",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a contact that has just ended.

    `left_queue`: the customer gave up waiting in it. `followed_up`: it was about an earlier rating.
    `asked_at`, `nps_at`: when this customer was last asked anything, and when the NPS.
    """

    conversation_id: str
    outcome: Outcome
    verified: bool
    left_queue: bool = False
    followed_up: bool = False
    asked_at: datetime | None = None
    nps_at: datetime | None = None


def _ease_for_all() -> Mapping[Outcome, Shares]:
    return MappingProxyType({outcome: {SurveyKind.CES: 100} for outcome in ASKED_AFTER})


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """The rules; without any, every contact is asked how easy it was.

    `after` has the questions of an outcome, each for so many of 100 conversations: together at most
    100, so that a contact is never asked two. `low` are the scores from which down a colleague is
    offered.
    """

    after: Mapping[Outcome, Shares] = field(default_factory=_ease_for_all)
    rest: timedelta = timedelta(0)
    nps_rest: timedelta = timedelta(days=NPS_REST_DAYS)
    low: Mapping[SurveyKind, int] = field(
        default_factory=lambda: {SurveyKind.CES: 3, SurveyKind.CSAT: 2, SurveyKind.NPS: 6}
    )

    def is_low(self, kind: SurveyKind, score: int) -> bool:
        """True where a colleague is offered after this score."""
        return score <= self.low[kind]

    def question(self, contact: Contact, now: datetime) -> SurveyKind | NotAsked:
        """What to ask after this contact, or why nothing."""
        if contact.left_queue:
            return NotAsked.LEFT_QUEUE
        if contact.followed_up:
            return NotAsked.FOLLOWED_UP
        if _within(contact.asked_at, self.rest, now):
            return NotAsked.ASKED_LATELY
        kind = self._drawn(contact)
        if kind is SurveyKind.NPS and not contact.verified:
            return NotAsked.NOT_VERIFIED
        if kind is SurveyKind.NPS and _within(contact.nps_at, self.nps_rest, now):
            return NotAsked.ASKED_LATELY
        return kind or NotAsked.NOT_DRAWN

    def _drawn(self, contact: Contact) -> SurveyKind | None:
        shares, place = self.after.get(contact.outcome, {}), draw(contact.conversation_id)
        for kind in SurveyKind:
            place -= shares.get(kind, 0)
            if place < 0:
                return kind
        return None


def draw(conversation_id: str) -> int:
    """A number 0..99 that is always the same for a conversation, and evenly spread over all."""
    digest = sha256(f"survey {conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100


def _within(then: datetime | None, time: timedelta, now: datetime) -> bool:
    return then is not None and now - then < time
