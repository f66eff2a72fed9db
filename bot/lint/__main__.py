"""Find faults in what the bot learns from: `python -m bot.lint --data FOLDER --tests FOLDER`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import corrections
from bot.lint import findings
from bot.lint.confusion import Confusion
from bot.lint.findings import Finding, Level
from bot.lint.sentences import NoSentences, Sentence, read


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the findings. Returns: 1 where one is an error, 2 where there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m bot.lint", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--tests", type=Path, default=Path("tests/understanding"))
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args(arguments)
    corrections.prepare(serving=False)
    try:
        written, held_out = read(given.data), read(given.tests)
    except NoSentences as error:
        print(error, file=sys.stderr)
        return 2
    found = lint(written, held_out)
    print(_as_json(found) if given.json else _as_text(found, len(written), len(held_out)))
    return 1 if any(finding.level is Level.ERROR for finding in found) else 0


def lint(written: Sequence[Sentence], held_out: Sequence[Sentence]) -> list[Finding]:
    """All faults of the training sentences and of the tests against them, errors first."""
    from bot.nlu.sentence_encoder import shared_encoder

    encoder = shared_encoder()
    vectors = encoder.encode([sentence.text for sentence in written])
    tested = encoder.encode([sentence.text for sentence in held_out])
    found = [
        *findings.repeats(written),
        *findings.leaks(written, vectors, held_out, tested),
        *findings.near_repeats(written, vectors),
        *findings.imbalance(written),
        *findings.too_close(written, vectors, Confusion(written, vectors)),
    ]
    return sorted(found, key=lambda finding: finding.level is not Level.ERROR)


def _as_text(found: Sequence[Finding], written: int, held_out: int) -> str:
    errors = sum(finding.level is Level.ERROR for finding in found)
    closing = (
        f"{written} sentences, {held_out} in tests: {errors} errors, {len(found) - errors} warnings"
    )
    return "\n".join([*map(str, found), closing])


def _as_json(found: Sequence[Finding]) -> str:
    rows = [
        {"level": one.level.value, "kind": one.kind, "place": one.place, "text": one.text}
        for one in found
    ]
    return json.dumps({"findings": rows}, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
