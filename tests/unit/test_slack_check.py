"""`heard slack check` says what keeps Slack and Heard apart, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from conversation.clock import utc_now
from heard.cli import app
from heard.findings import Finding
from heard.settings import Settings
from heard.slack_checks import check_slack
from heard.slack_scopes import FULL, MINIMAL
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore
from tests.desks.slack_harness import manifest_scopes, slack_harness
from tests.fake_slack import FakeSlack, NotOk
from tests.fake_slack.server import APP_TOKEN, SECRET, TOKEN
from tests.fake_slack.workspace import APP, SUPPORT


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


def _settings(slack: FakeSlack, folder: Path, **others: Any) -> Settings:
    given: dict[str, Any] = {
        "var": folder,
        "desk": "slack",
        "slack_bot_token": SecretStr(TOKEN),
        "slack_signing_secret": SecretStr(SECRET),
        "slack_channel": SUPPORT,
        "slack_api_url": slack.api_url,
        "site_url": "http://127.0.0.1:9",
    }
    return Settings(**{**given, **others})


async def _wrong(settings: Settings) -> list[str]:
    return [finding.text for finding in await check_slack(settings) if not finding.good]


async def test_all_is_well_where_all_is_well(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as desk:
        nia, ada = await desk.agent("Nia"), await desk.site.customer()
        case = await ada.asks_for_a_person()
        await desk.writes(nia, case, "Hello")
        settings = _settings(desk.slack, tmp_path, site_url=desk.site.url)
        findings = await check_slack(settings)
        assert [finding.text for finding in findings if not finding.good] == []
        said = " ".join(finding.text for finding in findings)
        for words in ("heard in Heard test", "#support", "takes what Slack signs", "0 min ago"):
            assert words in said


async def test_a_wrong_token_is_the_one_thing_that_is_said(
    slack: FakeSlack, tmp_path: Path
) -> None:
    settings = _settings(slack, tmp_path, slack_bot_token=SecretStr("xoxb-other"))
    [wrong] = await _wrong(settings)
    assert "invalid_auth" in wrong
    assert "Install the app again" in wrong


async def test_slack_that_is_not_reached_is_said(slack: FakeSlack, tmp_path: Path) -> None:
    [wrong] = await _wrong(_settings(slack, tmp_path, slack_api_url="http://127.0.0.1:9/api/"))
    assert "did not get through to Slack" in wrong
    assert "see whether this machine reaches http://127.0.0.1:9/api/ (HEARD_SLACK_API_URL)" in wrong


async def test_an_app_that_is_not_the_tokens_is_said(slack: FakeSlack, tmp_path: Path) -> None:
    said = " ".join(await _wrong(_settings(slack, tmp_path, slack_app_id="A0OTHER001")))
    assert f"The bot token is of the app {APP}, and HEARD_SLACK_APP_ID names A0OTHER001" in said
    right = await _wrong(_settings(slack, tmp_path, slack_app_id=APP))
    assert not [text for text in right if "HEARD_SLACK_APP_ID" in text]


async def test_each_missing_scope_is_named_with_its_use(tmp_path: Path) -> None:
    given = frozenset(MINIMAL) - {"reactions:write", "channels:read"}
    async with FakeSlack(scopes=given) as slack:
        said = " ".join(await _wrong(_settings(slack, tmp_path)))
    assert "reactions:write is missing (put a sign" in said
    assert "missing_scope (channels:read)" in said


async def test_what_more_may_be_allowed_is_named(tmp_path: Path) -> None:
    async with FakeSlack(scopes=frozenset(MINIMAL)) as slack:
        good = [one.text for one in await check_slack(_settings(slack, tmp_path)) if one.good]
    assert any(f"files:write ({FULL['files:write']})" in text for text in good)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "#support (C0SUPPORT1) is archived"),
        ({"has_bot": False}, "write /invite @Heard there"),
    ],
)
async def test_a_channel_where_nothing_can_be_posted_is_said(
    slack: FakeSlack, tmp_path: Path, change: dict[str, bool], words: str
) -> None:
    for name, value in change.items():
        setattr(slack.workspace.channels[SUPPORT], name, value)
    assert words in " ".join(await _wrong(_settings(slack, tmp_path)))


async def test_a_channel_that_is_not_there_is_said(slack: FakeSlack, tmp_path: Path) -> None:
    said = await _wrong(_settings(slack, tmp_path, slack_channel="C0NOWHERE1"))
    assert any("C0NOWHERE1" in text and "Check the channel's ID" in text for text in said)


@pytest.mark.parametrize(("ahead_s", "words"), [(400, "behind"), (-400, "ahead of")])
async def test_a_clock_that_is_wrong_is_said(
    slack: FakeSlack, tmp_path: Path, ahead_s: float, words: str
) -> None:
    slack.clock_ahead_s = ahead_s
    assert f"s {words} Slack's: set it by NTP" in " ".join(await _wrong(_settings(slack, tmp_path)))


async def test_an_address_that_slack_does_not_reach_is_said(
    slack: FakeSlack, tmp_path: Path
) -> None:
    assert "http://127.0.0.1:9/slack/events does not answer" in " ".join(
        await _wrong(_settings(slack, tmp_path))
    )


async def test_another_signing_secret_at_our_address_is_said(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as desk:
        other = SecretStr("another secret")
        settings = _settings(
            desk.slack, tmp_path, site_url=desk.site.url, slack_signing_secret=other
        )
        assert "answers 401 to a signed request" in " ".join(await _wrong(settings))


async def test_socket_mode_is_tried_where_it_is_set(slack: FakeSlack, tmp_path: Path) -> None:
    await _event_came(tmp_path)
    settings = _settings(slack, tmp_path, slack_app_token=SecretStr(APP_TOKEN))
    assert await _wrong(settings) == []
    slack.faults.next("apps.connections.open", NotOk(error="not_allowed_token_type"))
    assert "switch Socket Mode on" in " ".join(await _wrong(settings))
    settings = _settings(slack, tmp_path, slack_app_token=SecretStr("xapp-of-another-app"))
    [wrong] = await _wrong(settings)
    assert "Make a new app token with the scope connections:write" in wrong


async def test_where_no_event_has_come_it_is_said(slack: FakeSlack, tmp_path: Path) -> None:
    await asyncio.to_thread(upgrade, f"sqlite+aiosqlite:///{tmp_path / 'heard.db'}")
    settings = _settings(slack, tmp_path, slack_app_token=SecretStr(APP_TOKEN))
    [wrong] = await _wrong(settings)
    assert "No event has come from Slack yet" in wrong


def test_the_manifest_has_the_scopes_that_are_asked_for() -> None:
    assert manifest_scopes() >= set(MINIMAL)
    assert manifest_scopes("minimal") == set(MINIMAL)
    assert manifest_scopes("full") == {*MINIMAL, *FULL}
    assert manifest_scopes("socket") == manifest_scopes()


async def _event_came(folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'heard.db'}"
    await asyncio.to_thread(upgrade, url)
    store = SqlStore(connect(url), LocalLive())
    async with store.work() as work:
        await work.inbox.put("slack", "Ev1", {}, b"{}", utc_now(), thread="t")
    await store.close()


@pytest.mark.parametrize("desk", ["browser", "slack"])
def test_it_says_where_cases_go_to_the_browser(
    desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def all_well(_: Settings) -> list[Finding]:
        return [Finding(True, "Slack knows the token")]

    monkeypatch.setattr("heard.slack_checks.check_slack", all_well)
    given = {"VAR": tmp_path, "DESK": desk, "SLACK_BOT_TOKEN": TOKEN}
    given |= {"SLACK_SIGNING_SECRET": SECRET, "SLACK_CHANNEL": SUPPORT}
    environment = {f"HEARD_{name}": str(value) for name, value in given.items()}
    result = CliRunner().invoke(app, ["slack", "check"], env=environment)
    said = "Set HEARD_DESK=slack" in result.output
    assert (said, result.exit_code) == ((True, 1) if desk == "browser" else (False, 0))
