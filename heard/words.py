"""A child's output as lines, whether it ends them or (as progress bars do) overwrites them."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Iterator
from typing import IO

_LINE_END = re.compile(rb"\r\n|\n|\r")
_LONGEST = 1 << 16


class Lines:
    """Cuts a stream of bytes into lines of text; blank ones are left out."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """The lines completed by this chunk; an empty chunk, the end, completes the last one."""
        *lines, self._rest = _LINE_END.split(self._rest + chunk)
        if not chunk or len(self._rest) > _LONGEST:
            lines, self._rest = [*lines, self._rest], b""
        texts = (line.decode("utf-8", "replace").rstrip() for line in lines)
        return [text for text in texts if text]


def read_lines(pipe: IO[bytes], *, every_s: float) -> Iterator[str]:
    """Yield a pipe's lines until its end, and "" whenever nothing came for `every_s` seconds."""
    lines = Lines()
    while True:
        if not select.select([pipe], [], [], every_s)[0]:
            yield ""
            continue
        chunk = os.read(pipe.fileno(), _LONGEST)
        yield from lines.feed(chunk)
        if not chunk:
            return
