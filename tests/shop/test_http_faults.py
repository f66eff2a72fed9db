"""What a company's API can do wrong, and what it then costs."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from company.api import CompanyApi, NoAnswer
from company.http_shop import HttpShop
from conversation.shop import ShopUnavailable
from tests.ports import HOST, free_ports
from tests.shop.conftest import TIMEOUT_S, refusal
from tests.shop.reference_server import TOKEN, Fault, ReferenceServer

WRONG_ORDER = {"number": "1", "items": ["Tent"], "total_cents": 1, "currency": "EUR"}


@pytest.fixture
async def api(server: ReferenceServer) -> AsyncIterator[CompanyApi]:
    opened = CompanyApi(server.url, TOKEN, TIMEOUT_S)
    yield opened
    await opened.close()


@pytest.fixture
def shop(api: CompanyApi) -> HttpShop:
    return HttpShop(api)


def keys(server: ReferenceServer) -> list[str | None]:
    return [key for _, _, key in server.seen]


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(502), Fault(503), Fault(504), Fault(drops=True)], ids=str
)
async def test_a_passing_failure_costs_nothing(
    server: ReferenceServer, shop: HttpShop, fault: Fault
):
    server.faults = [fault, fault]
    receipt = await shop.cancel("demo-finn", "1007", key="m1")
    assert receipt.fact == "Order 1007 is cancelled."
    assert keys(server) == ["m1"] * 3


@pytest.mark.parametrize(
    "lost",
    [Fault(503, after_the_work=True), Fault(drops=True, after_the_work=True)],
    ids=["answered 503", "answer lost"],
)
async def test_what_was_done_although_it_failed_is_not_done_again(
    server: ReferenceServer, shop: HttpShop, lost: Fault
):
    server.faults = [lost]
    receipt = await shop.reorder("demo-pia", "1022", key="m1")
    assert receipt.order_number == "2001"
    assert [order.number for order in await shop.orders_of("demo-pia")] == ["2001", "1022"]


async def test_a_lasting_failure_is_told_after_three_attempts(
    server: ReferenceServer, shop: HttpShop
):
    server.faults = [Fault(500)] * 3
    with pytest.raises(ShopUnavailable, match="it answered 500"):
        await shop.cancel("demo-finn", "1007", key="m1")
    assert len(server.seen) == 3


async def test_an_api_that_hangs_costs_its_time_and_the_key_stays_good(server: ReferenceServer):
    api = CompanyApi(server.url, TOKEN, 1.0)
    server.faults = [Fault(hangs=True, after_the_work=True)]
    began = asyncio.get_running_loop().time()
    with pytest.raises(ShopUnavailable, match="no answer within 1 s"):
        await HttpShop(api).reorder("demo-pia", "1022", key="m1")
    assert asyncio.get_running_loop().time() - began < 15
    assert len(server.seen) == 1
    later = CompanyApi(server.url, TOKEN, TIMEOUT_S)
    assert (await HttpShop(later).reorder("demo-pia", "1022", key="m1")).order_number == "2001"
    assert len(await HttpShop(later).orders_of("demo-pia")) == 2
    await api.close()
    await later.close()


async def test_failures_without_end_keep_to_the_time(server: ReferenceServer):
    api = CompanyApi(server.url, TOKEN, 0.5)
    server.faults = [Fault(503), Fault(503), Fault(503)]
    with pytest.raises(ShopUnavailable, match=r"no answer within 0\.5 s"):
        await HttpShop(api).cancel("demo-finn", "1007", key="m1")
    await api.close()


async def test_nobody_there_is_told():
    [port] = free_ports(1)
    api = CompanyApi(f"http://{HOST}:{port}", TOKEN, TIMEOUT_S)
    with pytest.raises(ShopUnavailable, match="not reachable"):
        await HttpShop(api).orders_of("demo-ada")
    with pytest.raises(NoAnswer, match="not reachable"):
        await api.check()
    await api.close()


async def test_a_wrong_token_is_told_at_once(server: ReferenceServer):
    api = CompanyApi(server.url, "wrong", TIMEOUT_S)
    with pytest.raises(ShopUnavailable, match="refused the token"):
        await HttpShop(api).cancel("demo-finn", "1007", key="m1")
    assert len(server.seen) == 1
    with pytest.raises(NoAnswer, match="refused the token"):
        await api.check()
    await api.close()


async def test_a_good_api_passes_the_check(api: CompanyApi):
    await api.check()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b'"done"',
        b'{"done": true}',
        b'{"fact": ""}',
        b'{"fact": 7}',
        b'{"fact": "It is done.", "order_number": 1007}',
        json.dumps({"fact": "x" * 501}).encode(),
    ],
)
async def test_a_receipt_that_cannot_be_read_is_no_receipt(
    server: ReferenceServer, shop: HttpShop, body: bytes
):
    server.faults = [Fault(200, body)]
    with pytest.raises(ShopUnavailable):
        await shop.cancel("demo-finn", "1007", key="m1")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "lost"},
        {"state": None},
        {"placed_on": "4 March"},
        {"placed_on": None},
        {"due_on": 20260304},
        {"items": []},
        {"items": [1]},
        {"total_cents": "100"},
        {"total_cents": 1.5},
        {"total_cents": -1},
        {"total_cents": True},
        {"address": ""},
    ],
    ids=str,
)
async def test_orders_that_cannot_be_read_are_told_by_field(
    server: ReferenceServer, shop: HttpShop, changed: dict[str, object]
):
    whole = WRONG_ORDER | {"state": "shipped", "placed_on": "2026-03-04", "address": "1 Street"}
    server.faults = [Fault(200, json.dumps({"orders": [whole]}).encode())]
    [order] = await shop.orders_of("demo-ada")
    assert (order.customer_id, order.total_cents, order.refund_cents) == ("demo-ada", 1, 0)
    server.faults = [Fault(200, json.dumps({"orders": [whole | changed]}).encode())]
    with pytest.raises(ShopUnavailable, match=rf"{next(iter(changed))} of an order"):
        await shop.orders_of("demo-ada")


async def test_a_refusal_is_told_word_for_word(server: ReferenceServer, shop: HttpShop):
    for status in (409, 422):
        server.faults = [Fault(status, b'{"message": "A colleague decides on that."}')]
        told = await refusal(shop.refund("demo-ada", "1002", "torn", key="m1"))
        assert told == "A colleague decides on that."


@pytest.mark.parametrize(
    "fault",
    [
        Fault(409, b"{}"),
        Fault(422, b"<html>"),
        Fault(409, json.dumps({"message": "x" * 501}).encode()),
        Fault(400, b'{"message": "no"}'),
        Fault(429),
        Fault(202, b"{}"),
        Fault(204),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:12]!r}",
)
async def test_an_answer_that_is_not_in_the_book_brings_a_person(
    server: ReferenceServer, shop: HttpShop, fault: Fault
):
    server.faults = [fault]
    with pytest.raises(ShopUnavailable):
        await shop.cancel("demo-finn", "1007", key="m1")
    assert len(server.seen) == 1


async def test_the_token_does_not_follow_a_redirect(server: ReferenceServer, shop: HttpShop):
    server.faults = [Fault(302, headers={"location": f"{server.url}/elsewhere"})]
    with pytest.raises(ShopUnavailable, match="302"):
        await shop.orders_of("demo-ada")
    assert [path for _, path, _ in server.seen] == ["/customers/demo-ada/orders"]


async def test_an_order_number_leads_to_no_other_path(server: ReferenceServer, shop: HttpShop):
    for number in ("..", ".", "", "../../health", "1007/refund?x=#y", "1007%2Fcancel"):
        await refusal(shop.cancel("demo-finn", number, key="m1"))
    assert [path for _, path, _ in server.seen] == [
        "/customers/demo-finn/orders/..%2F..%2Fhealth/cancel",
        "/customers/demo-finn/orders/1007%2Frefund%3Fx%3D%23y/cancel",
        "/customers/demo-finn/orders/1007%252Fcancel/cancel",
    ]
