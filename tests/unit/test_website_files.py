"""Files that customers send: taken by their content, handed out to nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversation.files import LARGEST_BYTES, kind_of, safe_name
from handoff.delivery.boxes import Delivery
from tests.door import Door, open_door

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def _visitor(door: Door, *, waits: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=door.url, timeout=20) as http:
        opened = (await http.post("/api/session", json={})).json()
        http.headers["authorization"] = f"Bearer {opened['token']}"
        if waits:
            await http.post("/api/person")
        yield http


async def _send(http: httpx.AsyncClient, content: bytes, key: str = "f1", name: str = "tent.png"):
    params = {"name": name, "client_id": key}
    return await http.post("/api/files", params=params, content=content)


async def _file_message(http: httpx.AsyncClient) -> dict[str, Any]:
    messages = (await http.get("/api/messages")).json()["messages"]
    [found] = [m for m in messages if m["author"] == "customer"]
    return dict(found)


async def test_a_file_is_a_message_and_goes_to_the_desk_once(door: Door) -> None:
    async with _visitor(door) as http:
        for _ in range(2):
            answer = await _send(http, PNG)
            assert answer.status_code == 200, answer.text
        message = await _file_message(http)
        assert message["buttons"][0]["title"] == "tent.png, 1 kB"
        async with door.store.read() as work:
            [case] = await work.cases.listed(open_only=True)
            kinds = [entry.kind for entry in await work.outbox.undone(case.id)]
        assert kinds.count(Delivery.RELAY) == 1


async def test_a_file_is_handed_out_as_a_download_to_its_own_conversation_alone(door: Door) -> None:
    async with _visitor(door) as http, _visitor(door) as other:
        await _send(http, PNG, name="my <tent>.html")
        path = "/api" + (await _file_message(http))["buttons"][0]["url"]
        answer = await http.get(path)
        assert answer.content == PNG
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''my")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert (await other.get(path)).status_code == 404
        del http.headers["authorization"]
        assert (await http.get(path)).status_code == 401


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00\x03" + b"\x00" * 60, b"\x00\x01", b"", b"PK\x03\x04\xff\xfe", b"  "]
)
async def test_what_is_of_no_known_kind_is_refused_whatever_its_name(
    door: Door, content: bytes
) -> None:
    async with _visitor(door) as http:
        answer = await _send(http, content)
        assert answer.json()["error"]["code"] == "file_not_taken"


async def test_what_is_too_large_or_too_many_is_refused(door: Door) -> None:
    async with _visitor(door) as http:
        large = await _send(http, PNG + b"\x00" * LARGEST_BYTES)
        assert (large.status_code, large.json()["error"]["code"]) == (413, "file_too_large")
        for number in range(20):
            assert (await _send(http, PNG, f"f{number}")).status_code == 200
        more = await _send(http, PNG, "one-more")
        assert more.json()["error"]["code"] == "too_many_files"


async def test_what_agents_send_counts_towards_no_limit_of_the_customer(door: Door) -> None:
    async with _visitor(door) as http:
        grace = await door.agent()
        async with door.store.read() as work:
            [case] = await work.cases.listed(open_only=True)
        for number in range(20):
            key = {"key": str(number), "via": "slack"}
            await door.casework.send_file(case.id, grace, "x.png", PNG, **key)
        assert (await _send(http, PNG)).status_code == 200


async def test_the_assistant_is_sent_no_file(door: Door) -> None:
    async with _visitor(door, waits=False) as http:
        assert (await _send(http, PNG)).json()["error"]["code"] == "no_person"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"\x7fELF", None),
    ],
)
def test_the_kind_is_told_from_the_content(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("tent.png", "image/png", "tent.png"),
        ("tent.exe", "image/png", "tent.png"),
        ("../../etc/passwd", "text/plain", "etc passwd.txt"),
        ("photo.JPEG", "image/jpeg", "photo.jpeg"),
        ("a\u202egnp.exe", "image/png", "a gnp.png"),
        ("", "application/pdf", "file.pdf"),
        ("x" * 300, "image/png", "x" * 76 + ".png"),
    ],
)
def test_a_name_can_mislead_nobody(name: str, kind: str, kept: str) -> None:
    assert safe_name(name, kind) == kept


async def test_a_file_whose_message_was_taken_back_is_handed_out_no_more(door: Door) -> None:
    async with _visitor(door) as http:
        grace = await door.agent()
        async with door.store.read() as work:
            [case] = await work.cases.listed(open_only=True)
        sent = await door.casework.send_file(case.id, grace, "x.png", PNG, key="1", via="slack")
        path = f"/api{sent.links[0].url}"
        assert (await http.get(path)).content == PNG
        await door.casework.delete_reply(case.id, grace, "1", "slack")
        assert (await http.get(path)).status_code == 404
