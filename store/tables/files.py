"""Files that were sent in conversations."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class FileRow(Row):
    __tablename__ = "files"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(
        String(16), default="customer", server_default=text("'customer'")
    )
