"""Conversations, their messages, annotated turns, timeline and surveys."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
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


class ConversationRow(Row):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(String(36), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(64), index=True)
    responder: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    began_anew_at: Mapped[datetime]
    last_customer_at: Mapped[datetime | None] = mapped_column(index=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    page: Mapped[str] = mapped_column(String(500), default="")
    pages: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    handed_back: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(32), index=True)
    closed_at: Mapped[datetime | None]
    continued_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(String(254))
    email_heard: Mapped[str | None] = mapped_column(String(998))
    email_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    shown_seq: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    changes: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class MessageRow(Row):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_messages_unanswered", "unanswered", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(String(160))
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    unanswered: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    staff_id: Mapped[str | None] = mapped_column(String(36))
    helping: Mapped[str | None] = mapped_column(String(120))
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    stamp: Mapped[str | None] = mapped_column(String(64))
    change: Mapped[int | None]


class MessageVersionRow(Row):
    """What a message said before its author changed it."""

    __tablename__ = "message_versions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class EarlyRevisionRow(Row):
    """A change of a message that has not arrived yet."""

    __tablename__ = "early_revisions"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(160), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[str | None] = mapped_column(Text)
    stamp: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class TurnRow(Row):
    __tablename__ = "turns"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float]
    entities: Mapped[list[Any]]
    embedding: Mapped[bytes] = mapped_column(LargeBinary)
    frustration: Mapped[float | None]
    replies: Mapped[list[Any]]
    happened: Mapped[list[Any]]
    signals: Mapped[dict[str, Any]]
    offered: Mapped[bool]
    in_form: Mapped[bool] = mapped_column(server_default=false())
    sooner: Mapped[int] = mapped_column(server_default="0")
    score: Mapped[float]
    reasons: Mapped[list[Any]]
    weights: Mapped[str] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(16))
    handoff_reason: Mapped[str | None] = mapped_column(String(32))
    shadow_score: Mapped[float | None]
    shadow_weights: Mapped[str | None] = mapped_column(String(16))


class TimelineRow(Row):
    __tablename__ = "timeline"
    __table_args__ = (UniqueConstraint("conversation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str | None] = mapped_column(String(160))
    detail: Mapped[dict[str, Any]]


class SurveyRow(Row):
    __tablename__ = "surveys"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    follow_up: Mapped[str | None] = mapped_column(String(16))
