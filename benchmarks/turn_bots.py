"""The two bots of benchmarks/turn.py: how each is trained, started and spoken to."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from heard.training import ensure_model

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
_PYTHON = ROOT / "bot/.venv/bin/python"
_DATA = ("data/nlu", "data/rules")
_START_S = 300
_TRAIN_S = 3600
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}

# What `rasa init` of Rasa 3.6 writes and Rasa takes where nothing is said; only epochs may differ.
_STOCK_CONFIG = """recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: {epochs}
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: {epochs}
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""


class BenchmarkError(Exception):
    """The benchmark cannot go on; the message says why."""


@dataclass(frozen=True)
class Bot:
    """A bot that can be started: its command, its readiness, and the request of one turn."""

    name: str
    command: list[str]
    environment: dict[str, str]
    cwd: Path
    ready: str
    turn: Callable[[str, str, str], tuple[str, dict[str, Any]]]
    headers: dict[str, str] = field(default_factory=dict)


def say(words: str) -> None:
    """A line of progress on stderr."""
    print(f"turn: {words}", file=sys.stderr, flush=True)


def our_bot(port: int, actions_port: int, folder: Path) -> Bot:
    """This bot as `heard run` starts it, trained where its model is missing."""
    say("our model (trained where data or code have changed)")
    model = ensure_model(ROOT, ROOT / "var/models")
    token = "benchmark"  # noqa: S105 - of a server that lives for minutes on loopback

    def turn(conversation: str, message_id: str, text: str) -> tuple[str, dict[str, Any]]:
        body = {"conversation": conversation, "message_id": message_id, "text": text}
        return f"http://{HOST}:{port}/webhooks/gateway/turn", body

    return Bot(
        name="ours",
        command=[str(_PYTHON), "-m", "bot.serve", "--model", str(model), "--port", str(port)],
        environment={
            **_QUIET,
            "HF_HUB_OFFLINE": "1",
            "HEARD_BOT_TOKEN": token,
            "HEARD_BOT_DB": str(folder / "ours.db"),
            "HEARD_ACTIONS_TOKEN": token,
            "HEARD_ACTIONS_URL": f"http://{HOST}:{actions_port}/webhook",
        },
        cwd=ROOT,
        ready=f"http://{HOST}:{port}/readyz",
        turn=turn,
        headers={"Authorization": f"Bearer {token}"},
    )


def stock_bot(port: int, actions_port: int, folder: Path, epochs: int) -> Bot:
    """`rasa run` with the default pipeline, policies and SQL tracker store, on the same data."""
    model = _stock_model(epochs)
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://{HOST}:{actions_port}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'stock.db'}\n"
    )
    credentials.write_text("rest:\n")

    def turn(conversation: str, message_id: str, text: str) -> tuple[str, dict[str, Any]]:
        body = {"sender": conversation, "message": text}
        return f"http://{HOST}:{port}/webhooks/rest/webhook", body

    command = [str(_PYTHON), "-m", "rasa", "run", "--enable-api", "--model", str(model)]
    command += ["--endpoints", str(endpoints), "--credentials", str(credentials)]
    return Bot(
        name="stock",
        command=[*command, "--interface", HOST, "--port", str(port)],
        environment=_QUIET,
        cwd=folder,
        ready=f"http://{HOST}:{port}/status",
        turn=turn,
    )


def _stock_model(epochs: int) -> Path:
    config = _STOCK_CONFIG.format(epochs=epochs)
    digest = hashlib.sha256(config.encode())
    for path in [ROOT / "domain.yml", *(p for d in _DATA for p in sorted((ROOT / d).glob("*")))]:
        digest.update(path.read_bytes())
    models = ROOT / "var/benchmarks/turn"
    model = models / f"stock-{digest.hexdigest()[:12]}.tar.gz"
    if model.is_file():
        say(f"stock Rasa's model is there ({model.relative_to(ROOT)})")
        return model
    models.mkdir(parents=True, exist_ok=True)
    (models / "config.yml").write_text(config)
    say(f"training stock Rasa, {epochs} epochs (minutes: DIET, TED and UnexpecTED)")
    began, log = time.monotonic(), models / "train.log"
    command = [str(_PYTHON), "-m", "rasa", "train", "--config", str(models / "config.yml")]
    command += ["--domain", "domain.yml", "--data", *_DATA, "--out", str(models), "--force"]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **_QUIET},
            stdout=output,
            stderr=output,
            timeout=_TRAIN_S,
            check=False,
        )
    if done.returncode or not model.is_file():
        raise BenchmarkError(f"stock Rasa could not be trained; its words are in {log}.")
    say(f"stock Rasa is trained, {time.monotonic() - began:.0f} s")
    return model


@contextmanager
def actions(port: int) -> Iterator[str]:
    """The action server of both. Gives its address."""
    server = subprocess.Popen([sys.executable, str(ROOT / "benchmarks/turn_actions.py"), str(port)])
    try:
        url = f"http://{HOST}:{port}"
        _until(f"{url}/count", server, "the action server")
        yield url
    finally:
        _end(server)


@contextmanager
def started(bot: Bot, folder: Path) -> Iterator[tuple[int, float]]:
    """A running bot. Gives its process id, and the seconds that its start took."""
    say(f"starting {bot.name}")
    log = folder / f"{bot.name}.log"
    began = time.monotonic()
    with log.open("wb") as output:
        server = subprocess.Popen(
            bot.command,
            cwd=bot.cwd,
            env={**os.environ, **bot.environment},
            stdout=output,
            stderr=output,
        )
        try:
            _until(bot.ready, server, f"{bot.name} (its words are in {log})")
            yield server.pid, time.monotonic() - began
        finally:
            _end(server)


def _until(url: str, server: subprocess.Popen[bytes], who: str) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise BenchmarkError(f"{who} ended with exit code {server.returncode}.")
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise BenchmarkError(f"{who} was not ready after {_START_S} s.")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, check=True)
    return int(told.stdout) / 1024
