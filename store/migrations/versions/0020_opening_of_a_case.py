"""A case stands at its desk before the conversation does

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("opening", sa.String(length=36), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "opening")
