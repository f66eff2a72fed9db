"""What the person at the keyboard reads, on stderr: stdout is for a command's result."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """Set-up cannot go on. The message says why and what to do, in one sentence."""


def say(text: str) -> None:
    print(f"setup | {text}", file=sys.stderr, flush=True)


@contextmanager
def timed(doing: str, done: str) -> Iterator[None]:
    """Say what begins, and at its end how long it took. A failure is left to the caller to tell."""
    say(f"{doing} ...")
    began = time.monotonic()
    yield
    say(f"{done} ({time.monotonic() - began:.1f} s)")


class Bar:
    """Progress of a download: one line rewritten on a terminal, a line per quarter elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = -1
        self._step = 1 if sys.stderr.isatty() else 25

    def at(self, size: int) -> None:
        percent = min(100, size * 100 // self._total) if self._total else 0
        percent -= percent % self._step
        if percent in (0, self._shown):
            return
        self._shown = percent
        text = f"setup |   {percent:3d} % of {self._total / 1e6:.0f} MB"
        if sys.stderr.isatty():
            end = "\n" if percent == 100 else ""
            print(f"\r{text}", end=end, file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)
