"""Which digest went out

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = store.tables.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_digests")),
    )


def downgrade() -> None:
    op.drop_table("digests")
