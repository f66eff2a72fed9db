"""The real processes, started as a person starts them, on ports and in a folder of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from heard.settings import ROOT
from tests.ports import HOST, free_ports

_READY_WITHIN_S = 900  # a first start trains the bot: minutes, on a busy machine many
_GONE_WITHIN_S = 20


class Product:
    """Heard, running. `settings` are added to the environment, without their prefix."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self._bot_port, self._actions_port = free_ports(3)
        self.url = f"http://{HOST}:{self.port}"
        self.log = folder / "run.log"
        self._settings = settings
        self._run: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until a person is told that it is ready."""
        begun_at = self.log.stat().st_size if self.log.exists() else 0
        argv = [sys.executable, "-m", "heard", "run"]
        with self.log.open("ab") as out:
            self._run = subprocess.Popen(
                argv, cwd=ROOT, env=self.environment, stdout=out, stderr=out
            )
        self._until(lambda: "Heard is ready." in self.log.read_text()[begun_at:])

    def stop(self) -> int:
        """Ctrl-C. Returns: the exit code."""
        if self._run is None:
            return 0
        self._run.send_signal(signal.SIGINT)
        try:
            return self._run.wait(_GONE_WITHIN_S)
        finally:
            self._run.kill()  # does nothing to what has ended
            self._run = None

    def kill(self, name: str) -> None:
        """SIGKILL one process: `app`, `bot`, or `heard`, which is the supervisor."""
        assert self._run is not None
        if name == "heard":
            self._run.kill()
            self._run.wait()
            self._run = None
        else:
            os.kill(self._child(name), signal.SIGKILL)

    def ready_again(self, name: str, times: int = 2) -> None:
        """Wait until this process has become ready for the `times`th time in all."""
        said = re.compile(rf"^{name} +\| ready after", re.MULTILINE)
        self._until(lambda: len(said.findall(self.log.read_text())) >= times)

    @property
    def password(self) -> str:
        """The demo staff's password."""
        kept: str = json.loads((self.folder / "demo.json").read_text())["password"]
        return kept

    @property
    def identity_key(self) -> str:
        """The key with which the company's site signs who its customers are."""
        kept: str = json.loads((self.folder / "secrets.json").read_text())["identity_key"]
        return kept

    def _child(self, name: str) -> int:
        assert self._run is not None
        wanted = {"app": "heard app", "bot": "bot.serve"}[name]
        listing = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        for line in listing.stdout.splitlines():
            pid, parent, args = line.split(None, 2)
            if int(parent) == self._run.pid and wanted in args:
                return int(pid)
        raise AssertionError(f"{name} does not run")

    def _until(self, came: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not came():
            assert self._run is not None
            assert self._run.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    @property
    def environment(self) -> dict[str, str]:
        """What a program reads that belongs to this product."""
        own = {
            "VAR": str(self.folder),
            "PORT": str(self.port),
            "BOT_PORT": str(self._bot_port),
            "ACTIONS_PORT": str(self._actions_port),
            **self._settings,
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HEARD_")}
        return inherited | {f"HEARD_{name}": value for name, value in own.items()}
