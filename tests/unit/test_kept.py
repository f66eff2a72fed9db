"""Secrets that are made once: whole, the same for all, and closed to everybody else."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from heard.kept import keep, own_folder
from heard.settings import SettingsError, load


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_of_transcripts_and_password_hashes_is_closed_to_others(tmp_path: Path) -> None:
    load(var=tmp_path / "new" / "var", _env_file=None)
    assert _mode(tmp_path / "new" / "var") == 0o700
    assert _mode(tmp_path / "new" / "var" / "secrets.json") == 0o600
    (tmp_path / "old").mkdir(mode=0o755)
    load(var=tmp_path / "old", _env_file=None)
    assert _mode(tmp_path / "old") == 0o700


def test_a_folder_that_many_share_stays_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    own_folder(tmp_path)
    assert _mode(tmp_path) == 0o1777


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="choose another with HEARD_VAR"):
        load(var=tmp_path / "file" / "var", _env_file=None)


def test_first_starts_at_the_same_moment_end_with_the_same_secrets(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / f"{attempt}.json"
        ready = Barrier(6)

        def start(name: int, path: Path = path, ready: Barrier = ready) -> dict[str, str]:
            ready.wait()
            return keep(path, {"key": f"of {name}"})

        with ThreadPoolExecutor(6) as starts:
            found = list(starts.map(start, range(6)))
        assert found == [json.loads(path.read_text())] * 6
    assert {one.suffix for one in tmp_path.iterdir()} == {".json"}


def test_a_start_that_dies_while_it_writes_leaves_nothing_to_stumble_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(json, "dump", killed)
        keep(tmp_path / "kept.json", {"key": "one"})
    assert keep(tmp_path / "kept.json", {"key": "two"}) == {"key": "two"}


def test_what_is_kept_stays_and_what_it_lacked_is_added(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(path, {"old": "1"})
    assert keep(path, {"old": "2", "new": "3"}) == {"old": "1", "new": "3"}
    assert keep(path, {"old": "4", "new": "5"}) == {"old": "1", "new": "3"}
    assert _mode(path) == 0o600


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot be written .* HEARD_VAR"):
        keep(tmp_path / "not there" / "kept.json", {"key": "one"})


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret_key": 1}'])
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(SettingsError, match=r"secrets\.json cannot be used .* or remove it"):
        load(var=tmp_path, _env_file=None)
