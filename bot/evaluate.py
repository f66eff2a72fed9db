"""Measure understanding: `python -m bot.evaluate --model PATH --data FILE_OR_FOLDER --out JSON`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot import corrections

FALLBACK = "nlu_fallback"


class NothingToMeasure(Exception):
    """There is no sentence with an intent to measure with; the message says where it looked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the figures. Returns: the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("--model", required=True, help="a model written by bot.train")
    parser.add_argument("--data", required=True, help="Rasa NLU YAML: a file or a folder")
    parser.add_argument("--out", required=True, help="the JSON file to write")
    options = parser.parse_args(arguments)
    corrections.prepare(serving=True)
    try:
        sentences = list(read(Path(options.data)))
        report = measure(sentences, parse(options.model, [text for text, _ in sentences]))
    except NothingToMeasure as error:
        print(error, file=sys.stderr)
        return 1
    Path(options.out).write_text(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Sentences with their intents, file by file. Raises: NothingToMeasure where there is none."""
    from rasa.shared.nlu.training_data.loading import load_data

    found = False
    files = sorted(path.rglob("*.yml")) if path.is_dir() else [path] * path.is_file()
    for file in files:
        for example in load_data(str(file)).intent_examples:
            found = True
            yield example.get("text"), example.get("intent")
    if not found:
        raise NothingToMeasure(f"There are no sentences with intents in {path}.")


def parse(model: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What the whole pipeline of the model makes of each text, as Rasa's parse data."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)

    async def all_of_them() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(all_of_them())


def measure(
    sentences: Sequence[tuple[str, str]], parsed: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The figures of a report.

    `accuracy` and `macro_f1` count a clarification as wrong; `clarified` is how often one was
    asked, `misread` how often another intent was taken for certain. Rates are 0..1.
    """
    from sklearn.metrics import precision_recall_fscore_support

    expected = [intent for _, intent in sentences]
    predicted = [str(one["intent"]["name"]) for one in parsed]
    intents = sorted(set(expected))
    figures = precision_recall_fscore_support(
        expected, predicted, labels=intents, zero_division=0.0
    )
    total = len(expected)
    right = sum(e == p for e, p in zip(expected, predicted, strict=True))
    clarified = sum(p == FALLBACK != e for e, p in zip(expected, predicted, strict=True))
    return {
        "n": total,
        "accuracy": right / total,
        "macro_f1": float(figures[2].mean()),
        "clarified": clarified / total,
        "misread": (total - right - clarified) / total,
        "intents": [
            {"intent": name, "precision": p, "recall": r, "f1": f, "n": int(n)}
            for name, p, r, f, n in zip(intents, *map(list, figures), strict=True)
        ],
        "confusions": [
            {"expected": e, "predicted": p, "n": n}
            for (e, p), n in Counter(zip(expected, predicted, strict=True)).most_common()
            if e != p
        ],
        "worst": _worst(sentences, parsed),
    }


def _worst(
    sentences: Sequence[tuple[str, str]], parsed: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every sentence that was not read as meant, those taken for most certain first."""
    wrong = [
        {
            "text": text,
            "expected": expected,
            "predicted": one["intent"]["name"],
            "confidence": float(one["intent"]["confidence"]),
            "expected_confidence": next(
                (
                    float(rank["confidence"])
                    for rank in one.get("intent_ranking") or ()
                    if rank["name"] == expected
                ),
                0.0,
            ),
        }
        for (text, expected), one in zip(sentences, parsed, strict=True)
        if one["intent"]["name"] != expected
    ]
    return sorted(wrong, key=lambda w: (w["predicted"] == FALLBACK, -w["confidence"]))


if __name__ == "__main__":
    sys.exit(main())
