"""An address for answers, the promise of one by e-mail, and what a page has confirmed

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

import store.tables.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("email_asked", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "conversations",
        sa.Column("shown_seq", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.add_column("cases", sa.Column("callback_at", store.tables.base.Utc(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "callback_at")
    op.drop_column("conversations", "shown_seq")
    op.drop_column("conversations", "email_asked")
    op.drop_column("conversations", "email")
