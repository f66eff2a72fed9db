"""Run the bot's tests in its environment and the others in the app's; end with both results.

The test model is trained once, while the bot's tests run: the app's tests would each wait for it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The bot's tests share neither fixtures nor plugins with the app's.
_APART = ["--confcutdir=tests/bot", "-W", "ignore::pytest.PytestConfigWarning"]
BOT: list[Path | str] = [ROOT / "bot/.venv/bin/python", "-m", "pytest", *_APART, "tests/bot"]
# Two at a time, a file as a whole: what is started once for a file is started once.
_TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile"]
APP: list[Path | str] = [
    *(ROOT / ".venv/bin/python", "-m", "pytest", "--ignore=tests/bot"),
    *_TWO_AT_A_TIME,
]
TRAIN: list[Path | str] = [ROOT / ".venv/bin/python", "-m", "heard", "train"]
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def main() -> int:
    """Returns: 0 when both ran and every test passed; else 1."""
    with tempfile.TemporaryFile() as said:
        training = subprocess.Popen(TRAIN, cwd=ROOT, stdout=said, stderr=said)  # noqa: S603
        runs = {"bot": _run("bot", BOT)}
        if training.wait() != 0:
            said.seek(0)
            print(said.read().decode(errors="replace"), flush=True)
    runs["app"] = _run("app", APP)
    print()
    total: Counter[str] = Counter()
    for name, (code, closing) in runs.items():
        print(f"{name}: {closing}")
        found = counts(closing)
        failed = sum(found[kind] for kind in ("failed", "error"))
        found["failed"] = failed or int(code != 0)  # a run that broke off counts as one
        total.update(found)
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if any(code for code, _ in runs.values()) else 0


def counts(closing: str) -> Counter[str]:
    """What a closing line of pytest counts: {'passed': 3, 'skipped': 1}."""
    return Counter({kind: int(number) for number, kind in _COUNT.findall(closing)})


def _run(name: str, command: list[Path | str]) -> tuple[int, str]:
    """Show the run as it goes. Returns: its exit code and pytest's closing line."""
    print(f"--- {name}: {' '.join(str(word) for word in command[1:])}", flush=True)
    colour = "yes" if sys.stdout.isatty() else "no"
    closing = "pytest did not come to an end"
    with subprocess.Popen(  # noqa: S603
        [*command, f"--color={colour}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            print(line, end="", flush=True)
            plain = re.sub(r"\x1b\[[\d;]*m", "", line).strip("= \n")
            if re.search(r"\d+ \w+.* in [\d.]+s", plain) or plain.startswith("no tests ran"):
                closing = plain
    if run.returncode == 5:
        closing = "failed: no test was found"
    return run.returncode, closing


if __name__ == "__main__":
    sys.exit(main())
