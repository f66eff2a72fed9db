"""The words of a notice that its desk has are kept no longer

Revision: 0024
Follows: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE outbox SET notice = NULL WHERE done_at IS NOT NULL")


def downgrade() -> None:
    """What is gone stays so."""
