"""What other effort weights would have scored, beside the score that counted

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turns") as batch_op:
        batch_op.add_column(sa.Column("shadow_score", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("shadow_weights", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turns") as batch_op:
        batch_op.drop_column("shadow_weights")
        batch_op.drop_column("shadow_score")
