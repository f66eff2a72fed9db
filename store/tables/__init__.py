"""Every table, so that migrations see them all."""

from store.tables.base import Row
from store.tables.cases import (
    CaseRow,
    DigestRow,
    DutyRow,
    FormerRefRow,
    InboxRow,
    NoteRow,
    NudgeRow,
    OutboxRow,
    ReceiptRow,
)
from store.tables.conversations import (
    ConversationRow,
    EarlyRevisionRow,
    MessageRow,
    MessageVersionRow,
    SurveyRow,
    TimelineRow,
    TurnRow,
)
from store.tables.files import FileRow
from store.tables.mail import MailRow
from store.tables.remedies import RemedyRow
from store.tables.shop import (
    CounterRow,
    CustomerRow,
    DataRequestRow,
    LetterRow,
    OrderRow,
    ProductRow,
    ShopTaskRow,
)
from store.tables.staff import SessionRow, StaffRow
from store.tables.touchpoints import TouchpointRow

__all__ = [
    "CaseRow",
    "ConversationRow",
    "CounterRow",
    "CustomerRow",
    "DataRequestRow",
    "DigestRow",
    "DutyRow",
    "EarlyRevisionRow",
    "FileRow",
    "FormerRefRow",
    "InboxRow",
    "LetterRow",
    "MailRow",
    "MessageRow",
    "MessageVersionRow",
    "NoteRow",
    "NudgeRow",
    "OrderRow",
    "OutboxRow",
    "ProductRow",
    "ReceiptRow",
    "RemedyRow",
    "Row",
    "SessionRow",
    "ShopTaskRow",
    "StaffRow",
    "SurveyRow",
    "TimelineRow",
    "TouchpointRow",
    "TurnRow",
]
