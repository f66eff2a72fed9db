"""The supervisor, with real processes."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from heard.processes import Process
from heard.progress import Console
from heard.supervisor import Patience, Supervisor
from tests.patience import PATIENT_S

QUICK = Patience(first_pause_s=0.05, longest_pause_s=0.2, grace_s=2, port_s=0.6)
SERVER = """
    import http.server, sys
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
        def log_message(self, *words): pass
    server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer)
    print("serving", flush=True)
    server.serve_forever()
"""
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Process]:
    def make(code: str, *arguments: object, name: str = "child") -> Process:
        words = [str(word) for word in arguments]
        argv = [sys.executable, "-c", textwrap.dedent(code), *words]
        return Process(name=name, argv=argv, cwd=tmp_path)

    return make


class Watched:
    """A supervisor at work, and what it has said so far."""

    def __init__(self, *processes: Process, patience: Patience = QUICK) -> None:
        self._out = io.StringIO()
        self.became_ready = asyncio.Event()
        self.supervisor = Supervisor(
            processes, Console(self._out), patience=patience, on_ready=self.became_ready.set
        )
        self.run = asyncio.create_task(self.supervisor.run())

    @property
    def said(self) -> str:
        return self._out.getvalue()

    async def says(self, text: str, times: int = 1) -> None:
        async with asyncio.timeout(PATIENT_S):
            while self.said.count(text) < times:
                assert not self.run.done(), self.said
                await asyncio.sleep(0.02)

    async def told(self, number: signal.Signals) -> int:
        os.kill(os.getpid(), number)
        return await asyncio.wait_for(self.run, PATIENT_S)


@asynccontextmanager
async def watched(*processes: Process, patience: Patience = QUICK) -> AsyncIterator[Watched]:
    run = Watched(*processes, patience=patience)
    try:
        yield run
    finally:
        run.run.cancel()
        await asyncio.wait([run.run])


def alive(pid: int) -> bool:
    """Whether it runs; a dead one that nobody has waited for does not count."""
    if Path("/proc/self/stat").exists():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
    else:
        command = ["ps", "-o", "stat=", "-p", str(pid)]
        state = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def gone_within(pids: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


async def test_a_process_is_ready_when_its_url_answers(process, port):
    spec = replace(process(SERVER, port), ready=f"http://127.0.0.1:{port}/", port=port)
    async with watched(spec) as run:
        await asyncio.wait_for(run.became_ready.wait(), PATIENT_S)
        assert "child | ready after" in run.said
        assert await run.told(signal.SIGTERM) == 0


async def test_ready_is_told_once_although_a_process_starts_again(process, tmp_path):
    first = tmp_path / "first"
    code = (
        "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('x'); import time; time.sleep(1)"
    )
    calls = []

    async def probe() -> bool:
        return first.exists()

    spec = replace(process(code, first), ready=probe)
    supervisor = Supervisor(
        [spec], Console(io.StringIO()), patience=QUICK, on_ready=lambda: calls.append("ready")
    )
    run = asyncio.create_task(supervisor.run())
    await asyncio.sleep(2.5)
    run.cancel()
    await asyncio.wait([run])
    assert calls == ["ready"]


async def test_a_killed_process_starts_again(process):
    code = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
    async with watched(process(code)) as run:
        await run.says("pid ")
        pid = int(run.said.split("pid ")[1].split()[0])
        os.kill(pid, signal.SIGKILL)
        await run.says("pid ", times=2)
        assert "child has ended (killed by SIGKILL), starting it again in 0.05 s" in run.said


async def test_pauses_between_tries_grow_to_a_limit(process):
    patience = replace(QUICK, first_tries=6, first_pause_s=0.01, longest_pause_s=0.04)
    slow_to_answer = replace(process("raise SystemExit(3)"), ready="http://127.0.0.1:9/")
    async with watched(slow_to_answer, patience=patience) as run:
        assert await asyncio.wait_for(run.run, PATIENT_S) == 1
        pauses = [
            line.rsplit("again in ")[1] for line in run.said.splitlines() if "again in" in line
        ]
        assert pauses == ["0.01 s", "0.02 s", "0.04 s", "0.04 s", "0.04 s"]


async def test_a_healthy_life_makes_the_pauses_short_again(process):
    patience = replace(QUICK, healthy_after_s=0.3)
    async with watched(process("import time; time.sleep(0.4)"), patience=patience) as run:
        await run.says("again in 0.05 s", times=3)


async def test_what_a_dead_process_had_started_goes_with_it(process):
    code = """
        import subprocess, sys, time
        grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print("pid", grandchild.pid, flush=True)
    """
    async with watched(process(code)) as run:
        await run.says("again in")
        pid = int(run.said.split("pid ")[1].split()[0])
        assert gone_within([pid], 2)


async def test_one_that_never_gets_ready_is_given_up_in_one_sentence(process):
    failing = replace(
        process("print('no licence'); raise SystemExit(3)"), ready="http://127.0.0.1:9/"
    )
    async with watched(failing) as run:
        assert await asyncio.wait_for(run.run, PATIENT_S) == 1
        assert run.said.count("child | no licence") == 3
        assert "child does not start: 3 tries, the last one exit code 3;" in run.said


async def test_one_that_does_not_answer_in_time_is_started_anew(process):
    deaf = replace(process(SLEEPER), ready="http://127.0.0.1:9/", ready_within_s=0.5)
    async with watched(deaf) as run:
        await run.says("child has ended (not ready after 0.5 s)")
        await run.says("child | up", times=2)


async def test_processes_stop_last_to_first(process, tmp_path):
    ended = tmp_path / "ended"
    code = f"""
        import signal, sys, time
        def end(*_):
            open({str(ended)!r}, "a").write(sys.argv[1] + " ")
            raise SystemExit(0)
        signal.signal(signal.SIGTERM, end)
        print("up", flush=True)
        time.sleep(60)
    """
    first, second = process(code, "bot", name="bot"), process(code, "app", name="app")
    async with watched(first, second) as run:
        await run.says("| up", times=2)
        assert await run.told(signal.SIGINT) == 0
    assert ended.read_text().split() == ["app", "bot"]


async def test_one_that_will_not_stop_is_killed_with_its_own_children(process):
    code = """
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        grandchild = subprocess.Popen([sys.executable, "-c",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "print('deaf', flush=True); time.sleep(60)"])
        print("pids", os.getpid(), grandchild.pid, flush=True)
        time.sleep(60)
    """
    async with watched(process(code), patience=replace(QUICK, grace_s=0.3)) as run:
        await run.says("deaf")
        await run.says("pids")
        pids = [int(word) for word in run.said.split("pids ")[1].split()[:2]]
        assert await run.told(signal.SIGTERM) == 0
        assert gone_within(pids, 3)
        assert "still there after 0 s, killed" in run.said


async def test_a_second_signal_stops_at_once(process):
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('up', flush=True); time.sleep(60)"
    )
    async with watched(process(code), patience=replace(QUICK, grace_s=60)) as run:
        await run.says("child | up")
        os.kill(os.getpid(), signal.SIGINT)
        await run.says("stopping")
        assert await run.told(signal.SIGINT) == 0


async def test_a_taken_port_is_named_with_what_to_do(process, port):
    with socket.socket() as taker:
        taker.bind(("127.0.0.1", port))
        taker.listen()
        spec = replace(process(SERVER, port), port=port, port_setting="HEARD_BOT_PORT")
        async with watched(spec) as run:
            assert await asyncio.wait_for(run.run, PATIENT_S) == 1
    assert f"port {port} is taken by another program" in run.said
    assert "choose another with HEARD_BOT_PORT" in run.said


async def test_a_port_that_comes_free_in_time_is_waited_for(process, port):
    taker = socket.socket()
    taker.bind(("127.0.0.1", port))
    taker.listen()
    spec = replace(process(SERVER, port), port=port, ready=f"http://127.0.0.1:{port}/")
    async with watched(spec, patience=replace(QUICK, port_s=5)) as run:
        await asyncio.sleep(0.5)
        taker.close()
        await asyncio.wait_for(run.became_ready.wait(), PATIENT_S)


async def test_a_missing_program_is_named_with_what_to_do(process):
    spec = replace(process(""), argv=["/nowhere/python", "-m", "bot.serve"])
    async with watched(spec) as run:
        assert await asyncio.wait_for(run.run, PATIENT_S) == 1
        assert "/nowhere/python: No such file or directory; run `make setup`" in run.said


async def test_the_end_of_one_that_is_not_restarted_ends_all(process):
    once = replace(process("raise SystemExit(4)", name="once"), restart=False)
    async with watched(process(SLEEPER, name="other"), once) as run:
        assert await asyncio.wait_for(run.run, PATIENT_S) == 4
        assert "once has ended (exit code 4)" in run.said


async def test_lines_are_whole_aligned_and_bars_are_unrolled(process):
    code = r"""
        import sys, time
        sys.stdout.write("one\n\ntw"); sys.stdout.flush(); time.sleep(0.1)
        sys.stdout.write("o\r50 %\r100 %\nlast without end"); sys.stdout.flush(); time.sleep(0.1)
    """
    async with watched(replace(process(code, name="bot"), restart=False)) as run:
        await asyncio.wait_for(run.run, PATIENT_S)
    lines = [line for line in run.said.splitlines() if line.startswith("bot   | ")]
    expected = ["one", "two", "50 %", "100 %", "last without end"]
    assert [line.removeprefix("bot   | ") for line in lines] == expected


@pytest.fixture
def supervisor_of_its_own(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    code = """
        import asyncio, pathlib, sys
        from heard.processes import Process
        from heard.progress import Console
        from heard.supervisor import Supervisor
        child = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
        specs = [Process(name=name, argv=[sys.executable, "-c", child], cwd=pathlib.Path.cwd())
                 for name in ("bot", "app")]
        sys.exit(asyncio.run(Supervisor(specs, Console(sys.stdout)).run()))
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        yield run
        run.kill()


def pids_of(run: subprocess.Popen[str]) -> list[int]:
    assert run.stdout is not None
    return [int(run.stdout.readline().split("pid ")[1]) for _ in range(2)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills children with their parent")
def test_children_do_not_survive_a_killed_supervisor(supervisor_of_its_own):
    pids = pids_of(supervisor_of_its_own)
    supervisor_of_its_own.kill()
    assert gone_within(pids, 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_supervisor_leaves_nothing_and_exits_with_0(supervisor_of_its_own, number):
    pids = pids_of(supervisor_of_its_own)
    supervisor_of_its_own.send_signal(number)
    assert supervisor_of_its_own.wait(10) == 0
    assert gone_within(pids, 1)


def test_a_process_that_watches_its_parent_ends_with_it(tmp_path):
    child = (
        "import os, time; from heard.parent import exit_with_parent; exit_with_parent();"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]);"
    with subprocess.Popen(
        [sys.executable, "-c", parent + "time.sleep(60)"], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        assert alive(pid)
        run.kill()
        assert gone_within([pid], 5)


def test_waits_are_told_sparsely_off_a_terminal():
    out = io.StringIO()
    console = Console(out)
    for second in range(25):
        console.waiting("bot", "loading its model", second)
    assert out.getvalue() == "bot   | loading its model, 10 s\nbot   | loading its model, 20 s\n"


def test_on_a_terminal_one_line_is_rewritten_below_the_log():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    console = Console(out)
    console.introduce("bot", "app")
    console.waiting("bot", "loading its model", 3)
    console.waiting("bot", "loading its model", 3.2)
    console.line("app", "listening")
    console.done_waiting("bot")
    said = out.getvalue()
    assert said.count("bot: loading its model, 3 s") == 2  # drawn, and again under the log line
    assert "\x1b[33mapp   |\x1b[0m listening\n" in said
    assert said.endswith("\r\x1b[K")
