"""Run one benchmark in the environment that its header line `# environment: app|bot` names.

Set-up speaks on stderr: with --json, stdout is the benchmark's one JSON object and nothing else.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import environments  # noqa: E402 - only now can they be found
from scripts.console import SetupError, say  # noqa: E402

_HEADER = re.compile(r"^# environment: (app|bot)$", re.MULTILINE)


def main(arguments: list[str]) -> int:
    """Args: the benchmark's name, then its own arguments. Returns: 1 after one sentence."""
    try:
        script = find(ROOT / "benchmarks", arguments[0] if arguments else "")
        python = prepare(script)
        os.chdir(ROOT)
        os.environ["PYTHONPATH"] = str(ROOT)  # a dependency installs a `tests` of its own
        os.execv(python, [str(python), str(script), *arguments[1:]])  # noqa: S606 - becomes it
    except SetupError as error:
        say(str(error))
        return 1


def find(folder: Path, name: str) -> Path:
    """The benchmark of that name. Raises: SetupError that lists those there are."""
    known = {path.stem: path for path in sorted(folder.glob("[!_]*.py")) if environment_of(path)}
    if name not in known:
        asked = f"there is no benchmark `{name}`" if name else "which benchmark"
        raise SetupError(
            f"{asked}: make bench NAME=x, with x one of {', '.join(known) or '(none)'}."
        )
    return known[name]


def environment_of(script: Path) -> str | None:
    """'app' or 'bot' as the script's header says; None where it has no such line."""
    found = _HEADER.search(script.read_text("utf-8"))
    return found[1] if found else None


def prepare(script: Path) -> Path:
    """Set both environments up: a script may start what lives in the other. Returns: its Python."""
    app, bot = environments.app(ROOT), environments.bot(ROOT)
    for environment in (app, bot):
        environments.set_up(environment, dev=True)
    return bot.python if environment_of(script) == "bot" else app.python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
