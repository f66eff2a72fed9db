# environment: app
"""Task success: how many scripted conversations end as they should, with the real action server.

    make -s bench NAME=stories ARGS="[--stories FOLDER] [--json]"

Starts the whole product on ports and in a folder of its own and holds every conversation of
tests/stories (or of FOLDER) with it, one after the other, each with a demo shop that is as new.
A conversation counts when every answer has what is written and the shop has done exactly that.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from heard.settings import ROOT
from tests.product import Product
from tests.stories.telling import FOLDER, Story, Told, read_stories, tell


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=Path, default=FOLDER, help="a folder of .yml files")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    try:
        stories = read_stories(given.stories)
    except ValueError as error:
        parser.error(str(error))
    with tempfile.TemporaryDirectory() as folder:
        models = os.environ.get("HEARD_MODELS", str(ROOT / "var" / "models"))
        with Product(Path(folder), MODELS=models) as product:
            told = asyncio.run(_tell_all(product, stories))
    found = measured(told)
    print(json.dumps(found) if given.json else _table(found))


async def _tell_all(product: Product, stories: Sequence[Story]) -> list[Told]:
    return [await tell(product, story) for story in stories]


def measured(told: Sequence[Told]) -> dict[str, Any]:
    """The figures. `success` is a share, 0..1; times are of the bot's answers, in milliseconds."""
    kinds = sorted({one.story["kind"] for one in told})
    by_kind = {kind: _figures([t for t in told if t.story["kind"] == kind]) for kind in kinds}
    failed = [
        {"story": one.story["story"], "kind": one.story["kind"], "wrong": one.wrong}
        for one in told
        if one.wrong
    ]
    return {**_figures(told), "by_kind": by_kind, "failed": failed}


def _figures(told: Sequence[Told]) -> dict[str, Any]:
    times = [answer_s * 1000 for one in told for answer_s in one.answers_s]
    worst = quantiles(times, n=20)[18] if len(times) > 1 else max(times, default=0.0)
    return {
        "success": round(sum(one.wrong is None for one in told) / len(told), 4),
        "n": len(told),
        "turns": sum(len(one.story["turns"]) for one in told),
        "p50_ms": round(median(times), 1) if times else 0.0,
        "p95_ms": round(worst, 1),
    }


def _table(found: dict[str, Any]) -> str:
    rows = [f"{'kind':<16}{'stories':>8}{'success':>9}{'turns':>7}{'p50 ms':>9}{'p95 ms':>9}"]
    for name, of in [*found["by_kind"].items(), ("all", found)]:
        rows.append(
            f"{name:<16}{of['n']:>8}{of['success']:>9.1%}{of['turns']:>7}"
            f"{of['p50_ms']:>9.0f}{of['p95_ms']:>9.0f}"
        )
    for one in found["failed"]:
        rows.append(f"\n{one['story']} ({one['kind']})\n  {one['wrong']}")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
