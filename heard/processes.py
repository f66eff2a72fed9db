"""One process: what starts it, when it is ready, what it says, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from heard.parent import die_with_parent
from heard.progress import Console
from heard.words import Lines

_CHUNK = 1 << 16


class StartError(Exception):
    """A process cannot start. The message says why and what to do, in one sentence."""


@dataclass(frozen=True)
class Process:
    """What the supervisor needs to know about one process.

    env: settings on top of those this process was given itself.
    ready: a URL that answers 200, or a probe that returns True; None means ready once started.
    doing: what it does until it is ready, as in "loading its model".
    port: the loopback port it will listen on, which has to be free first; port_setting: how to
    choose another. restart: False when the end of this one is the end of all.
    """

    name: str
    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: str | Callable[[], Awaitable[bool]] | None = None
    doing: str = "starting"
    ready_within_s: float = 300
    port: int | None = None
    port_setting: str = ""
    restart: bool = True


class Child:
    """A running process, in a process group of its own."""

    def __init__(
        self, spec: Process, run: asyncio.subprocess.Process, output: IO[bytes], console: Console
    ) -> None:
        self.spec = spec
        self.pid = run.pid
        self._run = run
        self._console = console
        self._words = asyncio.create_task(self._relay_words(output), name=f"words of {spec.name}")

    @classmethod
    async def start(cls, spec: Process, console: Console) -> Child:
        """Raises: StartError when the program or its folder is not there or may not be run."""
        # A pipe of our own: asyncio's would have us wait for the process until whatever it started
        # itself has closed the pipe, too.
        output, words = os.pipe()
        try:
            run = await asyncio.create_subprocess_exec(
                *spec.argv,
                cwd=spec.cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **spec.env},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=words,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        except OSError as error:
            os.close(output)
            raise StartError(
                f"{spec.name} cannot start: {error.filename or spec.argv[0]}: {error.strerror}; "
                "run `make setup` and try again."
            ) from error
        finally:
            os.close(words)
        return cls(spec, run, os.fdopen(output, "rb"), console)

    async def ended(self) -> int:
        """Wait for its end, and sweep up what it started. Returns: exit code, -N after signal N."""
        code = await self._run.wait()
        self.send(signal.SIGKILL)  # its own children, if any outlived it
        await asyncio.wait({self._words}, timeout=1)
        self._words.cancel()
        return code

    async def stop(self, grace_s: float) -> None:
        """Ask it to end; after `grace_s` seconds make it."""
        if self._run.returncode is None:
            self.send(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.ended(), grace_s)
        except TimeoutError:
            self._console.line(self.spec.name, f"still there after {grace_s:.0f} s, killed")
            self.send(signal.SIGKILL)
            await self.ended()

    def send(self, number: signal.Signals) -> None:
        """Signal its whole group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # the latter on macOS
            os.killpg(self.pid, number)

    async def _relay_words(self, output: IO[bytes]) -> None:
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), output
        )
        lines, chunk = Lines(), b"begin"
        with contextlib.closing(transport):
            while chunk:
                chunk = await stream.read(_CHUNK)
                for line in lines.feed(chunk):
                    self._console.line(self.spec.name, line)


def how_it_ended(code: int) -> str:
    """An exit code in words: `exit code 1`, `killed by SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
