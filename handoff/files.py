"""What is asked of a database for files, and how one is handed out."""

from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from conversation.files import File
from conversation.messages import Author


class Files(Protocol):
    """Files of conversations."""

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
        ...

    async def count(self, conversation_id: str) -> int:
        """How many files the customer has sent in the conversation."""
        ...

    async def get(self, file_id: str) -> tuple[File, bytes] | None:
        """The file with its content, or None."""
        ...


def download_headers(file: File) -> dict[str, str]:
    """Hand it out to be kept, never to be run or shown within our site."""
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
