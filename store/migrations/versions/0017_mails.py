"""Answers that go out by e-mail

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

import store.tables.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seqs", sa.JSON(), nullable=False),
        sa.Column("put_at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.Column("due_at", store.tables.base.Utc(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", store.tables.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_mails_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_mails")),
        sa.UniqueConstraint("id", name=op.f("uq_mails_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_mails_undone", "mails", ["done_at", "conversation_id", "position"], unique=False
    )
    op.add_column("conversations", sa.Column("email_heard", sa.String(length=998), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "email_heard")
    op.drop_index("ix_mails_undone", table_name="mails")
    op.drop_table("mails")
