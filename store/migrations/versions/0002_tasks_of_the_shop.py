"""What the shop's tasks need: stock, letters, newsletter, wishes about data

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_products")),
    )
    counters = op.create_table(
        "shop_counters",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shop_counters")),
    )
    op.bulk_insert(counters, [{"name": "orders", "value": 2000}])
    op.create_table(
        "shop_letters",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_shop_letters_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_shop_letters_order_number_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_letters")),
    )
    op.create_index(op.f("ix_shop_letters_customer_id"), "shop_letters", ["customer_id"])
    op.create_table(
        "data_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asked_at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", store.tables.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_data_requests_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index("ix_data_requests_customer_id", "data_requests", ["customer_id", "kind"])
    # Added in place: a copy of the table would take its rows out from under the orders' references.
    op.add_column(
        "customers",
        sa.Column("newsletter", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("shop_tasks") as batch_op:
        batch_op.alter_column("order_number", existing_type=sa.String(length=16), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_shop_tasks_key_task"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_shop_tasks_customer_id_key_task"), ["customer_id", "key", "task"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM shop_tasks WHERE order_number IS NULL")
    with op.batch_alter_table("shop_tasks") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_shop_tasks_customer_id_key_task"), type_="unique")
        batch_op.alter_column("order_number", existing_type=sa.String(length=16), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_shop_tasks_key_task"), ["key", "task"])
    op.drop_column("customers", "newsletter")
    op.drop_table("data_requests")
    op.drop_table("shop_letters")
    op.drop_table("shop_counters")
    op.drop_table("products")
