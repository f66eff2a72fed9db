"""Cases that rest, change hands, matter more and open again; replies that are edited and deleted

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op
import store.tables.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = store.tables.base.Utc(timezone=True)

# Added in place, as in 0002: other tables refer to the rows of these.
_ADDED = {
    "cases": (
        ("priority", sa.String(length=16), sa.text("'normal'")),
        ("snoozed_until", _MOMENT, None),
        ("first_reply_at", _MOMENT, None),
        ("reopened_at", _MOMENT, None),
        ("closed_by", sa.String(length=36), None),
        ("closed_seq", sa.Integer(), None),
        ("resolution", sa.String(length=16), None),
        ("needed", sa.Boolean(), None),
    ),
    "conversations": (("changes", sa.Integer(), sa.text("0")),),
    "messages": (
        ("staff_id", sa.String(length=36), None),
        ("helping", sa.String(length=120), None),
        ("edited_at", _MOMENT, None),
        ("deleted_at", _MOMENT, None),
        ("stamp", sa.String(length=64), None),
        ("change", sa.Integer(), None),
    ),
}


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for name, kind, default in columns:
            op.add_column(
                table, sa.Column(name, kind, nullable=default is None, server_default=default)
            )
    op.create_table(
        "message_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_versions_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_versions")),
    )
    op.create_index(op.f("ix_message_versions_message_id"), "message_versions", ["message_id"])
    op.create_table(
        "early_revisions",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=160), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_early_revisions_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "client_id", name=op.f("pk_early_revisions")),
    )


def downgrade() -> None:
    op.drop_table("early_revisions")
    op.drop_index(op.f("ix_message_versions_message_id"), table_name="message_versions")
    op.drop_table("message_versions")
    for table, columns in _ADDED.items():
        for name, _, _ in columns:
            op.drop_column(table, name)
