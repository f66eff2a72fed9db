"""Other systems report contacts: who may, what is taken, what is refused and how."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversation.clock import utc_now
from conversation.contacts import ELSEWHERE, Channel
from conversation.topics import topics
from heard.settings import ROOT
from tests.door import TOUCHPOINTS_TOKEN, Door, open_door
from tests.patience import PATIENT_S
from website.limits import Limits, TokenBuckets
from website.touchpoints import LONGEST_SUMMARY, OPTIONAL, PATH, REQUIRED

A_DAY = timedelta(days=1)
PAGE = (ROOT / "docs" / "touchpoints.md").read_text()


def report(**fields: Any) -> dict[str, Any]:
    """A report that is taken, but for what the test changes; None leaves a field out."""
    whole = {
        "id": "phone-1",
        "customer": "demo-ada",
        "kind": "call",
        "at": (utc_now() - A_DAY).isoformat(),
        "topic": "late_parcel",
        "outcome": "open",
        "summary": "Asked where the tent is.",
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    few = Limits(reports=TokenBuckets(per_s=0.01, burst=25))
    async with open_door(tmp_path, limits=few) as opened:
        yield opened


@pytest.fixture
async def system(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOUCHPOINTS_TOKEN}"}
    async with httpx.AsyncClient(
        base_url=door.url, headers=headers, trust_env=False, timeout=PATIENT_S
    ) as http:
        yield http


async def kept(door: Door, customer: str = "demo-ada") -> list[tuple[str, str, bool]]:
    async with door.store.read() as work:
        contacts = await work.touchpoints.of(customer, utc_now() - 9 * A_DAY)
    return [(one.channel.value, one.topics[0], one.solved) for one in contacts]


async def test_a_contact_is_taken_once_and_the_last_word_holds(
    door: Door, system: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(system.post(PATH, json=report()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert await kept(door) == [("call", "late_parcel", False)]
    again = await system.post(PATH, json=report(outcome="solved", summary=None))
    assert again.json() == {"id": "phone-1", "new": False}
    assert await kept(door) == [("call", "late_parcel", True)]


async def test_an_id_belongs_to_one_customer(door: Door, system: httpx.AsyncClient) -> None:
    await system.post(PATH, json=report())
    other = await system.post(PATH, json=report(customer="demo-bea"))
    assert other.status_code == 409
    assert "another id" in other.json()["error"]["text"]
    assert await kept(door, "demo-bea") == []


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", f"Basic {TOUCHPOINTS_TOKEN}"])
async def test_nobody_reports_without_the_token(door: Door, token: str) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False, timeout=PATIENT_S) as http:
        for method in ("POST", "DELETE"):
            answer = await http.request(
                method, PATH, json=report(), headers={"Authorization": token}
            )
            assert answer.status_code == 401
            assert "HEARD_TOUCHPOINTS_TOKEN" in answer.json()["error"]["text"]
    assert await kept(door) == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", None, "a text that is not empty"),
        ("id", "x" * 65, "at most 64 characters"),
        ("id", "a\x00b", "a text that is not empty"),
        ("customer", 7, "a text"),
        ("kind", "chat", "visit, call, email, review"),
        ("kind", ["call"], "one of"),
        ("at", "yesterday", "2026-03-04T10:15:00Z"),
        ("at", "2026-03-04T10:15:00", "with its zone"),
        ("at", "0001-01-01T00:00:00+23:00", "a moment"),
        pytest.param("at", (utc_now() + A_DAY).isoformat(), "has passed", id="tomorrow"),
        ("topic", "weather", "late_parcel"),
        ("outcome", "maybe", "open, solved"),
        ("summary", "x" * (LONGEST_SUMMARY + 1), "at most 300 characters"),
        ("promised_by", "soon", "with its zone"),
        ("mood", "bad", "left out: known are id"),
    ],
)
async def test_a_wrong_field_is_named_with_what_it_must_be(
    door: Door, system: httpx.AsyncClient, field: str, value: Any, says: str
) -> None:
    answer = await system.post(PATH, json=report(**{field: value}))
    assert answer.status_code == 400
    text = answer.json()["error"]["text"]
    assert f"The field {field} must be" in text
    assert says in text
    assert await kept(door) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"id": "1"}', "text/plain", 415),
        (b'{"summary": "' + b"x" * 20_000 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_report_is_refused(
    system: httpx.AsyncClient, body: bytes, kind: str, status: int
) -> None:
    answer = await system.post(PATH, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


async def test_too_many_reports_are_told_to_wait(door: Door, system: httpx.AsyncClient) -> None:
    codes = [(await system.post(PATH, json=report())).status_code for _ in range(27)]
    assert codes[:25].count(429) == 0
    assert codes[25:] == [429, 429]


async def test_all_of_a_customer_can_be_deleted(door: Door, system: httpx.AsyncClient) -> None:
    for number in range(3):
        await system.post(PATH, json=report(id=f"phone-{number}"))
    await system.post(PATH, json=report(id="mail-1", customer="demo-bea", kind="email"))
    assert (await system.delete(PATH)).status_code == 400
    gone = await system.delete(PATH, params={"customer": "demo-ada"})
    assert gone.json() == {"forgotten": 3}
    assert await kept(door) == []
    assert len(await kept(door, "demo-bea")) == 1


def test_the_page_names_every_field_kind_and_topic() -> None:
    fields = re.findall(r"^\| `(\w+)` \| (yes|no) \|", PAGE, re.MULTILINE)
    assert {name for name, required in fields if required == "yes"} == set(REQUIRED)
    assert {name for name, required in fields if required == "no"} == set(OPTIONAL)
    listed = re.findall(r"`(\w+)`", PAGE.split("## Topics")[1])
    assert tuple(listed) == topics()
    assert {one.value for one in ELSEWHERE} == set(Channel) - {Channel.CHAT}
    assert all(f"`{one.value}`" in PAGE for one in ELSEWHERE)
