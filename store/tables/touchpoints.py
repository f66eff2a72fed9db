"""Contacts with a customer outside the chat, as other systems report them."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class TouchpointRow(Row):
    """A visit, call, e-mail or review. `id` is the reporting system's own; the customer may be
    known to another directory than ours."""

    __tablename__ = "touchpoints"
    __table_args__ = (Index("ix_touchpoints_customer_id", "customer_id", "at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(64))
    summary: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(16))
    promised_by: Mapped[datetime | None]
    received_at: Mapped[datetime]
