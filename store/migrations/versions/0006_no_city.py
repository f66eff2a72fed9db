"""The city of a customer is no longer kept: nothing read it

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("customers", "city")


def downgrade() -> None:
    op.add_column(
        "customers",
        sa.Column("city", sa.String(length=80), nullable=False, server_default=sa.text("''")),
    )
