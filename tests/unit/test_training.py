"""Finding and making the bot's model, with a small stand-in for Rasa's training program."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tarfile
import textwrap
import time
from pathlib import Path

import pytest

from heard.progress import Console
from heard.training import TrainingError, ensure_model, fingerprint
from tests.patience import PATIENT_S

TRAINER = """
    import pathlib, sys, tarfile, time
    from bot.mood import PAUSE, FAILS, CUT
    out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
    with open("runs", "a") as runs:
        runs.write("run\\n")
    print("Epochs: 10 %\\rEpochs: 100 %", flush=True)
    time.sleep(PAUSE)
    if FAILS:
        print("domain.yml names no intent 'greet'", flush=True)
        raise SystemExit(1)
    with tarfile.open(out, "w:gz") as model:
        model.add("config.yml")
    if CUT:
        out.write_bytes(out.read_bytes()[:-20])
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "a folder"
    files = {
        "config.yml": "pipeline: []",
        "domain.yml": "intents: [greet]",
        "data/nlu/greet.yml": "nlu: []",
        "data/rules/greet.yml": "rules: []",
        "data/stories/greet.yml": "stories: []",
        "data/articles/returns/returns.md": "Returns are free.",
        "bot/uv.lock": "version = 1",
        "bot/__init__.py": "",
        "bot/train.py": textwrap.dedent(TRAINER),
        "bot/.venv/lib/rasa.py": "",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "bot/.venv/bin").mkdir()
    (root / "bot/.venv/bin/python").symlink_to(sys.executable)
    mood(root)
    return root


def mood(root: Path, *, pause: float = 0, fails: bool = False, cut: bool = False) -> None:
    text = f"PAUSE = {pause}\nFAILS = {fails}\nCUT = {cut}\n"
    (root / "bot/mood.py").write_text(text)


def runs(root: Path) -> int:
    path = root / "runs"
    return path.read_text().count("run") if path.exists() else 0


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "models").iterdir() if path.name != ".lock")


def ensure(root: Path, *, force: bool = False) -> tuple[Path, str]:
    out = io.StringIO()
    model = ensure_model(root, root / "models", force=force, console=Console(out))
    return model, out.getvalue()


def test_the_model_is_trained_once_and_named_after_its_ingredients(root):
    model, said = ensure(root)
    assert model.name == f"heard-{fingerprint(root)[:12]}.tar.gz"
    with tarfile.open(model) as archive:
        assert archive.getnames() == ["config.yml"]
    assert "train | training the bot" in said and f"{model.name}" in said
    assert ensure(root) == (model, "")
    assert runs(root) == 1
    assert names(root) == [model.name]


@pytest.mark.parametrize(
    "changed",
    [
        *("config.yml", "domain.yml", "data/nlu/new.yml", "data/articles/care/wash.md"),
        "data/foundation/orders.yml",
        *("data/demo/shop.json", "bot/nlu/x.py", "bot/nlu/weights/v1.json", "bot/uv.lock"),
    ],
)
def test_what_goes_into_a_model_changes_its_fingerprint(root, changed):
    before = fingerprint(root)
    (root / changed).parent.mkdir(parents=True, exist_ok=True)
    (root / changed).write_text("changed")
    assert fingerprint(root) != before


@pytest.mark.parametrize("changed", ["data/articles/a.txt", "bot/.venv/lib/rasa.py", "bot/a.md"])
def test_what_does_not_go_into_a_model_leaves_its_fingerprint(root, changed):
    before = fingerprint(root)
    (root / changed).write_text("changed")
    assert fingerprint(root) == before


def test_a_file_that_moves_changes_the_fingerprint(root):
    before = fingerprint(root)
    (root / "data/nlu/greet.yml").rename(root / "data/nlu/hello.yml")
    assert fingerprint(root) != before


def test_a_missing_ingredient_is_named(root):
    (root / "domain.yml").unlink()
    with pytest.raises(TrainingError, match=r"domain\.yml is missing"):
        ensure(root)


@pytest.mark.parametrize("head", ["[ 12.3 s] ", "2026-03-04T05:06:07 INFO bot.nlu.intent "])
def test_a_long_training_tells_what_it_is_doing(root, monkeypatch, head):
    monkeypatch.setattr("heard.progress._EVERY_S", 1)
    code = f"import time; print('{head}checking', flush=True); time.sleep(1.6); raise SystemExit(1)"
    (root / "bot/train.py").write_text(code)
    out = io.StringIO()
    with pytest.raises(TrainingError):
        ensure_model(root, root / "models", console=Console(out))
    assert "train | checking, 1 s\n" in out.getvalue()


def test_force_trains_again(root):
    ensure(root)
    ensure(root, force=True)
    assert runs(root) == 2


def test_a_failure_shows_the_last_lines_and_leaves_nothing_behind(root):
    mood(root, fails=True)
    with pytest.raises(TrainingError, match=r"failed \(exit code 1\).*make train") as caught:
        ensure(root)
    assert "domain.yml names no intent 'greet'" in str(caught.value)
    assert names(root) == []


def test_a_failure_with_force_keeps_the_model_there_was(root):
    model, _ = ensure(root)
    (root / "bot/.venv/bin/python").unlink()
    with pytest.raises(TrainingError, match="run `make setup`"):
        ensure(root, force=True)
    assert names(root) == [model.name]


def test_a_model_cut_short_is_not_taken_for_one(root):
    mood(root, cut=True)
    with pytest.raises(TrainingError, match="no whole model was written"):
        ensure(root)
    assert names(root) == []


def test_the_three_models_used_last_are_kept(root):
    models = []
    for day in range(4):
        (root / "config.yml").write_text(f"day: {day}")
        model, _ = ensure(root)
        os.utime(model, (time.time() - 1000 + day, time.time() - 1000 + day))
        models.append(model.name)
        if day == 2:
            (root / "config.yml").write_text("day: 0")
            assert ensure(root)[0].name == models[0]  # in use again: the second is now the oldest
    assert names(root) == sorted([models[0], models[2], models[3]])


def test_two_processes_train_once(root):
    mood(root, pause=0.7)
    code = (
        "import pathlib, sys; from heard.training import ensure_model;"
        "print(ensure_model(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1]) / 'models'))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=PATIENT_S) for process in both]
    assert {out.strip() for out, _ in answers} == {str(next((root / "models").glob("heard-*")))}
    assert runs(root) == 1


def test_an_interrupted_training_stops_and_what_it_left_is_swept_up(root):
    mood(root, pause=600)
    code = (
        "import pathlib, sys; from heard.training import ensure_model;"
        "ensure_model(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1]) / 'models')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)], stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + PATIENT_S
        while runs(root) == 0 and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENT_S)
    for name in ("unfinished-1-heard-0.tar.gz", ".unfinished-1-heard-0-1.tar.gz"):
        (root / "models" / name).write_text("of a training that was killed")
    mood(root)
    model, _ = ensure(root)
    assert names(root) == [model.name]
