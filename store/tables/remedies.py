"""What agents had the shop do, asked and done, one row for every form that was sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class RemedyRow(Row):
    __tablename__ = "remedies"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_remedies_customer_id", "customer_id", "order_number"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(120))
    task: Mapped[str] = mapped_column(String(16))
    order_number: Mapped[str] = mapped_column(String(500))
    cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(16))
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    stands: Mapped[str] = mapped_column(String(8))
    fact: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
