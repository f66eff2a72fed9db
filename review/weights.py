"""The effort weights under which a turn was scored."""

from functools import cache
from importlib import resources

from conversation.effort import Weights


@cache
def weights_of(version: str) -> Weights | None:
    """The weights of this version; None where the installed product has no such version."""
    file = resources.files("conversation") / "effort_weights" / f"v{version}.json"
    return Weights.from_json(file.read_text(encoding="utf-8")) if file.is_file() else None
