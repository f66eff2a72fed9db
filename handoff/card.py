"""The card: everything an agent sees of a case at a glance, the same on every desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.messages import Author, Message
from conversation.reasons import HandoffReason
from handoff.case import Case

LAST_TURNS = 6


@dataclass(frozen=True, slots=True)
class Card:
    """A case as shown. `waited_s` is the time from opening to claim, or until now."""

    case: Case
    why: str
    waited_s: float
    last_messages: tuple[Message, ...]
    url: str

    @property
    def summary(self) -> str:
        """One line that stands alone: for notifications and for screen readers."""
        who = self.case.briefing.customer
        return f"Case {self.case.number}: {who} · {self.case.briefing.goal} · {self.why}"


def card_of(case: Case, messages: Sequence[Message], now: datetime, url: str) -> Card:
    """Build the card of `case`. Args: messages: oldest first; url: the case on the browser desk."""
    why = case.reason.for_staff
    if case.reason is HandoffReason.EFFORT and case.briefing.effort_reasons:
        why = f"{why}: {', '.join(case.briefing.effort_reasons)}"
    spoken = [m for m in messages if m.author is not Author.SYSTEM]
    until = case.claimed_at or case.closed_at or now
    return Card(
        case=case,
        why=why,
        waited_s=max(0.0, (until - case.opened_at).total_seconds()),
        last_messages=tuple(spoken[-LAST_TURNS:]),
        url=url,
    )


def written(message: Message) -> str:
    """What the message says, with each of its links on a line of its own."""
    return "\n".join((message.text, *(f"{link.title}: {link.url}" for link in message.links)))


def speaker(message: Message, customer: str) -> str:
    """Who wrote the message, as staff read it."""
    names = {
        Author.CUSTOMER: customer,
        Author.BOT: "Assistant",
        Author.SYSTEM: "System",
        Author.AGENT: message.name or "Agent",
    }
    return names[message.author]
