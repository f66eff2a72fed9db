"""The Python 3.10 that Rasa needs. pyenv's shims are passed over: .python-version steers them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.console import SetupError, timed
from scripts.uv_binary import uv_settings

WANTED = "3.10"


def find_python(uv: Path) -> Path:
    """The first Python 3.10 that runs; uv fetches one where there is none.

    Raises: SetupError when none can be had.
    """
    for candidate in candidates(uv):
        if runs_wanted(candidate):
            return candidate
    return _fetch_python(uv)


def candidates(uv: Path) -> Iterator[Path]:
    """Where a Python 3.10 may be, the likeliest first."""
    if found := _uv_finds(uv):
        yield found
    for root in _pyenv_roots():
        yield from sorted(root.glob(f"versions/{WANTED}*/bin/python{WANTED}"), reverse=True)
    for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"):
        yield Path(folder) / f"python{WANTED}"


def runs_wanted(python: Path) -> bool:
    """Whether it starts and says it is the version wanted."""
    if not python.is_file():
        return False
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(  # noqa: S603
            [python, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.stdout.strip() == WANTED


def _uv_finds(uv: Path) -> Path | None:
    # --no-project: a .python-version or requires-python up the tree must have no say.
    done = subprocess.run(  # noqa: S603
        [uv, "python", "find", "--no-project", "--no-config", WANTED],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _pyenv_roots() -> Iterator[Path]:
    if named := os.environ.get("PYENV_ROOT"):
        yield Path(named)
    yield Path.home() / ".pyenv"
    if pyenv := shutil.which("pyenv"):
        yield Path(pyenv).resolve().parents[1]


def _fetch_python(uv: Path) -> Path:
    with timed(f"fetching Python {WANTED}, which Rasa needs", f"Python {WANTED} is here"):
        command: list[Path | str] = [uv, "python", "install", WANTED]
        done = subprocess.run(command, env=uv_settings(), stdout=sys.stderr, check=False)  # noqa: S603
        found = _uv_finds(uv) if done.returncode == 0 else None
        if found is None or not runs_wanted(found):
            raise SetupError(
                f"Rasa needs Python {WANTED}, which is not on this machine and could not be "
                f"fetched: install it with your package manager or `pyenv install {WANTED}`, then "
                "try again."
            )
    return found
