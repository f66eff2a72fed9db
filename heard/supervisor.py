"""Keeps Heard's processes running: starts them, tells when they are ready, restarts, stops."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from heard.processes import Child, Process, StartError, how_it_ended
from heard.progress import Console
from heard.readiness import until_port_is_free, until_ready

_OWN_NAME = "heard"
_log = structlog.get_logger()
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds."""

    first_pause_s: float = 0.5
    longest_pause_s: float = 30
    healthy_after_s: float = 60  # a process that lived this long starts again with the first pause
    grace_s: float = 10  # between asking a process to end and killing it
    port_s: float = 8
    first_tries: int = 3  # a process that was never ready is given up after these


class Supervisor:
    """Runs the processes together until told to stop, or until one cannot start at all.

    Args: processes: in the order of dependence; they start together and stop last to first.
    on_ready: called once, when all have become ready for the first time.
    """

    def __init__(
        self,
        processes: Sequence[Process],
        console: Console,
        *,
        patience: Patience | None = None,
        on_ready: Callable[[], None] | None = None,
    ) -> None:
        self._processes = processes
        self._console = console
        self._patience = patience or Patience()
        self._on_ready = on_ready
        self._running: dict[str, Child] = {}
        self._proven: set[str] = set()  # names of those that have been ready once
        self._told_to_stop = asyncio.Event()
        console.introduce(_OWN_NAME, *(process.name for process in processes))

    async def run(self) -> int:
        """Run them until the end of all.

        Returns: 0 after SIGINT, SIGTERM or SIGHUP; 1 when a process could not start; the exit code
        of a process that is not to be restarted, when it has ended.
        """
        loop = asyncio.get_running_loop()
        # nohup has SIGHUP ignored, and means it
        heeded = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
        for number in heeded:
            loop.add_signal_handler(number, self._on_signal, number)
        try:
            return await self._until_the_end()
        finally:
            for number in heeded:
                loop.remove_signal_handler(number)

    async def _until_the_end(self) -> int:
        stop = asyncio.create_task(self._told_to_stop.wait())
        keepers = [asyncio.create_task(self._keep(process)) for process in self._processes]
        try:
            await asyncio.wait([stop, *keepers], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stop, *keepers):
                task.cancel()
            await asyncio.wait([stop, *keepers])
            codes = [self._code(task) for task in keepers if not task.cancelled()]
            await self._stop_all()
        return max(codes, default=0)

    def _on_signal(self, number: signal.Signals) -> None:
        if self._told_to_stop.is_set():
            for child in self._running.values():
                child.send(signal.SIGKILL)
            return
        self._told_to_stop.set()
        told = f"stopping, told by {number.name} (once more to stop at once)"
        self._console.line(_OWN_NAME, told)

    async def _keep(self, process: Process) -> int:
        """Keep one process running. Returns: its exit code, if it is not to be restarted."""
        pause, tries = self._patience.first_pause_s, 0
        while True:
            began = time.monotonic()
            reason, code = await self._live_once(process)
            if not process.restart:
                self._console.line(_OWN_NAME, f"{process.name} has ended ({reason})")
                return code
            tries += 1
            if process.name not in self._proven and tries >= self._patience.first_tries:
                raise StartError(
                    f"{process.name} does not start: {tries} tries, the last one {reason}; "
                    "what it said stands above."
                )
            if time.monotonic() - began >= self._patience.healthy_after_s:
                pause = self._patience.first_pause_s
            again = f"starting it again in {pause:g} s"
            self._console.line(_OWN_NAME, f"{process.name} has ended ({reason}), {again}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._patience.longest_pause_s)

    async def _live_once(self, process: Process) -> tuple[str, int]:
        """One life, from start to end. Returns: how it ended, in words and as an exit code."""
        try:
            await until_port_is_free(process, self._console, self._patience.port_s)
            child = await Child.start(process, self._console)
        except StartError as error:
            if process.name not in self._proven:
                raise
            return str(error), 1
        self._running[process.name] = child
        end = asyncio.create_task(child.ended())
        ready = asyncio.create_task(until_ready(process, self._console))
        try:
            await asyncio.wait({end, ready}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done() and not end.done():
                if not ready.result():
                    await child.stop(self._patience.grace_s)
                    del self._running[process.name]
                    return f"not ready after {process.ready_within_s:g} s", 1
                self._has_become_ready(process)
            code = await end
            del self._running[process.name]
            return how_it_ended(code), code
        finally:
            ready.cancel()
            end.cancel()

    def _has_become_ready(self, process: Process) -> None:
        self._proven.add(process.name)
        if self._on_ready and len(self._proven) == len(self._processes):
            self._on_ready()
            self._on_ready = None

    async def _stop_all(self) -> None:
        for process in reversed(self._processes):
            if child := self._running.get(process.name):
                await child.stop(self._patience.grace_s)
        self._console.line(_OWN_NAME, "stopped")

    def _code(self, keeper: asyncio.Task[int]) -> int:
        """What a keeper came to, as an exit code; its sentence is told if it could not start."""
        error = keeper.exception()
        if error is None:
            return abs(keeper.result())
        if isinstance(error, StartError):
            self._console.line(_OWN_NAME, str(error))
        else:
            _log.error("keeper_failed", exc_info=error)
        return 1
