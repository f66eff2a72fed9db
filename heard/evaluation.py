"""`heard eval`: how well the bot understands sentences it was not trained on."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from heard.bot_environment import run_in_bot

_HERE = Path(__file__).parent
_WORST_SHOWN = 100


class EvaluationFailed(Exception):
    """No figures were made; the program of the bot has said why."""


def evaluate(model: Path, data: Path, folder: Path) -> dict[str, Any]:
    """Measure `model` on the sentences in `data`; write report.json and report.html in `folder`.

    Returns: the figures, as `bot.evaluate.measure` describes them.
    Raises: EvaluationFailed, NoBotEnvironment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / "report.json"
    out.unlink(missing_ok=True)  # an old report must not be taken for this one's
    arguments = ("--model", model.resolve(), "--data", data.resolve(), "--out", out.resolve())
    if run_in_bot("bot.evaluate", *arguments) != 0 or not out.is_file():
        raise EvaluationFailed("Nothing was measured; the lines above say why.")
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    (folder / "report.html").write_text(page(report, data.name), encoding="utf-8")
    return report


def page(report: dict[str, Any], measured_on: str) -> str:
    """The report as one HTML page that needs no other file."""
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    matrix = _matrix(report)
    return templates.get_template("evaluation.html").render(
        report=report, matrix=matrix, measured_on=measured_on, worst=report["worst"][:_WORST_SHOWN]
    )


def _matrix(report: dict[str, Any]) -> dict[str, Any]:
    """Rows are the intents that were misread at all, columns what they were taken for."""
    wrong = {(c["expected"], c["predicted"]): c["n"] for c in report["confusions"]}
    figures = {one["intent"]: one for one in report["intents"]}
    rows = sorted({expected for expected, _ in wrong})
    columns = sorted({*rows, *(predicted for _, predicted in wrong)})
    cells = []
    for row in rows:
        n = figures[row]["n"]
        right = round(figures[row]["recall"] * n)
        counts = [right if column == row else wrong.get((row, column), 0) for column in columns]
        cells.append({"intent": row, "n": n, "counts": counts})
    return {"columns": columns, "rows": cells}
