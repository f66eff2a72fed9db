"""A directory that is slow, down or wrong costs the customer nothing but the facts."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from company.api import CompanyApi
from company.http_directory import REST_FOR, STALE_FOR, HttpDirectory
from company.http_shop import HttpShop
from conversation.customer import DirectoryUnavailable
from handoff.briefing.briefing import Briefer
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.ports import HOST, free_ports
from tests.shop.conftest import FRESH_FOR, NOON, TIMEOUT_S, Clock
from tests.shop.reference_server import TOKEN, Fault, ReferenceServer

MOMENT = timedelta(seconds=1)
DOWN = [Fault(503)] * 3


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def directory(server: ReferenceServer, clock: Clock) -> AsyncIterator[HttpDirectory]:
    api = CompanyApi(server.url, TOKEN, TIMEOUT_S)
    yield HttpDirectory(api, clock, FRESH_FOR)
    await api.close()


async def test_a_customer_is_asked_for_once_while_fresh(
    server: ReferenceServer, directory: HttpDirectory, clock: Clock
):
    first = await directory.find("demo-ada")
    clock.now += FRESH_FOR - MOMENT
    assert await directory.find("demo-ada") == first
    assert len(server.seen) == 1
    clock.now += MOMENT
    assert await directory.find("demo-ada") == first
    assert len(server.seen) == 2


async def test_who_is_not_known_is_asked_for_again(
    server: ReferenceServer, directory: HttpDirectory
):
    assert await directory.find("nobody") is None
    assert await directory.find("nobody") is None
    assert len(server.seen) == 2


async def test_who_has_gone_is_forgotten(
    server: ReferenceServer, directory: HttpDirectory, clock: Clock
):
    await directory.find("demo-ada")
    clock.now += FRESH_FOR
    server.faults = [Fault(404)]
    assert await directory.find("demo-ada") is None
    clock.now += MOMENT
    server.faults = list(DOWN)
    with pytest.raises(DirectoryUnavailable):
        await directory.find("demo-ada")


@pytest.mark.parametrize(
    "faults",
    [DOWN, [Fault(200, b"<html>")], [Fault(200, b'{"name": 7}')], [Fault(403)]],
    ids=["down", "no JSON", "wrong fields", "token"],
)
async def test_a_failing_directory_is_answered_from_memory_for_a_day(
    server: ReferenceServer, directory: HttpDirectory, clock: Clock, faults: list[Fault]
):
    first = await directory.find("demo-ada")
    clock.now += FRESH_FOR
    server.faults = list(faults)
    assert await directory.find("demo-ada") == first
    clock.now = NOON + STALE_FOR
    server.faults = list(faults)
    with pytest.raises(DirectoryUnavailable):
        await directory.find("demo-ada")


async def test_nobody_waits_for_a_directory_that_failed_a_moment_ago(
    server: ReferenceServer, directory: HttpDirectory, clock: Clock
):
    server.faults = list(DOWN)
    for customer_id in ("demo-ada", "demo-ben"):
        with pytest.raises(DirectoryUnavailable):
            await directory.find(customer_id)
    assert len(server.seen) == 3
    clock.now += REST_FOR
    assert await directory.find("demo-ada") is not None


async def test_one_record_that_is_wrong_keeps_nobody_else_waiting(
    server: ReferenceServer, directory: HttpDirectory
):
    server.faults = [Fault(200, b"{}")]
    with pytest.raises(DirectoryUnavailable, match="name of a customer"):
        await directory.find("demo-ada")
    assert await directory.find("demo-ben") is not None


async def test_a_dead_directory_leaves_the_orders(sqlite_store: SqlStore, server: ReferenceServer):
    api = CompanyApi(server.url, TOKEN, 0.5)
    server.faults = [Fault(hangs=True)]
    shop = SqlShop(sqlite_store, lambda: NOON)
    briefer = Briefer(HttpDirectory(api, lambda: NOON, FRESH_FOR), shop, timeout_s=TIMEOUT_S)
    context = await briefer.context("demo-ada")
    assert context.customer is None
    assert [order.number for order in context.orders] == ["1001", "1002"]
    await api.close()


async def test_a_dead_shop_leaves_the_customer(sqlite_store: SqlStore):
    [port] = free_ports(1)
    api = CompanyApi(f"http://{HOST}:{port}", TOKEN, TIMEOUT_S)
    context = await Briefer(SqlDirectory(sqlite_store), HttpShop(api), TIMEOUT_S).context(
        "demo-ada"
    )
    assert context.customer is not None
    assert context.orders == ()
    await api.close()
