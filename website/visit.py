"""What a visitor can do in their conversation, whichever way the request came in."""

import structlog

from conversation.conversation import Conversation, UnknownConversation
from conversation.customer import CustomerDirectory, DirectoryUnavailable
from conversation.messages import Message
from conversation.reasons import HandoffReason
from conversation.responder import NotPossible, Responder
from handoff.feedback import Feedback
from handoff.handoffs import Handoffs
from handoff.mail.address import read_address
from handoff.promises.callbacks import Callbacks
from store.store import SqlStore, SqlWork
from website.frames import Answer, Back, Email, Person, Rate, Say, WantsFollowUp, Why
from website.identity import Pass
from website.refusal import (
    no_known_address,
    no_survey,
    nobody_to_answer,
    not_possible,
    not_waiting,
    unknown_conversation,
)
from website.state import Known, News, news
from website.turn import Turns

log = structlog.get_logger()


class Visits:
    """The customer's verbs. Raises, everywhere: Refusal."""

    def __init__(
        self,
        store: SqlStore,
        directory: CustomerDirectory,
        turns: Turns,
        handoffs: Handoffs,
        feedback: Feedback,
        callbacks: Callbacks,
    ) -> None:
        self._store = store
        self._directory = directory
        self._callbacks = callbacks
        self._turns = turns
        self._handoffs = handoffs
        self._feedback = feedback

    async def say(self, held: Pass, said: Say) -> Message:
        """Take a message; the same key again gives the stored message.

        The assistant does things for a customer who is known, which a link does not make one: who
        came by a link is answered by people.
        """
        try:
            if held.by_link and held.customer_id is not None:
                await self._handoffs.request(held.conversation_id, HandoffReason.BY_EMAIL)
            return await self._turns.receive(held.conversation_id, said.text, said.client_id)
        except UnknownConversation as error:
            raise unknown_conversation() from error

    async def person(self, conversation_id: str, wish: Person) -> None:
        """Ask for a person; asking again changes nothing."""
        try:
            await self._handoffs.request(conversation_id, HandoffReason.ASKED)
        except UnknownConversation as error:
            raise unknown_conversation() from error
        except NotPossible as error:
            raise not_possible(wish.client_id) from error

    async def back(self, conversation_id: str, _: Back) -> None:
        """Leave the queue and talk to the assistant again."""
        if not await self._handoffs.leave_queue(conversation_id):
            raise not_waiting()

    async def email(self, held: Pass, wish: Email) -> None:
        """Take the address for answers; whoever waits then waits no longer."""
        customer_id = None if held.by_link else held.customer_id
        address = wish.address or await self._known_address(customer_id)
        try:
            if not await self._callbacks.leave_address(held.conversation_id, address):
                raise nobody_to_answer()
        except UnknownConversation as error:
            raise unknown_conversation() from error

    async def seen(self, conversation_id: str, seq: int) -> None:
        """A page has the messages up to `seq`."""
        async with self._store.read() as work:
            conversation = await work.conversations.get(conversation_id)
        if conversation.responder is Responder.BOT or seq <= conversation.shown_seq:
            return  # nobody asks how far they have read with the assistant
        async with self._store.work() as work:
            await work.conversations.shown(conversation_id, seq)

    async def _known_address(self, customer_id: str | None) -> str:
        try:
            customer = await self._directory.find(customer_id) if customer_id else None
        except DirectoryUnavailable:
            customer = None
        address = read_address(customer.email) if customer else None
        if address is None:
            raise no_known_address()
        return address

    async def survey(self, conversation_id: str, answer: Answer) -> None:
        """Answer the survey's present question, or put the survey away."""
        try:
            if not await self._take(conversation_id, answer):
                raise no_survey()
        except UnknownConversation as error:
            raise unknown_conversation() from error

    async def _take(self, conversation_id: str, answer: Answer) -> bool:
        match answer:
            case Rate():
                return await self._feedback.rate(conversation_id, answer.kind, answer.score)
            case Why():
                return await self._feedback.tell(conversation_id, answer.text or None)
            case WantsFollowUp():
                return await self._feedback.wants_follow_up(conversation_id, answer.wanted)
        return await self._feedback.dismiss(conversation_id)

    async def check(self, held: Pass) -> None:
        """Whether the conversation is still theirs: it may have been taken along elsewhere."""
        async with self._store.read() as work:
            await _still_theirs(work, held)

    async def news(self, held: Pass, known: Known) -> News:
        """What is new for a page that knows that much."""
        try:
            async with self._store.read() as work:
                conversation = await _still_theirs(work, held)
                return await news(work, conversation, known, self._handoffs.waits)
        except UnknownConversation as error:
            raise unknown_conversation() from error


async def _still_theirs(work: SqlWork, held: Pass) -> Conversation:
    try:
        conversation = await work.conversations.get(held.conversation_id)
    except UnknownConversation as error:
        raise unknown_conversation() from error
    if (conversation.visitor_id, conversation.customer_id) != (held.visitor_id, held.customer_id):
        raise unknown_conversation()
    return conversation
