"""Run a program of the bot's environment, which is not this one."""

import os
import subprocess
from pathlib import Path

from heard.settings import ROOT

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


class NoBotEnvironment(Exception):
    """The bot's environment is missing; the message says how it is made."""


def run_in_bot(module: str, *arguments: str | Path) -> int:
    """Run `python -m module arguments` there, its words going to ours. Returns: its exit code.

    Raises: NoBotEnvironment.
    """
    if not BOT_PYTHON.is_file():
        raise NoBotEnvironment("The bot's environment is not set up: run `make setup` first.")
    return subprocess.run(  # noqa: S603
        [BOT_PYTHON, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        check=False,
    ).returncode
