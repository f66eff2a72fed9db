"""What the settings refuse, and where the supervisor looks for the website."""

from pathlib import Path
from typing import Any

import pytest

from heard.checks import exposed
from heard.running import app_process
from heard.settings import SettingsError, load

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
