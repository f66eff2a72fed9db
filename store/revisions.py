"""What authors made of their messages afterwards, and what these said before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.messages import Message, Revision, Version
from handoff.wakes import conversation_topic
from store.conversation_reading import message_of
from store.tables import ConversationRow, EarlyRevisionRow, MessageRow, MessageVersionRow


class RevisionRows:
    """Satisfies `handoff.casework.revisions.Revisions`, and reads what changed. Who writes has
    locked the conversation."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def apply(self, message: Message, revision: Revision) -> Message:
        """Change the message; what it said until now is kept. An older revision than one that
        was applied, or one that changes nothing, is passed over."""
        row = await self._session.get_one(MessageRow, message.id)
        older = row.stamp is not None and revision.stamp < row.stamp
        if row.deleted_at or (revision.text is not None and (older or revision.text == row.text)):
            return message_of(row)
        conversation = await self._session.get_one(ConversationRow, row.conversation_id)
        self._session.add(
            MessageVersionRow(message_id=row.id, text=row.text, replaced_at=revision.at)
        )
        conversation.changes += 1
        row.change, row.text = conversation.changes, revision.text or ""
        if revision.text is None:
            row.deleted_at, row.buttons = revision.at, []
        else:
            row.edited_at, row.stamp = revision.at, revision.stamp
        await self._session.flush()
        self._woken.add(conversation_topic(row.conversation_id))
        return message_of(row)

    async def keep(self, conversation_id: str, client_id: str, revision: Revision) -> None:
        """Keep a revision of a message that has not arrived yet."""
        row = await self._session.get(EarlyRevisionRow, (conversation_id, client_id))
        if row is None:
            row = EarlyRevisionRow(conversation_id=conversation_id, client_id=client_id)
            self._session.add(row)
        elif not revision.replaces(_revision(row)):
            return
        row.staff_id, row.text = revision.staff_id, revision.text
        row.stamp, row.at = revision.stamp, revision.at
        await self._session.flush()

    async def kept(self, conversation_id: str, client_id: str) -> Revision | None:
        """The revision that was kept for the message with this client id, or None."""
        row = await self._session.get(EarlyRevisionRow, (conversation_id, client_id))
        return _revision(row) if row else None

    async def since(
        self, conversation_id: str, change: int, until_seq: int
    ) -> Sequence[tuple[int, Message]]:
        """The messages up to `until_seq` that were changed after change number `change`, each with
        the number of its own change."""
        query = (
            select(MessageRow)
            .where(
                MessageRow.conversation_id == conversation_id,
                MessageRow.change > change,
                MessageRow.seq <= until_seq,
            )
            .order_by(MessageRow.change)
        )
        rows = await self._session.scalars(query)
        return [(row.change, message_of(row)) for row in rows if row.change is not None]

    async def versions(self, conversation_id: str) -> Mapping[int, Sequence[Version]]:
        """What the conversation's changed messages said before, by `seq`, oldest first."""
        query = (
            select(MessageRow.seq, MessageVersionRow)
            .join(MessageRow, MessageRow.id == MessageVersionRow.message_id)
            .where(MessageRow.conversation_id == conversation_id)
            .order_by(MessageVersionRow.id)
        )
        found: dict[int, list[Version]] = defaultdict(list)
        for seq, row in await self._session.execute(query):
            found[seq].append(Version(row.text, row.replaced_at))
        return found


def _revision(row: EarlyRevisionRow) -> Revision:
    return Revision(row.text, row.staff_id, row.at, row.stamp)
