"""Files know who sent them: a customer's limit counts the customer's own

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_PATH = "/files/"


def upgrade() -> None:
    op.add_column(
        "files",
        sa.Column("author", sa.String(length=16), server_default="customer", nullable=False),
    )
    files = sa.table("files", sa.column("id", sa.String), sa.column("author", sa.String))
    for file_id in _sent_by_agents(op.get_bind()):
        op.execute(files.update().where(files.c.id == file_id).values(author="agent"))


def _sent_by_agents(connection: sa.Connection) -> list[str]:
    messages = sa.table("messages", sa.column("author", sa.String), sa.column("buttons", sa.JSON))
    said = sa.select(messages.c.buttons).where(messages.c.author == "agent")
    links = [link for links in connection.scalars(said) for link in links or ()]
    urls = [str(link.get("url") or "") for link in links]
    return [url.removeprefix(_PATH) for url in urls if url.startswith(_PATH)]


def downgrade() -> None:
    op.drop_column("files", "author")
