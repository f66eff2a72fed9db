"""What the settings refuse, and where the supervisor looks for the website."""

from pathlib import Path
from typing import Any

import pytest

from company.http_directory import HttpDirectory
from company.http_shop import HttpShop
from conversation.clock import utc_now
from heard.checks import company, exposed
from heard.running import app_process
from heard.settings import SettingsError, load
from heard.systems import systems
from store.database import connect
from store.live import LocalLive
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.ports import HOST, free_ports

REACHED: list[dict[str, Any]] = [
    {"host": "0.0.0.0"},  # noqa: S104 - never bound
    {"host": "::"},
    {"host": "192.0.2.1"},
    {"proxies": 1},
    {"site_url": "https://support.example.com"},
]


@pytest.fixture(autouse=True)
def _only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARD_DEMO", raising=False)


@pytest.mark.parametrize("reached", REACHED)
def test_the_demo_is_never_open_to_others_unless_somebody_says_so(
    tmp_path: Path, reached: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"HEARD_{next(iter(reached)).upper()} lets others .* HEARD_DEMO=false"
    with pytest.raises(SettingsError, match=name):
        load(var=tmp_path, _env_file=None, **reached)
    off = load(var=tmp_path, _env_file=None, demo=False, **reached)
    assert exposed(off).good
    monkeypatch.setenv("HEARD_DEMO", "true")
    on = load(var=tmp_path, _env_file=None, **reached)
    assert on.demo
    assert not exposed(on).good
    assert "HEARD_DEMO=false" in exposed(on).text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_this_machine_alone_the_demo_is_on(tmp_path: Path, host: str) -> None:
    settings = load(var=tmp_path, _env_file=None, host=host)
    assert settings.demo
    assert exposed(settings).good


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - never bound
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_proxy_that_is_down_does_not_make_the_website_seem_dead(
    tmp_path: Path, host: str, asked: str
) -> None:
    settings = load(
        var=tmp_path,
        _env_file=None,
        host=host,
        port=8081,
        demo=False,
        site_url="https://support.example.com",
    )
    assert app_process(settings).ready == f"http://{asked}:8081/healthz"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"shop_url": "shop.example.com"}, "HEARD_SHOP_URL must be an address"),
        ({"shop_url": "https://a:b@shop.example.com"}, "HEARD_SHOP_URL must be an address"),
        ({"shop_url": "https://shop.example.com"}, "HEARD_SHOP_TOKEN must be"),
        ({"directory_token": "t"}, "HEARD_DIRECTORY_URL must be an address"),
        ({"shop_url": "https://shop.example.com", "shop_token": "a\nb"}, "HEARD_SHOP_TOKEN must"),
        (
            {"shop_url": "https://shop.example.com", "shop_token": "t", "demo": True},
            "set HEARD_DEMO=false",
        ),
        (
            {
                "directory_url": "https://crm.example.com",
                "directory_token": "t",
                "directory_timeout_s": 2,
            },
            "less than HEARD_CONTEXT_TIMEOUT_S",
        ),
        ({"refund_limit": "-1"}, "HEARD_REFUND_LIMIT"),
    ],
)
def test_a_company_system_that_cannot_be_meant_is_named(
    tmp_path: Path, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        load(var=tmp_path, _env_file=None, **({"demo": False} | given))


async def test_the_settings_choose_the_systems_and_the_check_asks_them(tmp_path: Path) -> None:
    own = load(var=tmp_path, _env_file=None, refund_limit="18.50")
    store = SqlStore(connect(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"), LocalLive())
    chosen = systems(own, store, utc_now)
    assert (type(chosen.shop), type(chosen.directory)) == (SqlShop, SqlDirectory)
    assert await company(own) == []
    [port] = free_ports(1)
    named = load(
        var=tmp_path,
        _env_file=None,
        demo=False,
        shop_url=f"http://{HOST}:{port}",
        shop_token="t",
        directory_url=f"http://{HOST}:{port}/",
        directory_token="t",
    )
    chosen = systems(named, store, utc_now)
    assert (type(chosen.shop), type(chosen.directory)) == (HttpShop, HttpDirectory)
    await chosen.close()
    await store.close()
    findings = await company(named)
    assert [finding.good for finding in findings] == [False, False]
    assert "HEARD_SHOP_URL and HEARD_SHOP_TOKEN" in findings[0].text
    assert "HEARD_DIRECTORY_URL" in findings[1].text


@pytest.mark.parametrize("name", ["effort_weights", "effort_shadow"])
def test_a_version_of_the_effort_weights_that_is_not_there_is_refused(tmp_path: Path, name: str):
    refused = rf"HEARD_{name.upper()}: There are no effort weights of version '99': there are 1, 2"
    with pytest.raises(SettingsError, match=refused):
        load(var=tmp_path, **{name: "99"})


def test_no_version_acts_and_that_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="HEARD_EFFORT_WEIGHTS"):
        load(var=tmp_path, effort_weights="")
    assert load(var=tmp_path, effort_shadow="").effort_shadow == ""


@pytest.mark.parametrize(
    ("given", "files"),
    [
        ({}, "https://files.slack.com"),
        ({"slack_api_url": "https://slack-gov.com/api/"}, "https://files.slack-gov.com"),
        ({"slack_api_url": "http://127.0.0.1:8090/api/"}, "http://127.0.0.1:8090"),
        ({"slack_files_url": "https://files.example.com"}, "https://files.example.com"),
    ],
)
def test_where_slack_keeps_files_follows_from_its_web_api(
    tmp_path: Path, given: dict[str, Any], files: str
) -> None:
    slack = {"slack_channel": "C0123456789", "slack_bot_token": "xoxb-1"}
    settings = load(var=tmp_path, _env_file=None, slack_signing_secret="x", **slack, **given)
    assert settings.slack().files_url == files


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"slack_api_url": "slack.com/api/"}, "HEARD_SLACK_API_URL must be a whole address"),
        ({"slack_files_url": "files.slack.com"}, "HEARD_SLACK_FILES_URL must be a whole address"),
        ({"slack_app_id": "1234567890.123"}, "HEARD_SLACK_APP_ID must be one such as A0123456789"),
    ],
)
def test_what_would_make_slack_fail_later_is_refused_at_the_start(
    tmp_path: Path, wrong: dict[str, Any], says: str
) -> None:
    slack = {"desk": "slack", "slack_channel": "C0123456789"}
    secrets = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "x"}
    load(var=tmp_path, _env_file=None, **slack, **secrets)
    with pytest.raises(SettingsError, match=says):
        load(var=tmp_path, _env_file=None, **slack, **secrets, **wrong)
