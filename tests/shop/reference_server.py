"""A small server that keeps the promises of docs/shop-api.md, over any `Shop` and directory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from sanic import HTTPResponse, Request, Sanic, json, raw

from conversation.customer import CustomerDirectory
from conversation.shop import DataRequest, Order, Receipt, Refused, Shop
from heard.web_server import serving
from tests.ports import HOST, free_ports

TOKEN = "token-of-the-tests"
ORDER = "/customers/<customer:str>/orders/<number:str>"
Task = Callable[[Shop, str, str, dict[str, Any], str], Awaitable[Receipt]]

ORDER_TASKS: dict[str, Task] = {
    "cancel": lambda shop, who, number, _, key: shop.cancel(who, number, key=key),
    "address": lambda shop, who, number, body, key: shop.change_address(
        who, number, body["address"], key=key
    ),
    "return": lambda shop, who, number, body, key: shop.start_return(
        who, number, body["reason"], key=key
    ),
    "refund": lambda shop, who, number, body, key: shop.refund(
        who, number, body["reason"], key=key
    ),
    "invoice": lambda shop, who, number, _, key: shop.resend_invoice(who, number, key=key),
    "return-label": lambda shop, who, number, _, key: shop.send_return_label(who, number, key=key),
    "reorder": lambda shop, who, number, _, key: shop.reorder(who, number, key=key),
    "pay-back": lambda shop, who, number, body, key: shop.pay_back(
        who, number, body["amount_cents"], body["reason"], by=body["by"], key=key
    ),
    "send-again": lambda shop, who, number, body, key: shop.send_again(
        who, number, body["reason"], by=body["by"], key=key
    ),
    "extend-return": lambda shop, who, number, body, key: shop.extend_return(
        who, number, body["days"], body["reason"], by=body["by"], key=key
    ),
}
ACCOUNT_TASKS: dict[str, Task] = {
    "newsletter": lambda shop, who, _, body, key: shop.set_newsletter(
        who, body["subscribed"], key=key
    ),
    "data-requests": lambda shop, who, _, body, key: shop.request_data(
        who, DataRequest(body["kind"]), key=key
    ),
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next requests: before the work is done, or after it."""

    status: int = 200
    body: bytes = b""
    hangs: bool = False
    drops: bool = False
    after_the_work: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class ReferenceServer:
    """Serves `shop` and `directory`. `seen` holds the path and key of every request."""

    def __init__(self, shop: Shop, directory: CustomerDirectory) -> None:
        self.shop = shop
        self.directory = directory
        self.url = ""
        self.faults: list[Fault] = []
        self.seen: list[tuple[str, str, str | None]] = []
        self.app: Sanic[Any, Any] = Sanic(f"reference_{uuid4().hex}", configure_logging=False)
        self.app.config.OAS = False
        self.app.on_request(self._admit)
        self.app.add_route(self._health, "/health")
        self.app.add_route(self._customer, "/customers/<customer:str>", unquote=True)
        self.app.add_route(self._orders, "/customers/<customer:str>/orders", unquote=True)
        for last, task in ORDER_TASKS.items():
            self._add(f"{ORDER}/{last}", task)
        for last, task in ACCOUNT_TASKS.items():
            self._add(f"/customers/<customer:str>/{last}", task)

    def _add(self, path: str, task: Task) -> None:
        async def handle(request: Request, customer: str, number: str = "") -> HTTPResponse:
            key = request.headers["idempotency-key"]
            try:
                receipt = await task(self.shop, customer, number, request.json, key)
            except Refused as refusal:
                return json({"message": str(refusal)}, status=409)
            return json({"order_number": receipt.order_number, "fact": receipt.fact}, status=201)

        self.app.add_route(
            self._faulty(handle), path, methods=["POST"], name=path.rsplit("/", 1)[1], unquote=True
        )

    def _faulty(self, handle: Callable[..., Awaitable[HTTPResponse]]) -> Any:
        async def handle_or_fail(request: Request, **parts: str) -> HTTPResponse:
            fault = self.faults.pop(0) if self.faults else None
            if fault is None:
                return await handle(request, **parts)
            if fault.after_the_work:
                await handle(request, **parts)
            return await _fail(request, fault)

        return handle_or_fail

    async def _admit(self, request: Request) -> HTTPResponse | None:
        key = request.headers.get("idempotency-key")
        self.seen.append((request.method, request.raw_url.decode(), key))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json({"message": "wrong token"}, status=401)
        return None

    async def _health(self, _: Request) -> HTTPResponse:
        return json({})

    async def _customer(self, request: Request, customer: str) -> HTTPResponse:
        async def handle(_: Request) -> HTTPResponse:
            found = await self.directory.find(customer)
            if found is None:
                return json({}, status=404)
            told = {name: value for name, value in asdict(found).items() if name != "id"}
            return json(told, dumps=_dumps)

        answer: HTTPResponse = await self._faulty(handle)(request)
        return answer

    async def _orders(self, request: Request, customer: str) -> HTTPResponse:
        async def handle(_: Request) -> HTTPResponse:
            orders = [_shown(order) for order in await self.shop.orders_of(customer)]
            return json({"orders": orders[::-1]}, dumps=_dumps)  # in another order than is asked

        answer: HTTPResponse = await self._faulty(handle)(request)
        return answer


@asynccontextmanager
async def serve(shop: Shop, directory: CustomerDirectory) -> AsyncIterator[ReferenceServer]:
    """The server on a free port of this machine."""
    server = ReferenceServer(shop, directory)
    [port] = free_ports(1)
    async with serving(server.app, HOST, port):
        server.url = f"http://{HOST}:{port}"
        yield server


async def _fail(request: Request, fault: Fault) -> HTTPResponse:
    if fault.hangs:
        await asyncio.sleep(30)
    if fault.drops:
        assert request.transport is not None
        request.transport.abort()
    return raw(fault.body, status=fault.status, headers=fault.headers)


def _shown(order: Order) -> dict[str, Any]:
    return {name: value for name, value in asdict(order).items() if name != "customer_id"}


def _dumps(value: Any, **_: Any) -> str:
    from json import dumps

    return dumps(value, default=lambda one: one.isoformat() if isinstance(one, date) else one)
