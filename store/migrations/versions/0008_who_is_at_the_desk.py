"""Who is at the desk, and which group has a case

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = store.tables.base.Utc(timezone=True)


def upgrade() -> None:
    for name in ("away_since", "away_until", "gone_at"):
        op.add_column("staff", sa.Column(name, _MOMENT, nullable=True))
    op.add_column(
        "cases", sa.Column("group_key", sa.String(length=32), nullable=False, server_default="")
    )
    op.add_column("cases", sa.Column("routed_at", _MOMENT, nullable=True))
    op.add_column("cases", sa.Column("suggested_id", sa.String(length=36), nullable=True))
    op.add_column("cases", sa.Column("reply_due_at", _MOMENT, nullable=True))


def downgrade() -> None:
    for name in ("reply_due_at", "suggested_id", "routed_at", "group_key"):
        op.drop_column("cases", name)
    for name in ("gone_at", "away_until", "away_since"):
        op.drop_column("staff", name)
