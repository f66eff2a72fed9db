"""Take customers' e-mails into their conversations; what no customer wrote goes to the agents."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation, UnknownConversation
from conversation.customer import shortened
from conversation.farewell import is_farewell
from conversation.files import (
    LARGEST_BYTES,
    MOST_IN_A_CONVERSATION,
    PATH,
    kind_of,
    safe_name,
)
from conversation.messages import Author, Draft, Link
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.casework.telling import tell_agents
from handoff.delivery.boxes import Incoming
from handoff.delivery.relaying import relay
from handoff.handoffs import Handoffs
from handoff.leases import LEASE, kept
from handoff.mail.address import same_address
from handoff.mail.reading import Kind, Received, read_mail
from handoff.mail.source import SOURCE, client_id
from handoff.ports import Store, Work
from handoff.promises.callbacks import Callbacks
from handoff.returns import Return, Returns
from handoff.wakes import Live, inbox_topic

log = structlog.get_logger()

_SAYS = "E-mail"
_LONGEST_TEXT, _MOST_PARTS = 4000, 8
_IDLE_S = 5.0
_MOST_TRIES = 8
_FIRST_PAUSE_S = 1.0
_NO_TEXT = "(This e-mail has no text.)"
_NOT_READ = (
    "An e-mail about this case came in and could not be read. Ask the customer to write again, in "
    "the chat or as plain text."
)
_WITH_FILES = "See what is attached."  # who sends something asks for something


class MailReader:
    """Works off what the letterbox holds, in order within a conversation."""

    def __init__(
        self,
        store: Store,
        handoffs: Handoffs,
        callbacks: Callbacks,
        returns: Returns,
        live: Live,
        clock: Clock,
    ) -> None:
        self._store = store
        self._handoffs = handoffs
        self._returns = returns
        self._callbacks = callbacks
        self._live = live
        self._clock = clock

    async def run(self) -> None:
        """Read until cancelled."""
        async with self._live.listen(inbox_topic(SOURCE)) as listener:
            while True:
                pause = _IDLE_S
                try:
                    while incoming := await self._next():
                        await self._work_off(incoming)
                    pause = await self._pause()
                except Exception:
                    log.exception("mail_inbox_failed")
                await listener.wait(pause)

    async def _next(self) -> Incoming | None:
        async with self._store.read() as work:
            return await work.inbox.next(SOURCE, self._clock())

    async def _pause(self) -> float:
        async with self._store.read() as work:
            next_at = await work.inbox.next_at(SOURCE)
        if next_at is None:
            return _IDLE_S
        return min(_IDLE_S, max(0.05, (next_at - self._clock()).total_seconds()))

    async def _work_off(self, incoming: Incoming) -> None:
        async with self._store.work() as work:
            if not await work.inbox.begin(incoming, self._clock() + LEASE):
                return
        try:
            async with kept(partial(self._renew, incoming)):
                await self._take(incoming)
        except UnknownConversation:
            await self._done(incoming, "The conversation is no longer kept")
        except Exception as error:
            await self._failed(incoming, error)

    async def _renew(self, incoming: Incoming) -> None:
        async with self._store.work() as work:
            await work.inbox.renew(incoming, self._clock() + LEASE)

    async def _failed(self, incoming: Incoming, error: Exception) -> None:
        tries = incoming.attempts + 1
        log.error("mail_not_taken", incoming=incoming.id, tries=tries, exc_info=error)
        if tries >= _MOST_TRIES:
            await self._give_up(incoming, error)
            return
        pause = timedelta(seconds=_FIRST_PAUSE_S * 2**tries)
        async with self._store.work() as work:
            until = self._clock() + pause
            await work.inbox.postpone(incoming, until, type(error).__name__)

    async def _give_up(self, incoming: Incoming, error: Exception) -> None:
        """The agents are told: somebody wrote, and may wait for an answer."""
        async with self._store.work() as work:
            conversation = await work.conversations.get(incoming.headers["conversation"])
            await self._note(work, conversation, _NOT_READ, incoming.headers["key"])
            await work.inbox.done(incoming, self._clock(), type(error).__name__)

    async def _done(self, incoming: Incoming, error: str) -> None:
        async with self._store.work() as work:
            await work.inbox.done(incoming, self._clock(), error)

    async def _take(self, incoming: Incoming) -> None:
        mail = await asyncio.to_thread(read_mail, incoming.body)
        conversation_id = incoming.headers["conversation"]
        while not await self._keep(incoming, conversation_id, mail):
            # The assistant writes no e-mails: whoever writes one back is answered by a person.
            await self._handoffs.request(conversation_id, HandoffReason.BY_EMAIL)
            await self._callbacks.by_email(conversation_id)
        log.info("mail_taken", conversation=conversation_id, kind=mail.kind.name.lower())

    async def _keep(self, incoming: Incoming, conversation_id: str, mail: Received) -> bool:
        """Store what the e-mail says. False, and nothing is, where a person has to come first."""
        key = incoming.headers["key"]
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            if not _is_customers(mail, conversation):
                await self._tell(work, conversation, mail, key)
            elif (returned := await self._returned(work, conversation, mail)) is not None:
                await self._say(work, conversation, mail, key, returned)
            else:
                return False
            await work.inbox.done(incoming, self._clock())
        return True

    async def _returned(
        self, work: Work, conversation: Conversation, mail: Received
    ) -> Return | None:
        """Who answers the e-mail, None where nobody would. Thanks after the end open nothing."""
        if conversation.responder is Responder.BOT:
            return None
        if conversation.responder is not Responder.CLOSED:
            return Return(conversation.responder)
        asks = _WITH_FILES if mail.files else mail.text
        returned = await self._returns.go_on(work, conversation, asks, by_email=True)
        if returned is None and is_farewell(asks):
            return Return(Responder.CLOSED)
        return returned

    async def _say(
        self, work: Work, conversation: Conversation, mail: Received, key: str, returned: Return
    ) -> None:
        now = self._clock()
        for number, text in enumerate(_parts(mail.text or _NO_TEXT)):
            draft = Draft(Author.CUSTOMER, text, client_id=client_id(key, number))
            if await work.conversations.known(conversation.id, draft.client_id or "") is None:
                said = await work.conversations.append(conversation.id, draft, now)
                await self._returns.show(work, returned, said)
        if mail.message_id:
            await work.mails.heard(conversation.id, mail.message_id)
        await work.timeline.record(conversation.id, "email_received", now, key=f"{SOURCE}:{key}")
        left_out = await self._take_files(work, conversation, mail, key)
        await self._returns.say_so(work, returned, conversation.id)
        if left_out:
            text = f"With this e-mail came files that are not taken over: {', '.join(left_out)}."
            await self._note(work, conversation, text, key)

    async def _take_files(
        self, work: Work, conversation: Conversation, mail: Received, key: str
    ) -> Sequence[str]:
        """Keep what may be kept as messages of the customer. Returns: the names of the others."""
        now, left_out = self._clock(), []
        for number, (name, content) in enumerate(mail.files):
            kind, used = kind_of(content), f"{client_id(key, number)}:file"
            if await work.conversations.known(conversation.id, used) is not None:
                continue
            full = await work.files.count(conversation.id) >= MOST_IN_A_CONVERSATION
            if kind is None or len(content) > LARGEST_BYTES or full:
                left_out.append(name)
                continue
            plain = safe_name(name, kind)
            file = await work.files.put(conversation.id, plain, kind, content, now)
            link = Link(file.title, f"{PATH}{file.id}")
            draft = Draft(Author.CUSTOMER, "A file:", client_id=used, buttons=(link,))
            await relay(work, await work.conversations.append(conversation.id, draft, now), now)
        return left_out

    async def _tell(self, work: Work, conversation: Conversation, mail: Received, key: str) -> None:
        if mail.kind is Kind.BOUNCE:
            why = f": {mail.text}" if mail.text else ""
            text = (
                f"An e-mail to {shortened(conversation.email or '')} came back{why}. The customer "
                "has not got it."
            )
        elif mail.kind is Kind.AUTOMATIC:
            text = f"An automatic reply came from the customer's e-mail: {mail.text or _NO_TEXT}"
        else:
            text = (
                f"An e-mail about this case came from another address, {mail.sender}. It is not "
                f"part of the chat: {mail.text or _NO_TEXT}"
            )
        await self._note(work, conversation, text, key)

    async def _note(self, work: Work, conversation: Conversation, text: str, key: str) -> None:
        case = await work.cases.latest_of(conversation.id)
        if case is not None:
            await tell_agents(work, case, _SAYS, text, f"{SOURCE}:{key}", self._clock())


def _is_customers(mail: Received, conversation: Conversation) -> bool:
    return mail.kind is Kind.REPLY and same_address(mail.sender, conversation.email or "")


def _parts(text: str) -> Sequence[str]:
    """The text in messages of a length that is shown everywhere."""
    whole = [text[at : at + _LONGEST_TEXT] for at in range(0, len(text), _LONGEST_TEXT)]
    if len(whole) > _MOST_PARTS:
        whole = [*whole[: _MOST_PARTS - 1], "(This e-mail goes on. The rest is left out.)"]
    return [part for part in whole if part.strip()]
