"""What agents wrote at a desk, where it stands there, and whether the customer has it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.messages import Message
from handoff.casework.receipts import Mailed, Receipt, Sign
from handoff.wakes import RECEIPTS_TOPIC
from store.conversation_reading import message_of
from store.tables import ConversationRow, MailRow, MessageRow, ReceiptRow

_MOST = 500
_FOR_GOOD = (Sign.ARRIVED.value, Sign.MAILED.value, Sign.DIFFERS.value)
# What waits for its e-mail changes with that; of the others only the customer's page tells more.
_BY_MAIL = ReceiptRow.sign.in_((Sign.WAITS.value, Sign.BY_MAIL.value)) & (
    select(MailRow.id).where(MailRow.conversation_id == MessageRow.conversation_id).exists()
)


class ReceiptRows:
    """Satisfies `handoff.casework.receipts.Receipts`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def heard(
        self,
        place: str,
        key: str,
        at: datetime,
        *,
        message_id: str | None = None,
        case_id: str | None = None,
    ) -> None:
        """Note that what stands at `place` is kept under `key`; the same place again changes
        nothing."""
        if await self._session.get(ReceiptRow, place) is not None:
            return
        sign = Sign.NONE if message_id else Sign.ARRIVED
        row = ReceiptRow(
            place=place, key=key, message_id=message_id, case_id=case_id, sign=sign.value, at=at
        )
        self._session.add(row)
        await self._session.flush()
        self._woken.add(RECEIPTS_TOPIC)

    async def key_at(self, place: str) -> str | None:
        """The key under which what stands at `place` is kept, or None."""
        row = await self._session.get(ReceiptRow, place)
        return row.key if row else None

    async def reply_at(self, place: str) -> tuple[Message, str | None] | None:
        """The reply that stands there, with the id of its case; None for all else."""
        query = select(MessageRow, ReceiptRow.case_id).join(
            ReceiptRow, ReceiptRow.message_id == MessageRow.id
        )
        found = (await self._session.execute(query.where(ReceiptRow.place == place))).first()
        return (message_of(found[0]), found[1]) if found else None

    async def wait(self, conversation_id: str) -> bool:
        """Whether a reply is shown to wait for the customer, whom no e-mail brings it."""
        query = (
            select(ReceiptRow.place)
            .join(MessageRow, MessageRow.id == ReceiptRow.message_id)
            .where(MessageRow.conversation_id == conversation_id)
            .where(ReceiptRow.sign == Sign.WAITS.value)
            .limit(1)
        )
        return await self._session.scalar(query) is not None

    async def open(self) -> Sequence[Receipt]:
        """The replies beside which another sign is due, or may soon be, oldest first."""
        arrived = MessageRow.seq <= ConversationRow.shown_seq
        found = [*await self._some(arrived | (ReceiptRow.sign == Sign.NONE.value))]
        found += await self._some(~arrived, _BY_MAIL, newest=True)
        mailed = await self._mailed({message.conversation_id for _, message, _ in found})
        receipts = [
            Receipt(
                row.place,
                Sign(row.sign),
                row.at,
                has_it,
                mailed.get((message.conversation_id, message.seq), Mailed.NOT),
            )
            for row, message, has_it in found
        ]
        return sorted(receipts, key=lambda one: (one.at, one.place))

    async def _some(
        self, *where: ColumnElement[bool], newest: bool = False
    ) -> Sequence[tuple[ReceiptRow, MessageRow, bool]]:
        order = ReceiptRow.at.desc() if newest else ReceiptRow.at
        query = (
            select(ReceiptRow, MessageRow, MessageRow.seq <= ConversationRow.shown_seq)
            .join(MessageRow, MessageRow.id == ReceiptRow.message_id)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .where(ReceiptRow.sign.not_in(_FOR_GOOD), *where)
            .order_by(order, ReceiptRow.place)
            .limit(_MOST)
        )
        found = await self._session.execute(query)
        return [(row, message, bool(has_it)) for row, message, has_it in found]

    async def _mailed(self, conversations: Collection[str]) -> Mapping[tuple[str, int], Mailed]:
        """By conversation and `seq`: what an e-mail carries that was not given up."""
        query = select(MailRow).where(
            MailRow.conversation_id.in_(conversations),
            MailRow.done_at.is_(None) | MailRow.error.is_(None),
        )
        return {
            (mail.conversation_id, seq): Mailed.TAKEN if mail.done_at else Mailed.TO_COME
            for mail in await self._session.scalars(query)
            for seq in mail.seqs
        }

    async def sign_at(self, place: str) -> Sign | None:
        """What the desk shows beside the reply there; None where there is none."""
        row = await self._session.get(ReceiptRow, place)
        return Sign(row.sign) if row and row.message_id else None

    async def show(self, place: str, sign: Sign, *, was: Sign) -> bool:
        """Note what the desk shows beside the reply. False where it was another sign than this."""
        changed = await self._session.scalar(
            update(ReceiptRow)
            .where(ReceiptRow.place == place, ReceiptRow.sign == was.value)
            .values(sign=sign.value)
            .returning(ReceiptRow.place)
        )
        if changed and sign is Sign.NONE:
            self._woken.add(RECEIPTS_TOPIC)
        return changed is not None
