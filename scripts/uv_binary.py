"""A uv that works: the person's own, or the wheel that uv.lock pins, unpacked into .tools/."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.console import SetupError, timed
from scripts.download import ca_bundles, download

_INSTEAD = "install uv yourself and name it (UV=/path/to/uv make run)"


def find_uv(root: Path) -> Path:
    """The first uv that runs and is new enough, fetched where there is none.

    Raises: SetupError when none works and none can be fetched.
    """
    oldest = _oldest_accepted(root)
    for candidate in _candidates(root):
        version = uv_version(candidate)
        if version and version >= oldest:
            return candidate
    return _fetch_uv(root)


def uv_settings() -> dict[str, str]:
    """The environment to run uv in: the person's own, and the certificates this machine trusts.

    uv by itself trusts a list it brings along, which knows nothing of a company's own authority.
    """
    settings = {"UV_HTTP_TIMEOUT": "120", **os.environ}
    settings.pop("VIRTUAL_ENV", None)  # another project's; uv would warn of it
    if sys.platform == "darwin":
        settings.setdefault("UV_SYSTEM_CERTS", "true")  # the keychain
    elif bundle := next(ca_bundles(), None):
        settings.setdefault("SSL_CERT_FILE", str(bundle))
    return settings


def uv_version(binary: Path) -> tuple[int, ...] | None:
    """Its version, or None where it does not run: a pyenv shim may be a uv in name only."""
    try:
        done = subprocess.run(  # noqa: S603
            [binary, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"uv (\d+(?:\.\d+)*)", done.stdout)
    return _numbers(found[1]) if found else None


def choose_wheel(wheels: list[dict[str, Any]], platform_tags: re.Pattern[str]) -> dict[str, Any]:
    """The first wheel one of whose platform tags matches whole.

    Raises: SetupError where the lock has no wheel for this machine.
    """
    for wheel in wheels:
        tags = wheel["url"].rsplit("/", 1)[-1].removesuffix(".whl").split("-")[-1]
        if any(platform_tags.fullmatch(tag) for tag in tags.split(".")):
            return wheel
    raise SetupError(f"uv.lock has no uv for {sys.platform} {platform.machine()}: {_INSTEAD}.")


def platform_tags() -> re.Pattern[str]:
    """The wheel tags that run on this machine."""
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return re.compile(rf"macosx_\d+_\d+_(?:{re.escape(machine)}|universal2)")
    machine = {"arm64": "aarch64"}.get(machine, machine)
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return re.compile(rf"(?:{libc}[\d_]+|linux)_{re.escape(machine)}")


def _candidates(root: Path) -> Iterator[Path]:
    if named := os.environ.get("UV"):
        yield Path(named)
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    usual = [Path.home() / ".local/bin", Path.home() / ".cargo/bin", root / ".tools"]
    for folder in (*folders, *usual):
        if (folder / "uv").is_file():
            yield folder / "uv"


def _oldest_accepted(root: Path) -> tuple[int, ...]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    for requirement in project["dependency-groups"]["setup"]:
        if found := re.match(r"uv\s*>=\s*(\d+(?:\.\d+)*)", requirement):
            return _numbers(found[1])
    raise SetupError("pyproject.toml's dependency group `setup` names no `uv>=...`: put it back.")


def _fetch_uv(root: Path) -> Path:
    lock = tomllib.loads((root / "uv.lock").read_text("utf-8"))
    pinned = next((package for package in lock["package"] if package["name"] == "uv"), None)
    if pinned is None:
        raise SetupError("uv.lock pins no uv: run `uv lock` with pyproject.toml's group `setup`.")
    wheel = choose_wheel(pinned["wheels"], platform_tags())
    tools = root / ".tools"
    tools.mkdir(exist_ok=True)
    archive = tools / "uv.whl"
    with timed(f"fetching uv {pinned['version']}, which installs the rest", "uv is here"):
        download(wheel["url"], wheel["hash"].removeprefix("sha256:"), archive, instead=_INSTEAD)
        binary = _unpack(archive, tools)
    if uv_version(binary) is None:
        raise SetupError(f"The uv for this machine does not run ({binary}): {_INSTEAD}.")
    return binary


def _unpack(archive: Path, folder: Path) -> Path:
    partial, binary = folder / f"uv.{os.getpid()}.partial", folder / "uv"
    with zipfile.ZipFile(archive) as wheel:
        (member,) = (name for name in wheel.namelist() if name.endswith("/scripts/uv"))
        partial.write_bytes(wheel.read(member))
    partial.chmod(0o755)
    partial.replace(binary)
    archive.unlink(missing_ok=True)
    return binary


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
