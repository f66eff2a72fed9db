"""Small secrets that are made once and kept in JSON files that only their owner can read."""

import json
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path


def own_folder(path: Path) -> None:
    """Make the folder, or close one of ours to the machine's other users.

    Raises: ValueError with a sentence where it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
        shared = found.st_mode & stat.S_ISVTX  # like /tmp: others have their files here too
        if found.st_uid == os.geteuid() and found.st_mode & 0o077 and not shared:
            path.chmod(0o700)
    except OSError as error:
        raise ValueError(
            f"The folder {path} cannot be made ({error.strerror}): choose another with HEARD_VAR."
        ) from error


def keep(path: Path, made: Mapping[str, str]) -> dict[str, str]:
    """What `path` keeps, with those of `made` which it lacked: they are kept from now on.

    Of several processes that find no file at once, one writes it and all return what it wrote.
    Raises: ValueError with a sentence where the file cannot be read.
    """
    if not os.path.lexists(path):
        _put(path, made, Path.hardlink_to)
    kept = _read(path)
    if made.keys() <= kept.keys():
        return kept
    kept = {**made, **kept}
    _put(path, kept, lambda name, whole: whole.replace(name))
    return kept


def _put(path: Path, kept: Mapping[str, str], name_it: Callable[[Path, Path], object]) -> None:
    """Write a whole file aside, then give it its name, if nobody else was first."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            whole = Path(folder) / path.name
            _write(whole, kept)
            with suppress(FileExistsError):
                name_it(path, whole)
    except OSError as error:
        raise ValueError(
            f"{path} cannot be written ({error.strerror}): let Heard write to its folder, or "
            "choose another with HEARD_VAR."
        ) from error


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and all(isinstance(value, str) for value in kept.values()):
            return kept
        reason = "it is no JSON object of texts"
    except (OSError, ValueError) as error:
        reason = str(error)
    raise ValueError(
        f"{path} cannot be used ({reason}). Put back a copy of it, or remove it: a new one is made "
        "at the next start, and what was signed or set with the old one no longer holds."
    )


def _write(path: Path, kept: Mapping[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - the mode from the start
        json.dump(kept, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
