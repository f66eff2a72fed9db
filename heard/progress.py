"""The lines a person sees while Heard runs: who speaks, what is waited for and for how long."""

from __future__ import annotations

import shutil
from typing import TextIO

_COLOURS = ("36", "33", "35", "32", "34")  # cyan, yellow, magenta, green, blue
_EVERY_S = 10


class Console:
    """Aligned lines `name | text`, coloured on a terminal, with one status line at its foot.

    Off a terminal nothing is rewritten: a wait is told once every ten seconds.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rewrites = out.isatty()
        self._names: list[str] = []
        self._width = 5
        self._waits: dict[str, str] = {}
        self._told: dict[str, int] = {}
        self._open = False

    def introduce(self, *names: str) -> None:
        """Make room for these names, so that lines stand aligned from the first."""
        self._names.extend(name for name in names if name not in self._names)
        self._width = max(self._width, *(len(name) for name in self._names))

    def line(self, name: str, text: str) -> None:
        self._clear()
        self._write(f"{self._prefix(name)}{text}\n")
        self._draw()

    def waiting(self, name: str, doing: str, seconds: float) -> None:
        """Show that `name` has been `doing` something for this long; call it again and again."""
        text = f"{doing}, {seconds:.0f} s"
        if self._rewrites and self._waits.get(name) != text:
            self._waits[name] = text
            self._clear()
            self._draw()
        elif not self._rewrites and int(seconds) // _EVERY_S > self._told.get(name, 0):
            self._told[name] = int(seconds) // _EVERY_S
            self.line(name, text)

    def done_waiting(self, name: str) -> None:
        self._waits.pop(name, None)
        self._told.pop(name, None)
        self._clear()
        self._draw()

    def _prefix(self, name: str) -> str:
        self.introduce(name)
        label = f"{name:<{self._width}} |"
        if self._rewrites:
            colour = _COLOURS[self._names.index(name) % len(_COLOURS)]
            label = f"\x1b[{colour}m{label}\x1b[0m"
        return f"{label} "

    def _draw(self) -> None:
        if not self._waits:
            return
        columns = shutil.get_terminal_size().columns - 1
        text = " | ".join(f"{name}: {wait}" for name, wait in self._waits.items())
        self._write(f"\x1b[2m{text[:columns]}\x1b[0m")
        self._open = True

    def _clear(self) -> None:
        if self._open:
            self._write("\r\x1b[K")
            self._open = False

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:
            pass  # whoever read us has gone; the processes still have to be looked after
