"""The two environments, each made from its lock, each left alone while nothing has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.console import SetupError, timed
from scripts.python310 import find_python
from scripts.uv_binary import find_uv, uv_settings

_DECLARED = ("pyproject.toml", "uv.lock")


@dataclass(frozen=True)
class Environment:
    """A project folder with its pyproject.toml, its uv.lock and its .venv."""

    name: str
    root: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ".venv/bin/python"

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv/.heard-setup"


def app(root: Path) -> Environment:
    return Environment("app", root, root)


def bot(root: Path) -> Environment:
    return Environment("bot", root, root / "bot")


def set_up(environment: Environment, *, dev: bool) -> None:
    """Bring the environment to what its lock says; milliseconds where it is there already.

    Args: dev: with the tools of tests and checks; without, those once installed stay.
    Raises: SetupError.
    """
    has = _recorded(environment)
    if has == "dev" or (has == "plain" and not dev):
        return
    _check_whole(environment)
    uv = find_uv(environment.root)
    python = find_python(uv) if environment.name == "bot" else _own_python()
    size = " (more than 1 GB the first time)" if environment.name == "bot" else ""
    with timed(
        f"installing the {environment.name}'s packages{size}", f"the {environment.name} is ready"
    ):
        environment.stamp.unlink(missing_ok=True)
        _sync(environment, uv, python, dev)
    environment.stamp.write_text(f"{_fingerprint(environment)} {'dev' if dev else 'plain'}\n")


def _recorded(environment: Environment) -> str | None:
    """'dev' or 'plain' when the environment is whole and up to date, else None."""
    needed = [environment.python, environment.stamp, environment.folder / ".venv/pyvenv.cfg"]
    if not all(path.exists() for path in needed):
        return None
    _check_whole(environment)
    fingerprint, _, groups = environment.stamp.read_text("utf-8").strip().partition(" ")
    return groups if fingerprint == _fingerprint(environment) else None


def _fingerprint(environment: Environment) -> str:
    digest = hashlib.sha256(str(environment.folder).encode())
    for name in (*_DECLARED, ".venv/pyvenv.cfg"):
        digest.update((environment.folder / name).read_bytes())
    return digest.hexdigest()


def _check_whole(environment: Environment) -> None:
    for name in _DECLARED:
        if not (environment.folder / name).is_file():
            where = (environment.folder / name).relative_to(environment.root)
            raise SetupError(f"{where} is missing: fetch the whole repository again (git status).")


def _own_python() -> Path:
    # What runs this is new enough (the Makefile saw to it); uv's own search may meet a broken shim.
    return Path(os.environ.get("UV_PYTHON") or sys.executable)


def _sync(environment: Environment, uv: Path, python: Path, dev: bool) -> None:
    where: list[str | Path] = ["--project", environment.folder, "--python", python]
    # Inexact: what a developer installed before stays where only the product is asked for.
    groups = ["--group", "dev"] if dev else ["--no-default-groups", "--inexact"]
    command = [uv, "sync", "--locked", *where, *groups]
    settings = {**uv_settings(), "UV_PROJECT_ENVIRONMENT": str(environment.folder / ".venv")}
    done = subprocess.run(  # noqa: S603
        command, cwd=environment.root, env=settings, stdout=sys.stderr, check=False
    )
    if done.returncode:
        raise SetupError(
            f"uv could not install the {environment.name}'s packages (its reason stands above): "
            "mend that, then run the same command again; what was downloaded is kept."
        )
