"""E-mails to customers, written in the transaction of the answer that they carry."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.mail.ports import Outgoing
from handoff.wakes import MAIL_TOPIC, RECEIPTS_TOPIC
from store.tables import ConversationRow, MailRow


class MailRows:
    """Satisfies `handoff.mail.ports.Mails`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def put(self, conversation_id: str, seq: int, at: datetime) -> None:
        """Add an answer: to the mail that has not been begun, or as a new one."""
        self._woken.add(MAIL_TOPIC)
        waiting = select(MailRow).where(
            MailRow.conversation_id == conversation_id,
            MailRow.attempts == 0,
            MailRow.done_at.is_(None),
        )
        row = (await self._session.scalars(waiting)).first()
        if row is not None:
            row.seqs = [*row.seqs, seq]
        else:
            new = MailRow(
                id=str(uuid4()), conversation_id=conversation_id, seqs=[seq], put_at=at, due_at=at
            )
            self._session.add(new)
        await self._session.flush()

    async def due(self, now: datetime) -> Sequence[Outgoing]:
        """The first undone mail of each conversation, where it may be tried now."""
        query = _heads().where(MailRow.due_at <= now).order_by(MailRow.position)
        return [_outgoing(row) for row in await self._session.scalars(query)]

    async def next_at(self) -> datetime | None:
        """When the next mail becomes due, None where nothing waits."""
        heads = _heads().subquery()
        next_at: datetime | None = await self._session.scalar(select(func.min(heads.c.due_at)))
        return next_at

    async def rest(self, mail: Outgoing, until: datetime) -> None:
        """Look at it again then; nothing was tried."""
        await self._set(mail, mail.attempts, due_at=until)

    async def undone(self, mail_id: str) -> Outgoing | None:
        """The mail with all that it carries now; None where it is done."""
        query = select(MailRow).where(MailRow.id == mail_id, MailRow.done_at.is_(None))
        row = (await self._session.scalars(query)).first()
        return _outgoing(row) if row else None

    async def begin(self, mail: Outgoing, until: datetime) -> bool:
        """Count a try and claim the mail until then; False where somebody else was first."""
        return await self._set(mail, mail.attempts, attempts=mail.attempts + 1, due_at=until)

    async def renew(self, mail: Outgoing, until: datetime) -> None:
        """Keep the claim until then."""
        await self._set(mail, mail.attempts + 1, due_at=until)

    async def postpone(self, mail: Outgoing, until: datetime, error: str) -> None:
        """Try again at `until`; the conversation's later mails wait."""
        await self._set(mail, mail.attempts + 1, due_at=until, error=error)

    async def done(self, mail: Outgoing, at: datetime, error: str | None = None) -> None:
        """It is on its way; with `error`, it was given up or not needed for that reason."""
        self._woken |= {MAIL_TOPIC, RECEIPTS_TOPIC}
        await self._session.execute(
            update(MailRow).where(MailRow.id == mail.id).values(done_at=at, error=error)
        )

    async def failing(self) -> int:
        """How many mails wait although they were tried."""
        query = select(func.count()).where(MailRow.done_at.is_(None), MailRow.error.is_not(None))
        return await self._session.scalar(query) or 0

    async def carried(self, conversation_id: str) -> frozenset[int]:
        """The answers of the conversation, by `seq`, that have gone out by e-mail."""
        sent = (MailRow.done_at.is_not(None), MailRow.error.is_(None))
        query = select(MailRow.seqs).where(MailRow.conversation_id == conversation_id, *sent)
        return frozenset(seq for seqs in await self._session.scalars(query) for seq in seqs)

    async def heard(self, conversation_id: str, message_id: str) -> None:
        """Remember the customer's last e-mail by its Message-ID."""
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(email_heard=message_id)
        )

    async def last_heard(self, conversation_id: str) -> str | None:
        """The Message-ID of the customer's last e-mail, None where there was none."""
        query = select(ConversationRow.email_heard).where(ConversationRow.id == conversation_id)
        heard: str | None = await self._session.scalar(query)
        return heard

    async def _set(self, mail: Outgoing, seen: int, **values: object) -> bool:
        """Change the mail where nobody has begun another try of it. True where it changed."""
        changed = await self._session.execute(
            update(MailRow)
            .where(MailRow.id == mail.id, MailRow.attempts == seen, MailRow.done_at.is_(None))
            .values(**values)
            .returning(MailRow.id)
        )
        return changed.first() is not None


def _outgoing(row: MailRow) -> Outgoing:
    return Outgoing(row.id, row.conversation_id, tuple(row.seqs), row.put_at, row.attempts)


def _heads() -> Select[MailRow]:
    """The first mail of each conversation that is not done."""
    earlier = aliased(MailRow)
    blocked = (
        select(earlier.position)
        .where(
            earlier.conversation_id == MailRow.conversation_id,
            earlier.position < MailRow.position,
            earlier.done_at.is_(None),
        )
        .exists()
    )
    return select(MailRow).where(MailRow.done_at.is_(None), ~blocked)
