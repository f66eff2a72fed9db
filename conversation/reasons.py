"""Why a person was brought in, in words each audience can use."""

from enum import StrEnum


class HandoffReason(StrEnum):
    """The one reason that decided a handoff."""

    ASKED = "asked"
    ACCEPTED_OFFER = "accepted_offer"
    EFFORT = "effort"
    NOT_UNDERSTOOD = "not_understood"
    TASK_FAILED = "task_failed"
    SENSITIVE = "sensitive"
    BOT_FAILURE = "bot_failure"
    LOW_RATING = "low_rating"
    BY_EMAIL = "by_email"

    @property
    def for_staff(self) -> str:
        """One clause for the agent's card and the lead's timeline."""
        return _FOR_STAFF[self]

    @property
    def for_customer(self) -> str:
        """One honest sentence for the customer, said only once a case is queued."""
        return _FOR_CUSTOMER[self]


_FOR_STAFF = {
    HandoffReason.ASKED: "The customer asked for a person",
    HandoffReason.ACCEPTED_OFFER: "The customer accepted the offer of a person",
    HandoffReason.EFFORT: "The conversation had cost the customer too much effort",
    HandoffReason.NOT_UNDERSTOOD: "The assistant could not help three times in a row",
    HandoffReason.TASK_FAILED: "Tasks failed twice within three messages",
    HandoffReason.SENSITIVE: "The topic is one that a person should handle",
    HandoffReason.BOT_FAILURE: "The assistant was out of order",
    HandoffReason.LOW_RATING: "The customer gave a low rating and wants a colleague to look at it",
    HandoffReason.BY_EMAIL: "The customer wrote back from an e-mail",
}

_FOR_CUSTOMER = {
    HandoffReason.ASKED: "I have asked a colleague to join this chat.",
    HandoffReason.ACCEPTED_OFFER: "I have asked a colleague to join this chat.",
    HandoffReason.EFFORT: "This is taking you too long with me, so I have asked a colleague to "
    "join this chat.",
    HandoffReason.NOT_UNDERSTOOD: "I could not help you with this, so I have asked a colleague to "
    "join this chat.",
    HandoffReason.TASK_FAILED: "I could not complete this, so I have asked a colleague to join "
    "this chat.",
    HandoffReason.SENSITIVE: "A person should look at this, so I have asked a colleague to join "
    "this chat.",
    HandoffReason.BOT_FAILURE: "The assistant is out of order at the moment, so I have asked a "
    "colleague to join this chat.",
    HandoffReason.LOW_RATING: "I have asked a colleague to look at this and to answer you here.",
    HandoffReason.BY_EMAIL: "What you wrote has come in, and a colleague reads it.",
}
