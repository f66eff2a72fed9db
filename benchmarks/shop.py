# environment: bot
"""How many messages of real shoppers the shipped bot takes as they were meant.

    make -s bench NAME=shop ARGS="--queries F.csv [--model M.tar.gz] [--json]"

F has the columns `text` and `accepted_intents` (separated by a bar); benchmarks/shop_intents.yml
says what those names are called here. Each message goes through the whole pipeline of the model,
which is trained first where the data has changed. Whoever is asked to clarify was not understood.
"""

import argparse
import asyncio
import csv
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot import corrections  # noqa: E402 - only now can it be found

TABLE = Path(__file__).with_name("shop_intents.yml")
UNSURE = "nlu_fallback"
_COLUMNS = ("text", "accepted_intents")
_MODEL = """
from heard.settings import ROOT, load
from heard.training import ensure_model
print(ensure_model(ROOT, load().models))
"""


class WrongInput(Exception):
    """What was given cannot be measured; the message says where and what to do."""


@dataclass(frozen=True)
class Query:
    """What a shopper wrote and every intent of this domain that would serve it."""

    text: str
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Miss:
    """A message that was taken for something else."""

    text: str
    predicted: str
    accepted: tuple[str, ...]


def main() -> int:
    """Measure and print. Returns: 1 after one sentence where the input is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=Path, required=True, help="CSV: text,accepted_intents")
    parser.add_argument("--model", type=Path, help="a trained model; without it the one of now")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    corrections.prepare(serving=False)
    try:
        queries = read_queries(given.queries, read_table(TABLE))
        model = given.model or trained_model()
        if not model.is_file():
            raise WrongInput(f"There is no model at {model}: leave --model out to train one.")
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 1
    predicted = asyncio.run(predict(model, [query.text for query in queries]))
    found = score(queries, predicted)
    print(json.dumps(found, ensure_ascii=False) if given.json else table(found))
    return 0


def read_table(path: Path) -> dict[str, tuple[str, ...]]:
    """Read which intents of this domain each foreign name leads to.

    Raises: WrongInput where the table names an intent which the domain does not have.
    """
    from rasa.shared.core.domain import Domain
    from rasa.shared.utils.io import read_yaml_file

    known = set(Domain.from_path(str(ROOT / "domain.yml")).intents)
    names = {name: tuple(ours) for name, ours in read_yaml_file(path).items()}
    unknown = sorted({intent for ours in names.values() for intent in ours} - known)
    if unknown:
        raise WrongInput(f"{path.name} names {', '.join(unknown)}, which domain.yml does not have.")
    return names


def read_queries(path: Path, names: dict[str, tuple[str, ...]]) -> list[Query]:
    """Read the shoppers' messages.

    Raises: WrongInput where the file is missing, lacks a column or accepts an unknown name.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise WrongInput(f"{path} cannot be read: {error.strerror}.") from error
    if not rows:
        raise WrongInput(f"{path} has no rows below its header {','.join(_COLUMNS)}.")
    missing = [column for column in _COLUMNS if column not in rows[0]]
    if missing:
        raise WrongInput(f"{path} has no column {', '.join(missing)}.")
    return [_query(row, names, f"{path}, row {number}") for number, row in enumerate(rows, 1)]


def _query(row: dict[str, str], names: dict[str, tuple[str, ...]], where: str) -> Query:
    accepted: list[str] = []
    for name in filter(None, map(str.strip, row["accepted_intents"].split("|"))):
        if name not in names:
            raise WrongInput(
                f"{where}: no intent here is known as {name!r}. "
                f"Add it to benchmarks/{TABLE.name}; known are {', '.join(sorted(names))}."
            )
        accepted += names[name]
    if not accepted:
        raise WrongInput(f"{where}: accepted_intents is empty.")
    return Query(row["text"], tuple(dict.fromkeys(accepted)))


def trained_model() -> Path:
    """The model of the data as it is now, trained where there is none, as `heard train` does.

    Raises: WrongInput where the training failed; its own words are on stderr.
    """
    python = ROOT / ".venv/bin/python"
    run = subprocess.run([python, "-c", _MODEL], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        raise WrongInput("There is no model to measure, see above; or name one with --model.")
    return Path(run.stdout.strip().splitlines()[-1])


async def predict(model: Path, texts: list[str]) -> list[str]:
    """Take each text through the model's whole NLU pipeline. Returns: the intents' names."""
    from rasa.core.agent import Agent

    corrections.correct()
    agent = Agent.load(str(model))
    return [(await agent.parse_message(text))["intent"]["name"] or UNSURE for text in texts]


def score(queries: list[Query], predicted: list[str]) -> dict[str, Any]:
    """Count. Returns: accuracy 0..1, n, clarified (asked again), wrong (neither)."""
    wrong = [
        Miss(query.text, intent, query.accepted)
        for query, intent in zip(queries, predicted, strict=True)
        if intent not in query.accepted
    ]
    return {
        "accuracy": round(1 - len(wrong) / len(queries), 4),
        "n": len(queries),
        "clarified": predicted.count(UNSURE),
        "wrong": [asdict(miss) for miss in wrong],
    }


def table(found: dict[str, Any]) -> str:
    """The result for a reader: the figures, then what was not understood, by what it became."""
    became = Counter(miss["predicted"] for miss in found["wrong"])
    lines = [
        f"accepted   {found['accuracy']:7.1%}",
        f"queries    {found['n']:7}",
        f"clarified  {found['clarified']:7}",
    ]
    for intent, count in became.most_common():
        lines += ["", f"taken for {intent} ({count})"]
        lines += [
            f"  {miss['text']}  [{', '.join(miss['accepted'])}]"
            for miss in found["wrong"]
            if miss["predicted"] == intent
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
