"""Where an agent's reply stands is kept with the case that it belongs to

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OPENED_LAST = """
    UPDATE receipts SET case_id = (
        SELECT cases.id FROM cases JOIN messages ON messages.conversation_id = cases.conversation_id
        WHERE messages.id = receipts.message_id AND cases.opened_seq < messages.seq
        ORDER BY cases.number DESC LIMIT 1
    ) WHERE message_id IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("case_id", sa.String(length=36), nullable=True))
        receipts.create_foreign_key(
            op.f("fk_receipts_case_id_cases"), "cases", ["case_id"], ["id"]
        )
    op.execute(_OPENED_LAST)


def downgrade() -> None:
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_constraint(op.f("fk_receipts_case_id_cases"), type_="foreignkey")
        receipts.drop_column("case_id")
