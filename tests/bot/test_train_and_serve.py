"""Training refuses faulty data in plain words; a server that nobody owns does not stay."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.train import InvalidTrainingData, train

ROOT = Path(__file__).resolve().parents[2]
TINY = Path(__file__).parent / "tiny_bot"
SERVING = {
    "HEARD_BOT_TOKEN": "t",
    "HEARD_ACTIONS_TOKEN": "t",
    "HEARD_ACTIONS_URL": "http://127.0.0.1:9/webhook",
}


def test_an_intent_without_sentences_is_a_fault(tmp_path):
    domain = tmp_path / "domain.yml"
    domain.write_text((TINY / "domain.yml").read_text().replace("[greet,", "[greet, sell,"))
    with pytest.raises(InvalidTrainingData, match="sell"):
        train(TINY / "config.yml", domain, [str(TINY / "data.yml")], tmp_path / "m.tar.gz")
    assert not (tmp_path / "m.tar.gz").exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidTrainingData, match=r"nowhere\.yml"):
        train(Path("nowhere.yml"), TINY / "domain.yml", [], tmp_path / "m.tar.gz")


def _serve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.serve", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_server_without_its_settings_says_which_are_missing():
    ended = _serve("--model", "m.tar.gz")
    assert ended.returncode == 2
    assert "HEARD_BOT_TOKEN" in ended.stderr


def test_a_server_without_a_model_says_how_to_train_one(tmp_path):
    db = str(tmp_path / "bot.db")
    ended = _serve("--model", "no.tar.gz", HEARD_BOT_DB=db, **SERVING)
    assert ended.returncode == 2
    assert "bot.train" in ended.stderr


@pytest.mark.parametrize(
    ("name", "address"),
    [("HEARD_BOT_DB", "postgresql://x@127.0.0.1:9/y"), ("HEARD_REDIS_URL", "redis://127.0.0.1:9")],
)
def test_a_server_that_reaches_no_store_says_so_in_one_sentence(name, address, tmp_path):
    model = tmp_path / "m.tar.gz"
    model.touch()
    given = {"HEARD_BOT_DB": str(tmp_path / "bot.db"), **SERVING, name: address}
    ended = _serve("--model", str(model), **given)
    assert ended.returncode == 1
    assert name in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_server_ends_when_the_process_that_started_it_is_gone(tiny_model, tmp_path):
    log = tmp_path / "log"
    parent = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'"{sys.executable}" -m bot.serve --model "{tiny_model}" --port 0 2>"{log}" & '
            f"echo $!; sleep 3",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HEARD_BOT_DB": str(tmp_path / "bot.db"), **SERVING},
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=True,
    )
    server = int(parent.stdout.split()[0])
    until = time.monotonic() + 40
    while _lives(server) and time.monotonic() < until:
        time.sleep(0.2)
    assert not _lives(server), log.read_text()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
