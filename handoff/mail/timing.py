"""When an answer goes out by e-mail: soon where it was promised, else where no page has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.conversation import Conversation
from conversation.messages import Author, Message
from handoff.case import Case
from handoff.mail.ports import Outgoing
from handoff.mail.settings import MailSettings
from handoff.mail.source import came_by_mail


@dataclass(frozen=True, slots=True)
class Found:
    """A mail with the conversation that it belongs to. `said`: all messages, oldest first."""

    mail: Outgoing
    conversation: Conversation
    case: Case
    said: Sequence[Message]

    @property
    def answers(self) -> Sequence[Message]:
        """What it carries, without what its author took back."""
        seqs = self.mail.seqs
        return [one for one in self.said if one.seq in seqs and one.deleted_at is None]


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The mail need not go out."""

    why: str


def decide(found: Found, settings: MailSettings, now: datetime) -> NotNeeded | datetime | None:
    """Whether the mail goes out: None for now, or the moment to look again.

    What was begun is sent: nobody knows whether it was taken.
    """
    if not found.answers or found.conversation.email is None:
        return NotNeeded("There is nothing to send")
    if found.mail.attempts:
        return None
    promised = found.case.callback_at is not None
    shown = found.answers[-1].seq <= found.conversation.shown_seq
    if shown and (not promised or _is_here(found.said, now - settings.away)):
        return NotNeeded("The customer's page has it")
    ready = found.mail.put_at + (settings.join if promised else settings.away)
    return ready if now < ready else None


def _is_here(said: Sequence[Message], since: datetime) -> bool:
    """Whether the customer has written in the chat itself since then.

    Who was promised an e-mail may have left a page open behind them.
    """
    return any(
        one.author is Author.CUSTOMER and one.at >= since and not came_by_mail(one) for one in said
    )
