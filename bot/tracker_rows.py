"""One row a conversation, in SQLite or PostgreSQL."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

_TABLE = sa.Table(
    "bot_conversations",
    sa.MetaData(),
    sa.Column("conversation", sa.String(200), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False, index=True),  # seconds since 1970
    sa.Column("events", sa.Text, nullable=False),
)
_WAIT_S = 5
_DAY_S = 24 * 60 * 60


class StoreUnavailable(Exception):
    """The database cannot be used; the message says which and why."""


class Conflict(Exception):
    """Somebody else has written this conversation since it was read."""


class TrackerRows:
    """Reads and writes rows; every call is one transaction, and may block for seconds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, database: str) -> TrackerRows:
        """Open a SQLite file, or what a `postgresql://` address names, and create the table.

        Raises: StoreUnavailable.
        """
        try:
            engine = _engine(database)
            with engine.begin() as connection:
                _create(connection)
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable(
                f"HEARD_BOT_DB names a database that cannot be used ({_first_line(error)}): "
                "give the path of a SQLite file or a postgresql:// address."
            ) from error
        return cls(engine)

    def read(self, conversation: str) -> tuple[int, str] | None:
        """Return version and events, or None when the conversation is not known."""
        wanted = sa.select(_TABLE.c.version, _TABLE.c.events).where(
            _TABLE.c.conversation == conversation
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return (int(row.version), str(row.events)) if row else None

    def write(self, conversation: str, events: str, expected: int) -> int:
        """Replace version `expected` (0: there is none yet), and return the new one.

        Raises: Conflict when the row has another version.
        """
        values = {"version": expected + 1, "saved_at": time.time(), "events": events}
        try:
            with self._engine.begin() as connection:
                if expected == 0:
                    connection.execute(_TABLE.insert().values(conversation=conversation, **values))
                    return 1
                this = (_TABLE.c.conversation == conversation) & (_TABLE.c.version == expected)
                changed = connection.execute(_TABLE.update().where(this).values(**values))
                if changed.rowcount == 1:
                    return expected + 1
        except IntegrityError as error:
            raise Conflict(conversation) from error
        raise Conflict(conversation)

    def prune(self, days: float) -> int:
        """Delete conversations that were silent for `days`, and return how many."""
        old = _TABLE.c.saved_at < time.time() - days * _DAY_S
        with self._engine.begin() as connection:
            return int(connection.execute(_TABLE.delete().where(old)).rowcount)

    def conversations(self) -> list[str]:
        """Return the ids of all conversations."""
        with self._engine.connect() as connection:
            return [str(row.conversation) for row in connection.execute(sa.select(_TABLE.c[0]))]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _engine(database: str) -> Engine:
    if "://" in database:
        url = sa.engine.make_url(database)
        if url.get_backend_name() != "postgresql":
            raise ArgumentError(f"{url.get_backend_name()} is not supported")
        waits = {"connect_timeout": _WAIT_S, "options": f"-c statement_timeout={_WAIT_S}s"}
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg2"), pool_pre_ping=True, connect_args=waits
        )
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        f"sqlite:///{database}",
        connect_args={"timeout": _WAIT_S, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
    )
    sa.event.listen(engine, "connect", _tune)
    return engine


def _tune(connection: Any, _: object) -> None:
    """A crash of the process loses nothing, one of the machine perhaps the last turn."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _create(connection: Connection) -> None:
    """Several replicas start at once: only one of them may create the table."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(482050)"))
    else:
        connection.execute(sa.text("BEGIN IMMEDIATE"))
    _TABLE.metadata.create_all(connection)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
