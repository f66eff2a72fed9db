"""The bot's model for what is in data/ now: found by fingerprint, trained only when missing."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from heard.parent import die_with_parent
from heard.processes import how_it_ended
from heard.progress import Console
from heard.words import read_lines

_FILES = ("config.yml", "domain.yml", "bot/uv.lock")
_FOLDERS = (
    *(("data/nlu", ""), ("data/foundation", ""), ("data/rules", ""), ("data/stories", "")),
    *(("data/articles", ".md"), ("data/demo", ".json")),  # read by components of the pipeline
    *(("bot", ".py"), ("bot", ".json")),
)
_PASSED_OVER = {".venv", "__pycache__", "lint", "reading"}  # these look on, and change no model
# The training's own clock and the head of a log line, beside which our clock would confuse.
_CLOCK = re.compile(r"^\s*(\[[ \d.]+ s\] |\d{4}-[-\d]{5}T\S+ [A-Z]+ \S+ )?")
_KEPT = 3
_LAST_WORDS = 15
_NAME = "train"
_GRACE_S = 10


class TrainingError(Exception):
    """There is no model and none could be made. The message says why and what to do."""


def ensure_model(
    root: Path, models: Path, *, force: bool = False, console: Console | None = None
) -> Path:
    """The model that fits the data, configuration and code as they are now.

    Trains it where there is none (or with `force`), one process at a time; keeps the three models
    used last.
    Raises: TrainingError with the training's last lines.
    """
    console = console or Console(sys.stderr)
    model = models / f"heard-{fingerprint(root)[:12]}.tar.gz"
    if not force and model.is_file():
        os.utime(model)  # the age of its last use decides what is kept
        return model
    models.mkdir(parents=True, exist_ok=True)
    began = time.time()
    with _alone(models, console):
        made_meanwhile = model.is_file() and (not force or model.stat().st_mtime > began)
        if not made_meanwhile:
            _train(root, model, console)
            _forget_old(models)
    return model


def fingerprint(root: Path) -> str:
    """The sha256 of all that goes into a model: configuration, domain, training data and code.

    Raises: TrainingError where a file of these is missing.
    """
    digest = hashlib.sha256()
    for path in _ingredients(root):
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise TrainingError(
                f"{path.relative_to(root)} is missing: the bot cannot be trained without it."
            ) from error
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _ingredients(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _FILES)
    for folder, ending in _FOLDERS:
        found: list[Path] = []
        for where, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name not in _PASSED_OVER]
            found += [
                Path(where, name)
                for name in names
                if name.endswith(ending) and not name.startswith(".")
            ]
        yield from sorted(found)


@contextlib.contextmanager
def _alone(models: Path, console: Console) -> Iterator[None]:
    began = time.monotonic()
    with (models / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = time.monotonic() - began
                console.waiting(_NAME, "another process is training the bot", waited)
                time.sleep(0.25)
        console.done_waiting(_NAME)
        yield  # closing the file lets go of the lock, and so does the end of the process


def _train(root: Path, model: Path, console: Console) -> None:
    for left_over in model.parent.glob("*unfinished-*"):  # Rasa's own draft has a dot before it
        left_over.unlink(missing_ok=True)
    unfinished = model.with_name(f"unfinished-{os.getpid()}-{model.name}")
    began = time.monotonic()
    console.line(_NAME, "training the bot on the data as it is now")
    words: deque[str] = deque(maxlen=_LAST_WORDS)
    try:
        how = _run(root, unfinished, words, console)
        if how is None and not _is_whole(unfinished):
            how = "no whole model was written"
        if how is not None:
            last = "".join(f"\n    {line}" for line in words)
            raise TrainingError(
                f"Training the bot failed ({how}): mend what its last lines name, then "
                f"run `make train`.{last}"
            )
        unfinished.replace(model)
    finally:
        unfinished.unlink(missing_ok=True)
    console.line(_NAME, f"trained in {time.monotonic() - began:.0f} s: {model.name}")


def _run(root: Path, out: Path, words: deque[str], console: Console) -> str | None:
    """Run the training to its end. Returns: None when it went well, else how it ended."""
    python = root / "bot/.venv/bin/python"
    try:
        run = subprocess.Popen(  # noqa: S603
            [python, "-m", "bot.train", "--out", out.resolve()],
            cwd=root,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    except OSError as error:
        raise TrainingError(
            f"The bot's environment is not there ({python}: {error.strerror}): run `make setup`."
        ) from error
    try:
        _show(run, words, console)
        code = run.wait()
    finally:
        _end(run)
        console.done_waiting(_NAME)
    return how_it_ended(code) if code else None


def _show(run: subprocess.Popen[bytes], words: deque[str], console: Console) -> None:
    assert run.stdout is not None
    began = time.monotonic()
    for line in read_lines(run.stdout, every_s=0.5):
        if line:
            words.append(line)
        doing = _CLOCK.sub("", words[-1]) if words else "loading Rasa"
        console.waiting(_NAME, doing, time.monotonic() - began)


def _end(run: subprocess.Popen[bytes]) -> None:
    if run.stdout is not None:
        run.stdout.close()
    if run.poll() is not None:
        return
    os.killpg(run.pid, signal.SIGTERM)
    try:
        run.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def _is_whole(model: Path) -> bool:
    try:
        with gzip.open(model) as archive:
            while archive.read(1 << 20):  # to the end, where the checksum stands
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _forget_old(models: Path) -> None:
    by_use = sorted(models.glob("heard-*.tar.gz"), key=lambda model: model.stat().st_mtime)
    for old in by_use[:-_KEPT]:
        old.unlink(missing_ok=True)
