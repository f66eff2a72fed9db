"""Where no page is, and where something of ours broke: a sentence that says what to do."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic

from conversation.clock import utc_now
from heard.errors import plain_errors
from heard.web_server import serving
from staff.door import StaffDoor
from store.store import SqlStore
from tests.patience import PATIENT_S
from tests.ports import HOST, free_ports

ADVICE = "Try again in a moment."


async def breaks(_: Request) -> HTTPResponse:
    raise ValueError("secret words")


@pytest.fixture
async def http(store: SqlStore) -> AsyncIterator[httpx.AsyncClient]:
    app: Sanic[Any, Any] = Sanic(f"errors_{uuid4().hex}", configure_logging=False)
    [port] = free_ports(1)
    door = StaffDoor(store, utc_now, secure_cookies=False, company="Northpine")
    plain_errors(app, door)
    app.blueprint(door.blueprint)
    for name, path in enumerate(("/breaks", "/desk/breaks", "/api/breaks")):
        app.add_route(breaks, path, name=f"breaks_{name}")
    async with (
        serving(app, HOST, port),
        httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=PATIENT_S) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [("/breaks", 500), ("/desk/breaks", 500), ("/nowhere", 404), ("/desk/nowhere", 404)],
)
async def test_people_read_what_happened_and_what_to_do(
    http: httpx.AsyncClient, path: str, status: int
):
    answer = await http.get(path)
    assert answer.status_code == status
    assert (ADVICE if status == 500 else "begin at the front page") in answer.text
    assert "secret words" not in answer.text
    framed = "staff.css" in answer.text and 'href="/sign-in"' in answer.text
    assert framed == path.startswith("/desk")


async def test_programs_read_the_same_as_json(http: httpx.AsyncClient):
    answer = await http.get("/api/breaks")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "broke")
    assert ADVICE in answer.json()["error"]["text"]


async def test_a_request_of_another_kind_is_named(http: httpx.AsyncClient):
    answer = await http.post("/desk/breaks")
    assert answer.status_code == 405
    assert "does not take that kind of request" in answer.text
