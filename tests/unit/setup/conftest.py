"""A bare machine and a small copy of the repository, for the tests of set-up."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine the tests run on can be found: no uv, no pyenv, no certificates."""
    for setting in ("UV", "UV_PYTHON", "PYENV_ROOT", "PLAYWRIGHT_BROWSERS_PATH", "FAILS"):
        monkeypatch.delenv(setting, raising=False)
    for setting in ("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(setting, raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "my projects" / "heard"
    (root / "bot").mkdir(parents=True)
    for name in ("pyproject.toml", "bot/pyproject.toml"):
        (root / name).write_text('[dependency-groups]\nsetup = ["uv>=0.9"]\n')
    for name in ("uv.lock", "bot/uv.lock"):
        (root / name).write_text("version = 1\n")
    return root
