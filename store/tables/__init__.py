"""Every table, so that migrations see them all."""

from store.tables.base import Row
from store.tables.cases import CaseRow, InboxRow, NoteRow, OutboxRow
from store.tables.conversations import (
    ConversationRow,
    MessageRow,
    SurveyRow,
    TimelineRow,
    TurnRow,
)
from store.tables.shop import CustomerRow, OrderRow, ShopTaskRow
from store.tables.staff import SessionRow, StaffRow

__all__ = [
    "CaseRow",
    "ConversationRow",
    "CustomerRow",
    "InboxRow",
    "MessageRow",
    "NoteRow",
    "OrderRow",
    "OutboxRow",
    "Row",
    "SessionRow",
    "ShopTaskRow",
    "StaffRow",
    "SurveyRow",
    "TimelineRow",
    "TurnRow",
]
