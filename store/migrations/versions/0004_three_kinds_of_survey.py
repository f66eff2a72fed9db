"""Surveys of three kinds, each with what became of it and the case that it is about

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = store.tables.base.Utc(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("surveys") as batch_op:
        batch_op.alter_column("ces", existing_type=sa.Integer(), new_column_name="score")
        batch_op.alter_column("rated_at", existing_type=sa.DateTime(timezone=True), new_column_name="answered_at")
        batch_op.alter_column("closed_at", existing_type=sa.DateTime(timezone=True), new_column_name="told_at")
        batch_op.add_column(
            sa.Column("kind", sa.String(length=8), nullable=False, server_default="ces")
        )
        batch_op.add_column(sa.Column("case_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("dismissed_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("follow_up", sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_surveys_case_id_cases"), "cases", ["case_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_surveys_case_id"), ["case_id"])
    # An agent resolved the case and asked in the same moment.
    op.execute(
        "UPDATE surveys SET case_id = (SELECT cases.id FROM cases "
        "WHERE cases.conversation_id = surveys.conversation_id "
        "AND cases.closed_at = surveys.asked_at)"
    )
    # Closed without a rating: by the customer, or in the moment in which a newer one was asked.
    op.execute(
        "UPDATE surveys SET dismissed_at = told_at WHERE score IS NULL AND told_at IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM surveys AS newer "
        "WHERE newer.conversation_id = surveys.conversation_id "
        "AND newer.asked_at = surveys.told_at)"
    )
    op.execute("UPDATE surveys SET told_at = NULL WHERE score IS NULL")
    with op.batch_alter_table("surveys") as batch_op:
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=8), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    # The older schema knows the effort rating alone; what else was asked has no place in it.
    op.execute("DELETE FROM surveys WHERE kind <> 'ces'")
    op.execute("UPDATE surveys SET told_at = dismissed_at WHERE told_at IS NULL")
    op.execute(
        "UPDATE surveys SET told_at = (SELECT MIN(newer.asked_at) FROM surveys AS newer "
        "WHERE newer.conversation_id = surveys.conversation_id "
        "AND newer.asked_at > surveys.asked_at) WHERE told_at IS NULL"
    )
    with op.batch_alter_table("surveys") as batch_op:
        batch_op.drop_index(batch_op.f("ix_surveys_case_id"))
        batch_op.drop_constraint(batch_op.f("fk_surveys_case_id_cases"), type_="foreignkey")
        batch_op.drop_column("follow_up")
        batch_op.drop_column("dismissed_at")
        batch_op.drop_column("case_id")
        batch_op.drop_column("kind")
        batch_op.alter_column("told_at", existing_type=sa.DateTime(timezone=True), new_column_name="closed_at")
        batch_op.alter_column("answered_at", existing_type=sa.DateTime(timezone=True), new_column_name="rated_at")
        batch_op.alter_column("score", existing_type=sa.Integer(), new_column_name="ces")
