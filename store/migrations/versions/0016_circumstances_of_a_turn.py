"""A turn has the circumstances under which it was decided

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "turns", sa.Column("in_form", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "turns", sa.Column("sooner", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )


def downgrade() -> None:
    op.drop_column("turns", "sooner")
    op.drop_column("turns", "in_form")
