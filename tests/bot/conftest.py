"""Tests of the brain run in its own environment: bot/pyproject.toml says how."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if importlib.util.find_spec("rasa") is None:
    collect_ignore_glob = ["*"]  # the app's environment has no Rasa, and needs none
else:
    sys.path.insert(0, str(ROOT))
    from bot import corrections

    corrections.prepare(serving=False)

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bot of a few sentences, trained once with the real components."""
    from bot.train import train

    out = tmp_path_factory.mktemp("models") / "tiny.tar.gz"
    tiny = HERE / "tiny_bot"
    train(tiny / "config.yml", tiny / "domain.yml", [str(tiny / "data.yml")], out)
    return out


@pytest.fixture(scope="session")
def agent(tiny_model: Path) -> object:
    """That bot, loaded."""
    from rasa.core.agent import Agent

    from bot import corrections

    corrections.correct()
    return Agent.load(str(tiny_model))
