"""`benchmarks/effort.py` prints its figures, and null for what a file cannot show."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from heard.settings import ROOT

PROGRAM = ROOT / "benchmarks" / "effort.py"
KEYS = {
    "auroc", "ece", "f1", "exact", "within_one", "recall_at_10", "gtt", "offers", "baselines",
}  # fmt: skip
ANGRY = "this is the worst company i have ever dealt with, absolutely useless"


def _file(folder: Path, rating: str, angry: Any, calm: Any) -> Path:
    lines = [
        {
            "dialog_id": f"d{number}",
            "turns": [
                {"speaker": "user", "text": "do you ship to Norway", rating: calm},
                {"speaker": "agent", "text": "I could not find that."},
                {"speaker": "user", "text": text, rating: found},
            ],
        }
        for number, (text, found) in enumerate([(ANGRY, angry), ("thanks, that helps", calm)])
    ]
    file = folder / "rated.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_ratings_of_frustration_show_levels_and_offers(tmp_path: Path):
    ran = run("--data", _file(tmp_path, "frustration", 4, 0), "--format", "turns", "--json")
    found = json.loads(ran.stdout)
    assert set(found) == KEYS
    assert found["auroc"] == 1
    assert found["exact"] is not None
    assert found["within_one"] >= found["exact"]
    assert found["offers"] == {"early": 0, "on_time": 1, "late": 0, "missed": 0, "false": 0}
    assert set(found["baselines"]) == {"vader", "keywords", "turns"}
    assert found["baselines"]["vader"] == 1


def test_ratings_of_satisfaction_have_no_levels(tmp_path: Path):
    file = _file(tmp_path, "scores", [1, 2], [4, 4, 3])
    found = json.loads(run("--data", file, "--json").stdout)
    assert (found["exact"], found["within_one"]) == (None, None)
    assert found["gtt"] == 1
    table = run("--data", file).stdout
    assert "a person was due in 1 of 2 conversations" in table
    refused = run("--data", file, "--cuts", file)
    assert refused.returncode == 1
    assert "no turn rated for frustration" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--data", "none.jsonl"], "cannot be read"), (["--data", "x", "--weights", "77"], "'77'")],
)
def test_a_slip_is_answered_with_one_sentence(arguments: list[str], says: str):
    ran = run(*arguments)
    assert ran.returncode == 1
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
