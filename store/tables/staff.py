"""Staff accounts and their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class StaffRow(Row):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[Any]]
    password_hash: Mapped[str] = mapped_column(String(200))
    slack_user: Mapped[str | None] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]
    away_since: Mapped[datetime | None]
    away_until: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class SessionRow(Row):
    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
