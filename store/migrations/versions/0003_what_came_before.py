"""What came before the chat: contacts elsewhere, pages, preferences, a carrier who came in vain

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "touchpoints",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("promised_by", store.tables.base.Utc(timezone=True), nullable=True),
        sa.Column("received_at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoints")),
    )
    op.create_index("ix_touchpoints_customer_id", "touchpoints", ["customer_id", "at"])
    # Added in place, as in 0002: other tables refer to the rows of these.
    op.add_column(
        "customers",
        sa.Column("preferences", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column("orders", sa.Column("missed_on", sa.Date(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("pages", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column(
        "conversations",
        sa.Column("continued_at", store.tables.base.Utc(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("conversations", "continued_at")
    op.drop_column("conversations", "pages")
    op.drop_column("orders", "missed_on")
    op.drop_column("customers", "preferences")
    op.drop_index("ix_touchpoints_customer_id", table_name="touchpoints")
    op.drop_table("touchpoints")
