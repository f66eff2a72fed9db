"""A Chromium for the browser tests: Playwright's, the system's, or Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.console import say, timed

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/*",
)
_INSTALL = ("install", "-q", "-y", "--no-install-recommends")
NO_BROWSER = "no Chromium found: install one, or run `.venv/bin/playwright install chromium`"


def find_browser() -> Path | None:
    """A Chromium that starts, or None: then tests that need one skip and say NO_BROWSER."""
    return next((path for path in _candidates() if _starts(path)), None)


def set_up_browser() -> None:
    """Install Debian's Chromium where none is found and that is allowed; else say so."""
    if find_browser() is not None:
        return
    if _may_use_apt():
        _install()
    if find_browser() is None:
        say(f"the browser tests will be skipped, {NO_BROWSER}")


def _candidates() -> Iterator[Path]:
    for folder in _playwright_folders():
        for build in _BUILDS:
            yield from sorted(folder.glob(build), reverse=True)
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield from (Path(path) for path in _MAC)


def _playwright_folders() -> Iterator[Path]:
    if named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        yield Path(named)
    yield Path.home() / ".cache/ms-playwright"
    yield Path.home() / "Library/Caches/ms-playwright"


def _starts(path: Path) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _may_use_apt() -> bool:
    release = Path("/etc/os-release")
    if not release.is_file() or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    # Elsewhere (Ubuntu) the package of that name is an empty hull around a snap.
    return "ID=debian" in release.read_text("utf-8").splitlines()


def _install() -> None:
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with timed("installing Chromium for the browser tests", "the system's installer has ended"):
        for words in (["update", "-q"], [*_INSTALL, "chromium"]):
            subprocess.run(  # noqa: S603
                ["apt-get", *words],  # noqa: S607 - the system's own, wherever it stands
                env=settings,
                stdout=sys.stderr,
                check=False,
            )
