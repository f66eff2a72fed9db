"""What the handoff needs of the database. `store` satisfies these; the domain knows no more."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from conversation.annotated import AnnotatedTurn
from conversation.conversation import Conversation
from conversation.messages import Draft, Message
from conversation.outcome import Outcome
from conversation.responder import Responder
from conversation.surveys import FollowUp, Survey, SurveyKind
from handoff.cases import Cases
from handoff.casework.happenings import Happening
from handoff.casework.receipts import Receipts
from handoff.casework.revisions import Revisions
from handoff.delivery.boxes import Inbox, Outbox
from handoff.digests.voices import Voices
from handoff.files import Files
from handoff.mail.ports import Mails
from handoff.promises.nudges import Duties, Nudges
from handoff.queue.past_cases import PastCases
from handoff.queue.presence import Presences
from handoff.remedies.choices import Remedy, Stands
from staff.account import Accounts


class Conversations(Protocol):
    """Conversations and their messages.

    In a writing transaction every method locks its conversation. A transaction that needs a case as
    well takes the conversation first.
    """

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation. Raises: UnknownConversation."""
        ...

    async def append(self, conversation_id: str, draft: Draft, at: datetime) -> Message:
        """Add a message at the end; the same `client_id` again returns the first message."""
        ...

    async def known(self, conversation_id: str, client_id: str) -> Message | None:
        """The message that was stored under this client id, or None."""
        ...

    async def transcript(self, conversation_id: str, after: int = 0) -> Sequence[Message]:
        """The messages with a greater `seq` than `after`, oldest first."""
        ...

    async def move(self, conversation_id: str, responder: Responder, at: datetime) -> None:
        """Set who answers now."""
        ...

    async def latest_of(self, visitor_id: str, customer_id: str | None) -> Conversation | None:
        """The newest conversation of this visitor as this customer, or None."""
        ...

    async def begin_anew(self, conversation_id: str, at: datetime) -> None:
        """Effort counts anew from here."""
        ...

    async def leave_summary(self, conversation_id: str, summary: str, at: datetime) -> None:
        """Leave what the bot should know; effort counts anew from here."""
        ...

    async def close(self, conversation_id: str, outcome: Outcome, at: datetime) -> None:
        """Close with this outcome."""
        ...

    async def leave_email(self, conversation_id: str, email: str) -> None:
        """Keep the address that the customer left for answers."""
        ...

    async def ask_email(self, conversation_id: str) -> None:
        """Note that the customer is asked for an address."""
        ...


class Timeline(Protocol):
    """What happened, for review: never shown to the customer."""

    async def record(
        self,
        conversation_id: str,
        kind: str,
        at: datetime,
        *,
        key: str | None = None,
        **detail: str | int | None,
    ) -> None:
        """Note that something happened; the same `key` again changes nothing.

        `detail` holds facts, never message text.
        """
        ...

    async def of(self, conversation_id: str, since: datetime | None = None) -> Sequence[Happening]:
        """What happened, oldest first; with `since`, from that moment on."""
        ...


class Turns(Protocol):
    """Annotated customer turns."""

    async def of(
        self, conversation_id: str, since: datetime | None = None
    ) -> Sequence[AnnotatedTurn]:
        """The turns, oldest first."""
        ...


class Surveys(Protocol):
    """Surveys asked of customers."""

    async def ask(
        self, conversation_id: str, kind: SurveyKind, at: datetime, *, case_id: str | None = None
    ) -> None:
        """Ask for a rating of the contact that has just ended, about `case_id` if there was one."""
        ...

    async def last_asked(self, visitor_id: str, kind: SurveyKind | None = None) -> datetime | None:
        """When this visitor was last asked, in any conversation; None where never."""
        ...

    async def open_of(self, conversation_id: str) -> Survey | None:
        """The survey that the customer may answer now, or None."""
        ...

    async def about(self, case_id: str) -> Survey | None:
        """The newest survey about this case, or None."""
        ...

    async def rate(
        self, conversation_id: str, score: int, at: datetime, follow_up: FollowUp | None = None
    ) -> Survey | None:
        """Take the rating of the open survey; None where none is open.

        Args: follow_up: OFFERED where the customer is to be asked about a colleague afterwards.
        """
        ...

    async def tell(self, conversation_id: str, why: str | None, at: datetime) -> Survey | None:
        """Take the customer's words, None where they passed over it. None where it is not asked."""
        ...

    async def follow_up(self, conversation_id: str, answer: FollowUp) -> Survey | None:
        """Note whether a colleague is wanted. None where that is not asked."""
        ...

    async def dismiss(self, conversation_id: str, at: datetime) -> Survey | None:
        """Put the survey away; a rating that was given stays. None where none is open."""
        ...


class Remedies(Protocol):
    """What agents had the shop do."""

    async def hold(self, customer_id: str) -> None:
        """Lock all conversations of the customer, so that nobody else decides about their orders
        until the transaction ends. Comes before every other lock."""
        ...

    async def find(self, case_id: str, key: str) -> Remedy | None:
        """What was sent from this form, or None."""
        ...

    async def ask(self, remedy: Remedy) -> Remedy:
        """Keep it before the shop is asked; what was refused or kept before under its key stands
        anew. Returns: it as it stands, where somebody else was first with the key: theirs."""
        ...

    async def settle(self, remedy: Remedy, stands: Stands, fact: str) -> None:
        """Note what the shop said. What is done stays done."""
        ...

    async def of_customer(self, customer_id: str) -> Sequence[Remedy]:
        """All of this customer, oldest first."""
        ...


class Work(Protocol):
    """One transaction with its repositories."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def revisions(self) -> Revisions: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def files(self) -> Files: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def presence(self) -> Presences: ...
    @property
    def queue(self) -> PastCases: ...
    @property
    def nudges(self) -> Nudges: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def voices(self) -> Voices: ...
    @property
    def timeline(self) -> Timeline: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def remedies(self) -> Remedies: ...


class Store(Protocol):
    """Opens transactions. Leaving the block commits, an exception rolls everything back."""

    def work(self) -> AbstractAsyncContextManager[Work]:
        """A transaction that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[Work]:
        """A transaction that only reads."""
        ...
