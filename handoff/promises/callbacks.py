"""Answers by e-mail: who leaves an address need not wait, and a promise is kept all the same."""

from enum import StrEnum

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.customer import shortened
from conversation.events import NobodyThere
from conversation.messages import Author, Draft, Message
from conversation.responder import Responder, after
from conversation.sensitive import FINDERS, Kind
from handoff.case import Case, CaseStatus
from handoff.casework.telling import tell_agents
from handoff.delivery.boxes import Delivery
from handoff.ports import Store, Work
from handoff.promises.watch_words import WATCH, no_email

log = structlog.get_logger()

_WITH_A_PERSON = (Responder.QUEUE, Responder.AGENT, Responder.CALLBACK)
_ASKED = (
    "Nobody can answer at the moment. Leave an e-mail address and a colleague answers there, or "
    "keep waiting here."
)
_NOBODY = "Nobody can answer at the moment. This chat stays open, and the answer comes here."
_NO_EMAIL = (
    "No e-mail can be sent from here. The answer comes in this chat: open it again in this browser."
)
_NO_EMAIL_KEY = "no_email"


class Told(StrEnum):
    """What the customer of a case has been told since nobody could take it."""

    PROMISED = "promised"
    """An answer by e-mail: the case is a callback."""
    ASKED = "asked"
    """That nobody can answer; they were asked for an e-mail address."""
    STAYS = "stays"
    """That nobody can answer, and that the answer comes in the chat."""
    NOTHING = "nothing"
    """Nothing: the case waits no longer."""


class Callbacks:
    """Takes addresses for answers, and turns waiting into an answer by e-mail."""

    def __init__(self, store: Store, clock: Clock, *, by_email: bool = True) -> None:
        """Args: by_email: answers can go out by e-mail; where not, none is promised."""
        self._by_email = by_email
        self._store = store
        self._clock = clock

    async def leave_address(self, conversation_id: str, email: str) -> bool:
        """Keep the customer's address; whoever waits in the queue waits no longer.

        Args: email: a whole address, read with `handoff.mail.address`.
        Returns: False where no person has the conversation; nothing changes then.
        Raises: UnknownConversation.
        """
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            case = await work.cases.open_of(conversation_id)
            with_a_person = case is not None and conversation.responder in _WITH_A_PERSON
            if case is None or not with_a_person or not self._by_email:
                return False
            if conversation.email == email:
                return True
            await work.conversations.leave_email(conversation_id, email)
            await self._left(work, conversation, case, email)
        return True

    async def nobody_there(self, case_id: str) -> Told:
        """Nobody can take the case now: it becomes a callback, where the customer left an address.

        Where there is none the customer is told plainly, once for each time that the case comes
        into a queue, and asked for an address where answers can go there. Raises: UnknownCase.
        """
        async with self._store.work() as work:
            conversation = await work.conversations.get(await work.cases.conversation_of(case_id))
            case = await work.cases.open_of(conversation.id)
            waits = conversation.responder is Responder.QUEUE
            if case is None or case.id != case_id or not waits:
                called_back = conversation.responder is Responder.CALLBACK
                return Told.PROMISED if called_back else Told.NOTHING
            if conversation.email is not None and self._by_email:
                await self._promise(work, conversation, case, conversation.email)
                return Told.PROMISED
            return await self._told_plainly(work, case)

    async def said(self, work: Work, message: Message) -> None:
        """The customer wrote this. Who waits for a person and gives an address, where no e-mail can
        be sent, is told so once, and whoever looks at the case as well."""
        if self._by_email or not any(FINDERS[Kind.EMAIL](message.text)):
            return
        case, now = await work.cases.open_of(message.conversation_id), self._clock()
        if case is None or case.status not in (CaseStatus.WAITING, CaseStatus.CALLBACK):
            return
        if not await work.nudges.once(case.id, _NO_EMAIL_KEY, now):
            return
        await work.conversations.append(message.conversation_id, Draft(Author.BOT, _NO_EMAIL), now)
        await tell_agents(work, case, WATCH, no_email(case), _NO_EMAIL_KEY, now)

    async def by_email(self, conversation_id: str) -> None:
        """The customer wrote an e-mail and waits for one, not in the queue."""
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            case = await work.cases.open_of(conversation_id)
            if case is None or conversation.responder is not Responder.QUEUE:
                return
            await self._call_back(work, conversation, case)
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)

    async def _told_plainly(self, work: Work, case: Case) -> Told:
        now, conversation_id = self._clock(), case.conversation_id
        if await work.nudges.once(case.id, case.nobody_key, now):
            if self._by_email:
                await work.conversations.ask_email(conversation_id)
            text = _ASKED if self._by_email else _NOBODY
            await work.conversations.append(conversation_id, Draft(Author.BOT, text), now)
        return Told.ASKED if self._by_email else Told.STAYS

    async def _left(self, work: Work, conversation: Conversation, case: Case, email: str) -> None:
        now = self._clock()
        await work.timeline.record(conversation.id, "email_left", now, case=case.number)
        if conversation.responder is Responder.QUEUE:
            await self._promise(work, conversation, case, email)
            return
        text = f"When you close this page, answers go to {shortened(email)}."
        await work.conversations.append(conversation.id, Draft(Author.SYSTEM, text), now)
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)

    async def _promise(
        self, work: Work, conversation: Conversation, case: Case, email: str
    ) -> None:
        now = self._clock()
        await self._call_back(work, conversation, case)
        text = (
            f"A colleague answers you by e-mail, at {shortened(email)}. You can close this page. "
            "What you still write here reaches them too."
        )
        await work.conversations.append(conversation.id, Draft(Author.BOT, text), now)
        await work.timeline.record(conversation.id, "callback_promised", now, case=case.number)
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
        log.info("callback_promised", conversation=conversation.id, case=case.number)

    async def _call_back(self, work: Work, conversation: Conversation, case: Case) -> None:
        now = self._clock()
        responder = after(conversation.responder, NobodyThere())
        await work.cases.call_back(case.id, now)
        await work.conversations.move(conversation.id, responder, now)
