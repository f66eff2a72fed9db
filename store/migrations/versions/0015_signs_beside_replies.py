"""Where agents' replies stand at the desk, and whether the customer has them

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("sign", sa.String(length=16), nullable=False),
        sa.Column("at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_receipts_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_message_id"), "receipts", ["message_id"])
    op.create_index(op.f("ix_receipts_sign"), "receipts", ["sign"])


def downgrade() -> None:
    op.drop_table("receipts")
