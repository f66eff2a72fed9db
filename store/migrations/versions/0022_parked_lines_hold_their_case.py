"""What was said is shown in its order also after a refusal

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("holds", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    outbox = sa.table(
        "outbox", sa.column("kind", sa.String), sa.column("parked", sa.Boolean), sa.column("holds")
    )
    in_order = outbox.c.kind.in_(["open_case", "relay", "notice"])
    op.execute(outbox.update().where(outbox.c.parked, in_order).values(holds=sa.true()))


def downgrade() -> None:
    op.drop_column("outbox", "holds")
