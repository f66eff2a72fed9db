"""The two environments, and the commands that need them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from machines import program

from scripts import bench, environments, python310, run_tests, setup
from scripts.console import SetupError

# Finds no Python and fetches none; `sync` makes the environment and keeps a record of its calls.
WORKING_UV = """#!/bin/sh
case "$1" in
    --version) echo 'uv 0.13.9' ;;
    sync)
        echo "$UV_PROJECT_ENVIRONMENT $*" >> "$CALLS"
        [ -z "$FAILS" ] || exit 2
        mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
        touch "$UV_PROJECT_ENVIRONMENT/bin/python"
        echo 'version_info = 3.11.7' > "$UV_PROJECT_ENVIRONMENT/pyvenv.cfg" ;;
    *) exit 2 ;;
esac
"""


@pytest.fixture
def app(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> environments.Environment:
    program(tmp_path / "bin/uv", WORKING_UV)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return environments.app(root)


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[str]]:
    path = tmp_path / "calls"
    return lambda: path.read_text().splitlines() if path.exists() else []


def test_an_environment_is_made_from_its_lock_and_then_left_alone(app, calls):
    environments.set_up(app, dev=False)
    environments.set_up(app, dev=False)
    (call,) = calls()
    assert call.startswith(f"{app.folder}/.venv sync --locked --project {app.folder} --python ")
    assert call.endswith("--no-default-groups --inexact")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_it_is_made_again_when_something_changed(app, calls, name):
    environments.set_up(app, dev=False)
    (app.folder / name).write_text('[dependency-groups]\nsetup = ["uv>=0.9"]\n# new\n')
    environments.set_up(app, dev=False)
    assert len(calls()) == 2


def test_it_is_made_again_when_its_python_has_gone(app, calls):
    environments.set_up(app, dev=False)
    app.python.unlink()
    environments.set_up(app, dev=False)
    assert len(calls()) == 2


def test_tools_are_added_when_asked_for_and_stay(app, calls):
    environments.set_up(app, dev=False)
    environments.set_up(app, dev=True)
    environments.set_up(app, dev=False)
    assert [call.endswith("--group dev") for call in calls()] == [False, True]


def test_a_failed_installation_is_not_taken_for_done(app, calls, monkeypatch):
    monkeypatch.setenv("FAILS", "yes")
    with pytest.raises(SetupError, match=r"could not install the app's packages"):
        environments.set_up(app, dev=False)
    monkeypatch.delenv("FAILS")
    environments.set_up(app, dev=False)
    assert len(calls()) == 2


def test_a_failure_after_a_success_is_not_taken_for_done(app, calls, monkeypatch):
    environments.set_up(app, dev=False)
    monkeypatch.setenv("FAILS", "yes")
    with pytest.raises(SetupError):
        environments.set_up(app, dev=True)
    monkeypatch.delenv("FAILS")
    environments.set_up(app, dev=False)
    assert len(calls()) == 3


def test_a_repository_that_is_not_whole_is_named(app, root):
    (root / "bot/uv.lock").unlink()
    with pytest.raises(SetupError, match=r"^bot/uv\.lock is missing"):
        environments.set_up(environments.bot(root), dev=False)


def test_the_bot_gets_its_own_environment_with_its_own_python(app, root, calls, monkeypatch):
    python = program(root.parent / "python3.10", "#!/bin/sh\necho 3.10\n")
    monkeypatch.setattr(python310, "candidates", lambda uv: iter([python]))
    environments.set_up(environments.bot(root), dev=False)
    (call,) = calls()
    assert call.startswith(f"{root}/bot/.venv sync --locked --project {root}/bot --python {python}")


def test_setup_ends_with_one_sentence_and_exit_code_1(app, root, monkeypatch, capfd):
    monkeypatch.setattr(setup, "ROOT", root)
    monkeypatch.setattr(python310, "candidates", lambda uv: iter(()))
    assert setup.main(["all"]) == 1
    assert capfd.readouterr().err.splitlines()[-1].startswith("setup | Rasa needs Python 3.10")
    assert setup.main(["app"]) == 0


def test_a_benchmark_is_found_by_name_and_by_its_header(tmp_path):
    (tmp_path / "turns.py").write_text('"""Turns."""\n# environment: bot\n')
    (tmp_path / "push.py").write_text("# environment: app\n")
    (tmp_path / "notes.py").write_text("# no header\n")
    assert bench.environment_of(bench.find(tmp_path, "turns")) == "bot"
    with pytest.raises(SetupError, match=r"no benchmark `nothing`: .* one of push, turns\."):
        bench.find(tmp_path, "nothing")
    with pytest.raises(SetupError, match="which benchmark"):
        bench.find(tmp_path, "")


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("38 passed in 10.64s", {"passed": 38}),
        ("1 failed, 3 passed, 2 skipped in 0.1s", {"failed": 1, "passed": 3, "skipped": 2}),
        ("2 passed, 1 error in 0.1s", {"passed": 2, "error": 1}),
        ("no tests ran in 0.00s", {}),
    ],
)
def test_closing_lines_are_counted(closing, expected):
    assert run_tests.counts(closing) == expected


def test_both_runs_count_and_one_without_tests_fails(tmp_path, monkeypatch, capfd):
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    pytest_here = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
    ]
    monkeypatch.setattr(run_tests, "APP", [*pytest_here, tmp_path / "test_one.py"])
    monkeypatch.setattr(run_tests, "BOT", [*pytest_here, tmp_path / "test_one.py"])
    monkeypatch.setattr(run_tests, "TRAIN", [sys.executable, "-c", "print('trained')"])
    assert run_tests.main() == 0
    assert capfd.readouterr().out.endswith("\n2 passed, 0 failed, 0 skipped\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(run_tests, "BOT", [*pytest_here, tmp_path / "empty"])
    monkeypatch.setattr(run_tests, "TRAIN", [sys.executable, "-c", "raise SystemExit('no data')"])
    assert run_tests.main() == 1
    said = capfd.readouterr().out
    assert "\nno data\n" in said
    assert "\nbot: failed: no test was found\n" in said
    assert said.endswith("\n1 passed, 1 failed, 0 skipped\n")
