"""A customer's turn as it is observed: the message, what was understood, what led up to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Signal(StrEnum):
    """Something observable that costs the customer effort, or relieves it."""

    NOT_UNDERSTOOD = "not_understood"
    REPHRASED = "rephrased"
    CORRECTED = "corrected"
    BOT_REPEATED = "bot_repeated"
    DEAD_END = "dead_end"
    TASK_FAILED = "task_failed"
    VALUE_REJECTED = "value_rejected"
    FRUSTRATION = "frustration"
    INSULT = "insult"
    SHOUTING = "shouting"
    COMPLAINT = "complaint"
    TASK_DONE = "task_done"
    THANKED = "thanked"
    LONG_CONVERSATION = "long_conversation"
    ASKED_AGAIN = "asked_again"
    PROGRESS = "progress"
    REPEAT_CONTACT = "repeat_contact"
    OTHER_CHANNEL = "other_channel"
    BROKEN_PROMISE = "broken_promise"
    OLD_ISSUE = "old_issue"
    NEGATIVE = "negative"
    DECLINED = "declined"
    WANTED_OTHER = "wanted_other"
    TURNED_AWAY = "turned_away"
    ACCEPTED = "accepted"


UNREAD = "unread"
"""The intent of a message of which only the text is known, such as one of another system's log."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message, as understood.

    `embedding` holds the unit vector of the message as int8 (x 127); empty where there is none.
    `frustration` is the NLU's score 0..1, None where it gives none. `replies` are the bot's
    replies between the previous customer message and this one. `happened` are signals that the
    actions reported in that time (a task done or failed, a value rejected). `signals` is what
    `conversation.signals.detect` found in this turn, each with a strength 0..1. `in_form`: the
    message came while a form asked for something. `sooner`: by how many points the thresholds were
    lowered for this customer.
    """

    message_id: str
    at: datetime
    text: str
    intent: str | None = None
    confidence: float = 0.0
    entities: frozenset[str] = frozenset()
    embedding: bytes = b""
    frustration: float | None = None
    replies: tuple[str, ...] = ()
    happened: frozenset[Signal] = frozenset()
    signals: Mapping[Signal, float] = field(default_factory=dict)
    offered: bool = False
    in_form: bool = False
    sooner: int = 0
