"""`heard nlu lint` calls the linter of the bot's environment and ends as it does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from heard import bot_environment
from heard.cli import app

SENTENCES = """
version: "3.1"
nlu:
  - intent: thank
    examples: |
      - {first}
  - intent: greet
    examples: |
      - good morning
"""


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    data, tests = tmp_path / "data", tmp_path / "tests"
    data.mkdir()
    tests.mkdir()
    (data / "all.yml").write_text(SENTENCES.format(first="good morning"))
    (tests / "all.yml").write_text(SENTENCES.format(first="that was kind").replace("good", "fair"))
    return ["--data", str(data), "--tests", str(tests)]


def test_an_error_in_the_sentences_is_the_commands_error(folders, capfd):
    result = CliRunner().invoke(app, ["nlu", "lint", *folders, "--json"])
    assert result.exit_code == 1
    kinds = [one["kind"] for one in json.loads(capfd.readouterr().out)["findings"]]
    assert "two_intents" in kinds


def test_without_the_bots_environment_it_says_what_to_do(folders, monkeypatch):
    monkeypatch.setattr(bot_environment, "BOT_PYTHON", Path("/nowhere/python"))
    result = CliRunner().invoke(app, ["nlu", "lint", *folders])
    assert result.exit_code == 1
    assert "make setup" in result.output
