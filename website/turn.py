"""One customer message, from its arrival to its answer."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.messages import Author, Draft, Message
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.delivery.relaying import relay
from handoff.handoffs import Handoffs
from handoff.promises.callbacks import Callbacks
from handoff.returns import Return, Returns
from store.store import SqlStore
from website.bot_client import BotFailure, Question

log = structlog.get_logger()

_AFTER_FAILURE_S = 1.0
_LOOK_EVERY_S = 5.0
_BOT_STARTS_WITHIN_S = 30.0
_ASK_AGAIN_S = 0.5
_AT_ONCE = 32  # turns that Rasa is asked for at the same time


class Bot(Protocol):
    """Whoever answers for the company first."""

    async def ask(self, question: Question) -> tuple[Draft, ...]:
        """The replies, in order. Raises: BotFailure."""
        ...

    async def ready(self) -> bool:
        """True where it can be asked."""
        ...


class Turns:
    """Takes customer messages and sees to it that each is answered, by the bot or by a person."""

    def __init__(
        self,
        store: SqlStore,
        bot: Bot,
        handoffs: Handoffs,
        clock: Clock,
        returns: Returns | None = None,
        callbacks: Callbacks | None = None,
    ) -> None:
        self._store = store
        self._bot = bot
        self._handoffs = handoffs
        self._clock = clock
        self._returns = returns or Returns(clock)
        self._callbacks = callbacks or Callbacks(store, clock)
        self._owing: asyncio.Queue[str] = asyncio.Queue()
        self._receiving: set[asyncio.Task[Message]] = set()
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, conversation_id: str, text: str, client_id: str) -> Message:
        """Store the message and pass it to whoever answers now.

        The same `client_id` again returns the stored message and does nothing else.
        Raises: UnknownConversation.
        """
        # The page may go away in the middle; what it asked for is then still done as a whole.
        receiving = asyncio.create_task(self._receive(conversation_id, text, client_id))
        self._receiving.add(receiving)
        receiving.add_done_callback(self._receiving.discard)
        return await asyncio.shield(receiving)

    async def _receive(self, conversation_id: str, text: str, client_id: str) -> Message:
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            known = await work.conversations.known(conversation_id, client_id)
            if known is not None:
                return known
            returned = Return(conversation.responder)
            if conversation.responder is Responder.CLOSED:
                returned = await self._returns.begin(work, conversation, text)
            for_bot = returned.responder is Responder.BOT
            draft = Draft(Author.CUSTOMER, text, client_id=client_id)
            message = await work.conversations.append(
                conversation_id, draft, now, unanswered=for_bot
            )
            if returned.case is not None:
                await self._returns.finish(work, returned, message)
            elif not for_bot:
                await relay(work, message, now)
                await self._callbacks.said(work, message)
        if for_bot:
            self._owing.put_nowait(conversation_id)
        return message

    async def run(self) -> None:
        """Answer until cancelled; look regularly for what a crash may have left unanswered."""
        await self._until_bot_is_up()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_for_owed())
            while True:
                tasks.create_task(self._answer_all(await self._owing.get()))

    async def _until_bot_is_up(self) -> None:
        # The bot starts beside us and takes longer: what waits is worth these seconds.
        with suppress(TimeoutError):
            async with asyncio.timeout(_BOT_STARTS_WITHIN_S):
                while not await self._bot.ready():  # noqa: ASYNC110 - only asking tells
                    await asyncio.sleep(_ASK_AGAIN_S)

    async def _look_for_owed(self) -> None:
        longer_than = timedelta(0)
        while True:
            try:
                async with self._store.read() as work:
                    before = self._clock() - longer_than
                    for conversation_id in await work.conversations.with_unanswered(before):
                        self._owing.put_nowait(conversation_id)
            except Exception:
                log.exception("owed_not_read")
            longer_than = timedelta(seconds=_LOOK_EVERY_S)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _answer_all(self, conversation_id: str) -> None:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            try:
                while (owed := await self._owed(conversation_id)) is not None:
                    await self._answer(*owed)
            except Exception:
                log.exception("turn_failed", conversation=conversation_id)
                await asyncio.sleep(_AFTER_FAILURE_S)
                self._owing.put_nowait(conversation_id)

    async def _owed(self, conversation_id: str) -> tuple[Conversation, Message] | None:
        async with self._store.read() as work:
            message = await work.conversations.unanswered(conversation_id)
            if message is None:
                return None
            return await work.conversations.get(conversation_id), message

    async def _answer(self, conversation: Conversation, message: Message) -> None:
        if conversation.responder is not Responder.BOT:
            await self._pass_on(message)
            return
        try:
            async with self._at_once:
                replies = await self._bot.ask(_question(conversation, message))
            await self._store_replies(conversation, message, replies)
        except BotFailure as failure:
            log.warning("bot_failed", conversation=conversation.id, error=str(failure))
            await self._fetch_person(message)

    async def _store_replies(
        self, conversation: Conversation, message: Message, replies: tuple[Draft, ...]
    ) -> None:
        now = self._clock()
        async with self._store.work() as work:
            responder = (await work.conversations.get(conversation.id)).responder
            if not replies and responder is Responder.BOT:
                raise BotFailure("The bot had no answer")
            if not await work.conversations.answered(message.id):
                return
            if responder is Responder.AGENT:
                log.info("late_replies_dropped", conversation=conversation.id)
                return
            for reply in replies:
                stored = await work.conversations.append(conversation.id, reply, now)
                if responder is Responder.QUEUE:
                    await relay(work, stored, now)
            if conversation.handed_back is not None:
                await work.conversations.summary_read(conversation.id)

    async def _fetch_person(self, message: Message) -> None:
        await self._handoffs.request(message.conversation_id, HandoffReason.BOT_FAILURE)
        async with self._store.work() as work:
            await work.conversations.answered(message.id)

    async def _pass_on(self, message: Message) -> None:
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(message.conversation_id)
            if conversation.responder is Responder.CLOSED:  # by the turn before this message
                await self._returns.to_bot(work, conversation)
                return
            with_a_person = conversation.responder is not Responder.BOT
            if with_a_person and await work.conversations.answered(message.id):
                await relay(work, message, now)


def _question(conversation: Conversation, message: Message) -> Question:
    return Question(
        conversation_id=conversation.id,
        message_id=message.id,
        text=message.text,
        customer_id=conversation.customer_id,
        locale=conversation.locale,
        page=conversation.page,
        handed_back=conversation.handed_back,
    )
