"""The demo shop's own data, and the log that makes its tasks happen once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class CustomerRow(Row):
    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    tier: Mapped[str] = mapped_column(String(16))
    since: Mapped[date]
    newsletter: Mapped[bool] = mapped_column(default=False, server_default=false())
    preferences: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))


class OrderRow(Row):
    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    items: Mapped[list[Any]]
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(24))
    placed_on: Mapped[date]
    address: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(40))
    refund_cents: Mapped[int] = mapped_column(default=0)
    refund_due_on: Mapped[date | None]
    missed_on: Mapped[date | None]
    return_until: Mapped[date | None]
    replaces: Mapped[str | None] = mapped_column(String(16), index=True, unique=True)


class ProductRow(Row):
    """A product on sale and how many are left."""

    __tablename__ = "products"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int]


class CounterRow(Row):
    """The last number that was given out, so that no two orders get the same."""

    __tablename__ = "shop_counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int]


class LetterRow(Row):
    """An e-mail of the shop to a customer."""

    __tablename__ = "shop_letters"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    order_number: Mapped[str | None] = mapped_column(ForeignKey("orders.number"))
    sent_to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class DataRequestRow(Row):
    """A customer's wish for a copy or the deletion of their data, until a person has answered."""

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_customer_id", "customer_id", "kind"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]


class ShopTaskRow(Row):
    __tablename__ = "shop_tasks"
    __table_args__ = (UniqueConstraint("customer_id", "key", "task"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    task: Mapped[str] = mapped_column(String(32))
    customer_id: Mapped[str] = mapped_column(String(64))
    order_number: Mapped[str | None] = mapped_column(String(16))
    fact: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
