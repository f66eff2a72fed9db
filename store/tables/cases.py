"""Cases, their notes, and what goes to and comes from the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row

_OPEN = text("status IN ('waiting', 'claimed', 'callback')")


class CaseRow(Row):
    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(32))
    briefing: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16), index=True)
    opened_at: Mapped[datetime]
    opened_seq: Mapped[int]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    ref: Mapped[str | None] = mapped_column(String(200), index=True)
    opening: Mapped[str | None] = mapped_column(String(36))
    callback_at: Mapped[datetime | None]
    group_key: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    routed_at: Mapped[datetime | None]
    suggested_id: Mapped[str | None] = mapped_column(String(36))
    reply_due_at: Mapped[datetime | None]
    place: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    priority: Mapped[str] = mapped_column(
        String(16), default="normal", server_default=text("'normal'")
    )
    snoozed_until: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(36))
    closed_seq: Mapped[int | None]
    resolution: Mapped[str | None] = mapped_column(String(16))
    needed: Mapped[bool | None]


class FormerRefRow(Row):
    __tablename__ = "former_refs"

    ref: Mapped[str] = mapped_column(String(200), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)


class NudgeRow(Row):
    __tablename__ = "nudges"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class DutyRow(Row):
    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    until: Mapped[datetime]


class DigestRow(Row):
    __tablename__ = "digests"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class NoteRow(Row):
    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    key: Mapped[str] = mapped_column(String(160))
    author: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class OutboxRow(Row):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_undone", "done_at", "case_id", "position"),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int | None]
    notice: Mapped[dict[str, Any] | None]
    put_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    parked: Mapped[bool] = mapped_column(default=False)
    holds: Mapped[bool] = mapped_column(default=False, server_default=false())
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]


class InboxRow(Row):
    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_inbox_undone", "source", "done_at", "position"),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    source: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(200))
    thread: Mapped[str] = mapped_column(String(200))
    rank: Mapped[int] = mapped_column(BigInteger, server_default="0")
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]


class ReceiptRow(Row):
    """Something an agent wrote: where it stands at the desk, and what is shown beside it."""

    __tablename__ = "receipts"

    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(160))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    sign: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime]
