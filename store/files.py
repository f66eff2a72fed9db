"""Files that were sent in conversations, under random names."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.files import File
from conversation.messages import Author
from store.tables import FileRow


class FileRows:
    """Satisfies `handoff.files.Files`, and what the website needs beyond it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(
        self,
        conversation_id: str,
        name: str,
        kind: str,
        content: bytes,
        at: datetime,
        *,
        author: Author = Author.CUSTOMER,
    ) -> File:
        """Keep a file."""
        row = FileRow(
            id=token_urlsafe(32),
            conversation_id=conversation_id,
            name=name,
            kind=kind,
            size=len(content),
            content=content,
            at=at,
            author=author.value,
        )
        self._session.add(row)
        await self._session.flush()
        return _file(row)

    async def get(self, file_id: str) -> tuple[File, bytes] | None:
        """The file with its content, or None."""
        row = await self._session.get(FileRow, file_id)
        return (_file(row), row.content) if row else None

    async def count(self, conversation_id: str) -> int:
        """How many files the customer has sent in the conversation."""
        query = select(func.count()).where(
            FileRow.conversation_id == conversation_id, FileRow.author == Author.CUSTOMER.value
        )
        return await self._session.scalar(query) or 0


def _file(row: FileRow) -> File:
    return File(row.id, row.conversation_id, row.name, row.kind, row.size, row.at)
