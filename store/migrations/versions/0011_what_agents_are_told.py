"""What agents are told beside a case, and where a case stood before

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("notice", sa.JSON(), nullable=True))
    op.create_table(
        "former_refs",
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_former_refs_case_id_cases")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_former_refs")),
    )
    op.create_index(op.f("ix_former_refs_case_id"), "former_refs", ["case_id"])


def downgrade() -> None:
    op.drop_table("former_refs")
    op.drop_column("outbox", "notice")
