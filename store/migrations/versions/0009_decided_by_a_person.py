"""What agents decide in the shop: a longer return, an order in the place of another, who decided

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("return_until", sa.Date(), nullable=True))
    op.add_column("orders", sa.Column("replaces", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_orders_replaces"), "orders", ["replaces"], unique=True)
    op.create_table(
        "remedies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("order_number", sa.String(length=500), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stands", sa.String(length=8), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("asked_at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remedies_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_remedies_case_id_key")),
    )
    op.create_index("ix_remedies_customer_id", "remedies", ["customer_id", "order_number"])


def downgrade() -> None:
    op.drop_table("remedies")
    op.drop_index(op.f("ix_orders_replaces"), table_name="orders")
    op.drop_column("orders", "replaces")
    op.drop_column("orders", "return_until")
