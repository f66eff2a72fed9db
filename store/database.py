"""The connection to the database: SQLite on one machine, PostgreSQL on many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MS = 10_000


def connect(url: str) -> AsyncEngine:
    """An engine for `url`, with what each kind of database needs to keep our guarantees."""
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_async_engine(url, hide_parameters=True)  # errors are logged; rows are not
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "invalidate", _let_go_of_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    raw: Any = connection
    raw.isolation_level = None  # transactions begin where _begin_sqlite says, not at first write
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # acknowledged means on disk, also after a power cut
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer fails when somebody else wrote meanwhile: writers queue up front.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _let_go_of_sqlite(
    connection: DBAPIConnection, _: ConnectionPoolEntry, __: BaseException | None
) -> None:
    # A task that is cancelled inside a transaction leaves an unfinished statement behind. It keeps
    # the connection, which is about to be closed, alive with its lock on the whole database. The
    # rollback has to be queued ahead of the close, so it is only begun here and not awaited.
    raw: Any = connection
    with suppress(ValueError, StopIteration):  # closed already, or done at once
        rollback = raw.driver_connection.rollback()
        rollback.send(None)
        rollback.close()


@asynccontextmanager
async def transaction(engine: AsyncEngine, *, writes: bool) -> AsyncIterator[AsyncSession]:
    """A session in one transaction: committed on leaving, rolled back on an exception."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(writes=writes)
        async with (
            connection.begin(),
            AsyncSession(bind=connection, expire_on_commit=False, autoflush=True) as session,
        ):
            yield session
            await session.flush()
