"""Where a case stood in its group's queue when it came

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("place", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("cases", "place")
