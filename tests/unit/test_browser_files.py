"""Files between an agent at the browser desk and a customer."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from conversation.files import LARGEST_BYTES
from staff.account import Role
from tests.desks.site import Customers
from tests.unit.staff_site import Browser, StaffSite, hidden_fields, staff_site, text_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 4000


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[StaffSite]:
    async with staff_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def ruth(site: StaffSite) -> Browser:
    return await site.signed_in("Ruth", Role.AGENT)


async def _waiting(site: StaffSite) -> tuple[Customers, str]:
    customer = await site.site.customer("Ada")
    case = await customer.asks_for_a_person()
    return customer, f"/desk/cases/{case.id}"


async def _sends(
    ruth: Browser, page: str, name: str, content: bytes, *, times: int = 1
) -> httpx.Response:
    hidden = hidden_fields(await ruth.gets(page), f"{page}/file")
    files = {"file": (name, content, "application/octet-stream")}
    for _ in range(times):
        answer = await ruth.http.post(f"{page}/file", data=hidden, files=files)
    return answer


async def test_a_file_reaches_the_customer_once_and_claims_the_case(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page = await _waiting(site)
    answer = await _sends(ruth, page, "label.png", PNG, times=2)
    assert answer.status_code == 303
    assert (await customer.case()).agent == "Ruth"
    assert await customer.reads_from_agents() == [("Ruth", "A file in the chat: label.png, 4 kB")]
    shown = await ruth.gets(page)
    link = shown.split('<ul class="files">')[1].split('href="')[1].split('"')[0]
    opened = await ruth.http.get(link)
    assert (opened.status_code, opened.content) == (200, PNG)
    assert "Buttons:" not in text_of(shown)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("setup.png", b"MZ\x90\x00\x03\x00", "setup.png was not sent: only PNG, JPEG, GIF"),
        ("film.png", PNG + b"\x00" * LARGEST_BYTES, "of at most 5 MB go to customers"),
        ("", b"", "No file was chosen."),
    ],
)
async def test_what_cannot_go_to_a_customer_is_refused_in_words(
    site: StaffSite, ruth: Browser, name: str, content: bytes, told: str
) -> None:
    customer, page = await _waiting(site)
    answer = await _sends(ruth, page, name, content)
    assert answer.status_code == 409
    assert told in text_of(answer.text)
    assert await customer.reads_from_agents() == []
    assert (await customer.case()).agent is None


async def test_a_file_that_was_deleted_is_no_longer_shown(site: StaffSite, ruth: Browser) -> None:
    _, page = await _waiting(site)
    await _sends(ruth, page, "wrong.png", PNG)
    assert "wrong.png" in await ruth.reads(page)
    await ruth.sends(page, f"{page}/delete")
    assert '<ul class="files">' not in await ruth.gets(page)


async def test_without_the_form_s_own_secret_nothing_is_sent(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page = await _waiting(site)
    answer = await ruth.http.post(
        f"{page}/file", data={"key": "k", "csrf": "x"}, files={"file": ("a.png", PNG)}
    )
    assert answer.status_code == 403
    assert await customer.reads_from_agents() == []
