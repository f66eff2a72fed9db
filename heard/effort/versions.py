"""The versions of the effort weights: files beside one another, never overwritten."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import conversation
from conversation.effort import Weights

FOLDER = Path(conversation.__file__).parent / "effort_weights"
NEWEST = "4"
"""The version that acts where no setting names another."""
_NAME = re.compile(r"v(\d+)\.json")


class UnknownVersion(Exception):
    """There is no usable version of that name; the message lists those there are."""


@cache
def weights_named(version: str, folder: Path = FOLDER) -> Weights:
    """The weights of this version. Raises: UnknownVersion."""
    try:
        return Weights.from_json((folder / f"v{version}.json").read_text(encoding="utf-8"))
    except OSError as error:
        there = ", ".join(versions(folder))
        raise UnknownVersion(
            f"There are no effort weights of version {version!r}: there are {there}."
        ) from error
    except ValueError as error:
        raise UnknownVersion(f"Version {version}: {error}") from error


def versions(folder: Path = FOLDER) -> list[str]:
    """The names of the versions, oldest first."""
    numbers = (match[1] for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))
    return sorted(numbers, key=int)


def as_fields(weights: Weights) -> dict[str, Any]:
    """The fields of a weights file, without its version."""
    fields = asdict(weights)
    del fields["version"]
    return {**fields, "cuts": list(weights.cuts)}


def write_next(fields: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Write the fields of a weights file as the next version. Returns: the file.

    Raises: FileExistsError where another process has just written it; OSError.
    """
    number = int(versions(folder)[-1]) + 1
    path = folder / f"v{number}.json"
    text = json.dumps({"version": str(number), **fields}, indent=2)
    with path.open("x", encoding="utf-8") as file:
        file.write(re.sub(r"\[[^\]]*\]", lambda found: _one_line(found[0]), text) + "\n")
    return path


def _one_line(listed: str) -> str:
    return re.sub(r"\[ | \]", lambda m: m[0].strip(), " ".join(listed.split()))
