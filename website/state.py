"""What the widget shows beside the messages: who answers, the place in the queue, the survey."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conversation.conversation import Conversation
from conversation.customer import shortened
from conversation.messages import Author, Message
from conversation.responder import Responder
from conversation.surveys import Survey
from handoff.promises.waits import Wait, Waits
from store.store import SqlWork

REREAD_S = 20.0
"""After so long a page looks by itself: for what the time alone changes, and lost wakes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of the chat as the customer sees it.

    `wait` is set while waiting; `agent` is the name of the person who answers. `survey` is one
    that waits for an answer. `thinking`: the bot owes an answer. `email` is the address for
    answers, shortened; `email_asked`: one is asked for.
    """

    responder: Responder
    wait: Wait | None = None
    agent: str | None = None
    survey: Survey | None = None
    thinking: bool = False
    email: str | None = None
    email_asked: bool = False

    @property
    def as_json(self) -> dict[str, Any]:
        """The state as the page receives it."""
        return {
            "responder": self.responder.value,
            "position": self.wait.place if self.wait else None,
            "wait": _told(self.wait) if self.wait else None,
            "agent": self.agent,
            "survey": _asked(self.survey) if self.survey else None,
            "thinking": self.thinking,
            "email": self.email,
            "email_asked": self.email_asked,
        }


async def shown(work: SqlWork, conversation: Conversation, waits: Waits) -> Shown:
    """The state of `conversation` now."""
    responder = conversation.responder
    if responder is Responder.BOT:
        unanswered = await work.conversations.unanswered(conversation.id)
        return Shown(responder, thinking=unanswered is not None)
    if responder is Responder.CLOSED:
        return Shown(responder, survey=await work.surveys.open_of(conversation.id))
    case = await work.cases.open_of(conversation.id)
    if case is None:
        return Shown(responder)
    email = shortened(conversation.email) if conversation.email else None
    asked = conversation.email_asked
    if responder is Responder.QUEUE:
        wait = await waits.of(work, case, await work.cases.ahead_of(case) + 1)
        return Shown(responder, wait, email=email, email_asked=asked)
    return Shown(responder, agent=case.agent, email=email, email_asked=asked)


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has: the messages up to `after`, changed as up to change number `changes`."""

    after: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What a page lacks: `changed` ones among the messages it has, with the number of the change,
    `messages` after these, oldest first, and the state."""

    changed: Sequence[tuple[int, Message]]
    messages: Sequence[Message]
    state: Shown


async def news(work: SqlWork, conversation: Conversation, known: Known, waits: Waits) -> News:
    """What is new for a page that knows that much of the conversation."""
    at = conversation.id
    changed: Sequence[tuple[int, Message]] = ()
    messages: Sequence[Message] = ()
    # Changes are read first: a message that is read after them is in its newest state anyway.
    if conversation.changes > known.changes:
        changed = await work.revisions.since(at, known.changes, known.after)
    if conversation.last_seq > known.after:
        messages = await work.conversations.transcript(at, known.after)
    return News(changed, messages, await shown(work, conversation, waits))


def message_json(message: Message) -> dict[str, Any]:
    """A message as the page receives it. Only the customer's own keys are given back."""
    own = message.author is Author.CUSTOMER
    return {
        "type": "message",
        "seq": message.seq,
        "author": message.author.value,
        "name": message.name,
        "text": message.text,
        "buttons": [asdict(button) for button in message.buttons],
        "at": message.at.isoformat(),
        "client_id": message.client_id if own else None,
        "edited": message.edited_at is not None,
        "deleted": message.deleted_at is not None,
    }


def change_json(number: int, message: Message) -> dict[str, Any]:
    """A change of a message that the page has, and which change of the conversation it is."""
    return {**message_json(message), "type": "changed", "change": number}


def _asked(survey: Survey) -> dict[str, str]:
    return {"kind": survey.kind.value, "step": survey.step.value if survey.step else ""}


def _told(wait: Wait) -> dict[str, Any]:
    """What the page says of the wait; only what is known stands there."""
    return {
        "within_min": wait.within_min,
        "slow": wait.slow,
        "back": wait.back,
        "away": wait.away,
        "nobody": wait.nobody,
    }
