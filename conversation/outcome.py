"""How a conversation ended: outcomes partition all conversations, so rates add up to 100 %."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The one way in which a closed conversation ended."""

    BOT_CONFIRMED = "resolved_by_bot_confirmed"
    BOT_ASSUMED = "resolved_by_bot_assumed"
    AGENT = "resolved_by_agent"
    CALLBACK = "callback"
    ABANDONED_BOT = "abandoned_with_bot"
    ABANDONED_QUEUE = "abandoned_in_queue"

    @property
    def words(self) -> str:
        """The outcome as a lead reads it."""
        return _WORDS[self]


_WORDS = {
    Outcome.BOT_CONFIRMED: "Resolved by the assistant, confirmed",
    Outcome.BOT_ASSUMED: "Resolved by the assistant, assumed",
    Outcome.AGENT: "Resolved by an agent",
    Outcome.CALLBACK: "Answered by callback",
    Outcome.ABANDONED_BOT: "Abandoned with the assistant",
    Outcome.ABANDONED_QUEUE: "Abandoned in the queue",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known when a conversation closes.

    `resolved_by_agent`: an agent pressed resolve. `by_callback`: that answer went out by e-mail.
    `confirmed`: the customer answered yes to "is this solved?". `thanked`: the customer's last
    word to the bot was thanks. `waiting`: the customer was in the queue.
    """

    resolved_by_agent: bool = False
    by_callback: bool = False
    confirmed: bool = False
    thanked: bool = False
    waiting: bool = False


def outcome_of(ending: Ending) -> Outcome:
    """The outcome of a conversation that ended so. Silence alone is never a resolution."""
    if ending.resolved_by_agent:
        return Outcome.CALLBACK if ending.by_callback else Outcome.AGENT
    if ending.waiting:
        return Outcome.ABANDONED_QUEUE
    if ending.confirmed:
        return Outcome.BOT_CONFIRMED
    return Outcome.BOT_ASSUMED if ending.thanked else Outcome.ABANDONED_BOT
