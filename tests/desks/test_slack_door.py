"""What Slack's door lets in: only what Slack signed a moment ago, and that safely stored."""

import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import func, select

from store.tables import InboxRow
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack.sender import signed
from tests.fake_slack.server import SECRET
from tests.patience import PATIENT_S

_EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "channel_archive"}}
_BODY = json.dumps(_EVENT).encode()


@pytest.fixture
async def http(slack: SlackHarness) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=slack.site.url, trust_env=False, timeout=PATIENT_S
    ) as client:
        yield client


async def _send(
    http: httpx.AsyncClient,
    body: bytes = _BODY,
    *,
    secret: str = SECRET,
    at: float | None = None,
    content_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    sent = {"Content-Type": content_type, **signed(body, secret, at), **(headers or {})}
    return await http.post("/slack/events", content=body, headers=sent)


async def _stored(slack: SlackHarness) -> int:
    async with slack.site.engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(InboxRow)) or 0


async def test_a_signed_event_is_stored_and_acknowledged(
    slack: SlackHarness, http: httpx.AsyncClient
) -> None:
    answer = await _send(http)
    assert (answer.status_code, answer.content, await _stored(slack)) == (200, b"", 1)
    await slack.worked_off()


async def test_a_redelivered_event_is_acknowledged_and_kept_once(
    slack: SlackHarness, http: httpx.AsyncClient
) -> None:
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert (await _send(http, headers=retry)).status_code == 200
    assert (await _send(http)).status_code == 200
    assert await _stored(slack) == 1


@pytest.mark.parametrize("age_s", [6 * 60, -6 * 60])
async def test_an_old_or_future_request_is_refused(
    slack: SlackHarness, http: httpx.AsyncClient, age_s: int
) -> None:
    answer = await _send(http, at=time.time() - age_s)
    assert answer.status_code == 401
    assert "five minutes" in answer.json()["error"]["text"]
    assert await _stored(slack) == 0


async def test_a_wrong_signature_is_refused(slack: SlackHarness, http: httpx.AsyncClient) -> None:
    assert (await _send(http, secret="another secret")).status_code == 401
    assert await _stored(slack) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=zz"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_headers_that_prove_nothing_are_refused(
    slack: SlackHarness, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await _send(http, headers=headers)).status_code == 401
    assert await _stored(slack) == 0


async def test_an_unsigned_request_is_refused(slack: SlackHarness, http: httpx.AsyncClient) -> None:
    answer = await http.post("/slack/events", json=_EVENT)
    assert answer.status_code == 401
    assert await _stored(slack) == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (_BODY, "text/plain", 415, "content_type"),
        (b'{"text": "' + b"x" * 600_000 + b'"}', "application/json", 413, "too_large"),
        (b"not json", "application/json", 400, "payload"),
        (b"[1]", "application/json", 400, "payload"),
        (b"[" * 100_000, "application/json", 400, "payload"),
        (b"", "application/json", 400, "payload"),
        (b"\xff\xfe", "application/json", 401, "signature"),
        (b"other=1", "application/x-www-form-urlencoded", 400, "payload"),
    ],
)
async def test_what_is_no_request_of_slacks_gets_a_clear_answer(
    slack: SlackHarness,
    http: httpx.AsyncClient,
    body: bytes,
    content_type: str,
    status: int,
    code: str,
) -> None:
    answer = await _send(http, body, content_type=content_type)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await _stored(slack) == 0


async def test_the_url_check_is_answered_and_only_when_it_is_signed(
    slack: SlackHarness, http: httpx.AsyncClient
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1"}).encode()
    assert (await _send(http, body)).text == "c-1"
    assert (await _send(http, body, secret="another secret")).status_code == 401
    assert await _stored(slack) == 0


async def test_the_door_has_no_page(http: httpx.AsyncClient) -> None:
    assert (await http.get("/slack/events")).status_code == 405
