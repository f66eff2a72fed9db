"""Conversations and their messages."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.conversation import Conversation, UnknownConversation
from conversation.messages import Author, Draft, Message
from conversation.outcome import Outcome
from conversation.responder import Responder
from handoff.wakes import RECEIPTS_TOPIC, conversation_topic
from store.conversation_reading import conversation_of, message_of
from store.tables import ConversationRow, MessageRow


class ConversationRows:
    """Satisfies `handoff.ports.Conversations`, and what the website needs beyond it."""

    def __init__(self, session: AsyncSession, woken: set[str], *, locks: bool) -> None:
        self._session = session
        self._woken = woken
        self._locks = locks

    async def start(
        self,
        visitor_id: str,
        customer_id: str | None,
        at: datetime,
        *,
        locale: str = "en",
        time_zone: str = "",
        page: str = "",
        pages: Sequence[str] = (),
    ) -> Conversation:
        """Begin a conversation; the bot answers first."""
        row = ConversationRow(
            id=str(uuid4()),
            visitor_id=visitor_id,
            customer_id=customer_id,
            responder=Responder.BOT.value,
            created_at=at,
            began_anew_at=at,
            last_seq=0,
            locale=locale,
            time_zone=time_zone,
            page=page,
            pages=list(pages),
        )
        self._session.add(row)
        await self._session.flush()
        return conversation_of(row)

    async def note_time_zone(self, conversation_id: str, time_zone: str) -> None:
        """The customer writes from there now."""
        (await self._row(conversation_id)).time_zone = time_zone

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation; locked for the rest of a writing transaction."""
        return conversation_of(await self._row(conversation_id))

    async def latest_of(self, visitor_id: str, customer_id: str | None) -> Conversation | None:
        """The newest conversation of this visitor as this customer, or None.

        One that the customer has taken along is as new as that.
        """
        newest = func.coalesce(ConversationRow.continued_at, ConversationRow.created_at)
        query = (
            select(ConversationRow)
            .where(
                ConversationRow.visitor_id == visitor_id, ConversationRow.customer_id == customer_id
            )
            .order_by(newest.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).first()
        return conversation_of(row) if row else None

    async def left_by(self, conversation_id: str, visitor_id: str, since: datetime) -> bool:
        """Whether this anonymous visitor has written there since then."""
        query = select(ConversationRow.id).where(
            ConversationRow.id == conversation_id,
            ConversationRow.visitor_id == visitor_id,
            ConversationRow.customer_id.is_(None),
            ConversationRow.last_customer_at >= since,
        )
        return await self._session.scalar(query) is not None

    async def take_along(
        self, conversation_id: str, visitor_id: str, customer_id: str, at: datetime
    ) -> None:
        """The conversation is this customer's from now on; whoever held it no more has it."""
        row = await self._row(conversation_id)
        row.visitor_id, row.customer_id, row.continued_at = visitor_id, customer_id, at
        self._woken.add(conversation_topic(conversation_id))

    async def append(
        self, conversation_id: str, draft: Draft, at: datetime, *, unanswered: bool = False
    ) -> Message:
        """Add a message at the end; the same `client_id` again returns the first message."""
        conversation = await self._row(conversation_id)
        if draft.client_id is not None:
            known = await self._by_client_id(conversation_id, draft.client_id)
            if known is not None:
                return message_of(known)
        conversation.last_seq += 1
        if draft.author is Author.CUSTOMER:
            conversation.last_customer_at = at
        row = MessageRow(
            id=str(uuid4()),
            conversation_id=conversation_id,
            seq=conversation.last_seq,
            author=draft.author.value,
            name=draft.name,
            text=draft.text,
            client_id=draft.client_id,
            staff_id=draft.staff_id,
            helping=draft.helping,
            buttons=[asdict(button) for button in draft.buttons],
            unanswered=unanswered,
            at=at,
        )
        self._session.add(row)
        await self._session.flush()
        self._woken.add(conversation_topic(conversation_id))
        return message_of(row)

    async def transcript(self, conversation_id: str, after: int = 0) -> Sequence[Message]:
        """The messages with a greater `seq` than `after`, oldest first."""
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after)
            .order_by(MessageRow.seq)
        )
        return [message_of(row) for row in await self._session.scalars(query)]

    async def known(self, conversation_id: str, client_id: str) -> Message | None:
        """The message that was stored under this client id, or None."""
        row = await self._by_client_id(conversation_id, client_id)
        return message_of(row) if row else None

    async def unanswered(self, conversation_id: str) -> Message | None:
        """The oldest customer message that the bot still has to answer, or None."""
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.unanswered)
            .order_by(MessageRow.seq)
            .limit(1)
        )
        row = (await self._session.scalars(query)).first()
        return message_of(row) if row else None

    async def with_unanswered(self, before: datetime) -> Sequence[str]:
        """The conversations in which the bot owes an answer to something written by `before`."""
        owed = MessageRow.unanswered & (MessageRow.at <= before)
        query = select(MessageRow.conversation_id).where(owed).distinct()
        return (await self._session.scalars(query)).all()

    async def answered(self, message_id: str) -> bool:
        """Note that the message has its answer. False where it had one already."""
        result = await self._session.execute(
            update(MessageRow)
            .where(MessageRow.id == message_id, MessageRow.unanswered)
            .values(unanswered=False)
            .returning(MessageRow.id)
        )
        return result.first() is not None

    async def silent_since(
        self, since: datetime, conversation_id: str | None = None
    ) -> Sequence[str]:
        """Conversations with the bot in which nothing was said or given back since.

        Args: conversation_id: look at this one alone; locked in a writing transaction.
        """
        query = select(ConversationRow.id).where(
            ConversationRow.responder == Responder.BOT.value,
            ConversationRow.last_customer_at < since,
            ConversationRow.began_anew_at < since,
            ~exists().where(
                MessageRow.conversation_id == ConversationRow.id, MessageRow.unanswered
            ),
        )
        if conversation_id is not None:
            await self._row(conversation_id)
            query = query.where(ConversationRow.id == conversation_id)
        return (await self._session.scalars(query)).all()

    async def move(self, conversation_id: str, responder: Responder, at: datetime) -> None:
        """Set who answers now. Coming back from a closed state, the conversation is open again."""
        row = await self._row(conversation_id)
        if row.responder == Responder.CLOSED.value:
            row.outcome, row.closed_at, row.began_anew_at = None, None, at
        row.responder = responder.value
        self._woken.add(conversation_topic(conversation_id))

    async def begin_anew(self, conversation_id: str, at: datetime) -> None:
        """Effort counts anew from here."""
        (await self._row(conversation_id)).began_anew_at = at

    async def leave_summary(self, conversation_id: str, summary: str, at: datetime) -> None:
        """Leave what the bot should know; effort counts anew from here."""
        row = await self._row(conversation_id)
        row.handed_back, row.began_anew_at = summary, at

    async def summary_read(self, conversation_id: str) -> None:
        """The bot has read what was left for it."""
        (await self._row(conversation_id)).handed_back = None

    async def close(self, conversation_id: str, outcome: Outcome, at: datetime) -> None:
        """Close with this outcome."""
        row = await self._row(conversation_id)
        row.responder, row.outcome, row.closed_at = Responder.CLOSED.value, outcome.value, at
        self._woken.add(conversation_topic(conversation_id))

    async def leave_email(self, conversation_id: str, email: str) -> None:
        """Keep the address that the customer left for answers."""
        row = await self._row(conversation_id)
        row.email, row.email_asked = email, False
        self._woken.add(conversation_topic(conversation_id))

    async def ask_email(self, conversation_id: str) -> None:
        """Note that the customer is asked for an address."""
        (await self._row(conversation_id)).email_asked = True
        self._woken.add(conversation_topic(conversation_id))

    async def shown(self, conversation_id: str, seq: int) -> bool:
        """Note that a page has the messages up to `seq`. False where that was known."""
        row = await self._row(conversation_id)
        seq = min(seq, row.last_seq)
        if seq <= row.shown_seq:
            return False
        row.shown_seq = seq
        self._woken |= {conversation_topic(conversation_id), RECEIPTS_TOPIC}
        return True

    async def _row(self, conversation_id: str) -> ConversationRow:
        query = select(ConversationRow).where(ConversationRow.id == conversation_id)
        if self._locks:
            query = query.with_for_update()
        row = (await self._session.scalars(query)).first()
        if row is None:
            raise UnknownConversation(conversation_id)
        return row

    async def _by_client_id(self, conversation_id: str, client_id: str) -> MessageRow | None:
        query = select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_id == client_id
        )
        return (await self._session.scalars(query)).first()
