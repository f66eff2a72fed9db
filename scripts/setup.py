"""Make a fresh machine ready: `python3 scripts/setup.py all`. Needs Python 3.11, nothing else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import browser, environments  # noqa: E402 - only now can they be found
from scripts.console import SetupError, say  # noqa: E402


def main(arguments: list[str]) -> int:
    """Carry out one subcommand. Returns: the exit code; 1 after one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="setup.py", description=__doc__)
    parser.add_argument("part", choices=("app", "bot", "all", "browser"))
    parser.add_argument("--dev", action="store_true", help="with the tools of tests and checks")
    options = parser.parse_args(arguments)
    try:
        if options.part in ("app", "all"):
            environments.set_up(environments.app(ROOT), dev=options.dev)
        if options.part in ("bot", "all"):
            environments.set_up(environments.bot(ROOT), dev=options.dev)
        if options.part == "browser":
            browser.set_up_browser()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped; run the same command again to go on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
