"""What agents wrote at a desk, where it stands there, and whether the customer has it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.messages import Message
from handoff.receipts import Receipt, Sign
from handoff.wakes import RECEIPTS_TOPIC
from store.conversations import message_of
from store.tables import ConversationRow, MessageRow, ReceiptRow

_MOST = 500


class ReceiptRows:
    """Satisfies `handoff.receipts.Receipts`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def heard(
        self, place: str, key: str, at: datetime, *, message_id: str | None = None
    ) -> None:
        """Note that what stands at `place` is kept under `key`; the same place again changes
        nothing."""
        if await self._session.get(ReceiptRow, place) is not None:
            return
        sign = Sign.NONE if message_id else Sign.ARRIVED
        self._session.add(
            ReceiptRow(place=place, key=key, message_id=message_id, sign=sign.value, at=at)
        )
        await self._session.flush()
        self._woken.add(RECEIPTS_TOPIC)

    async def key_at(self, place: str) -> str | None:
        """The key under which what stands at `place` is kept, or None."""
        row = await self._session.get(ReceiptRow, place)
        return row.key if row else None

    async def reply_at(self, place: str) -> Message | None:
        """The reply that stands there, None for all else."""
        query = select(MessageRow).join(ReceiptRow, ReceiptRow.message_id == MessageRow.id)
        row = (await self._session.scalars(query.where(ReceiptRow.place == place))).first()
        return message_of(row) if row else None

    async def open(self) -> Sequence[Receipt]:
        """The replies beside which another sign is due, or may soon be, oldest first."""
        arrived = MessageRow.seq <= ConversationRow.shown_seq
        query = (
            select(ReceiptRow, arrived)
            .join(MessageRow, MessageRow.id == ReceiptRow.message_id)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .where(ReceiptRow.sign != Sign.ARRIVED.value)
            .where(arrived | (ReceiptRow.sign == Sign.NONE.value))
            .order_by(ReceiptRow.at, ReceiptRow.place)
            .limit(_MOST)
        )
        return [
            Receipt(row.place, Sign(row.sign), row.at, bool(has_it))
            for row, has_it in await self._session.execute(query)
        ]

    async def show(self, place: str, sign: Sign) -> None:
        """Note what the desk shows beside the reply."""
        await self._session.execute(
            update(ReceiptRow).where(ReceiptRow.place == place).values(sign=sign.value)
        )
