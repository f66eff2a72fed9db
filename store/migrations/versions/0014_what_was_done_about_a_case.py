"""What was done about a case, once, and which process watches

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = store.tables.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "nudges",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_nudges_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_nudges")),
    )
    op.create_table(
        "duties",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duties")),
    )


def downgrade() -> None:
    op.drop_table("duties")
    op.drop_table("nudges")
