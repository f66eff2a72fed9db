# environment: app
"""How well the effort score finds the turns that people rated as bad, beside simpler ways.

    make -s bench NAME=effort ARGS="--data F.jsonl [--cuts G.jsonl] [--weights V] [--json]"

A line of F is a conversation: `{"dialog_id", "turns": [{"speaker": "user"|"system"|"agent",
"text", "frustration"?: 0-4, "scores"?: [1-5]}]}`. A turn is bad from a frustration of 3 on, or
where its satisfaction is 2.5 or less on average. Only texts are given, so the signals which need
more (what a task did, an intent, the customer's history) are absent. The texts go through the
bot's own sentence model and frustration score, then through the code of a live conversation. Text
alone, before and in the turn: nothing looks ahead. A person is offered by the thresholds that
data/handoff.yml gives a visitor.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conversation.effort import Weights
from heard.bot_environment import NoBotEnvironment
from heard.effort import figures, offers
from heard.effort.labelled import UnusableData, read_dialogues
from heard.effort.read_texts import NotRead, Rated, rated
from heard.effort.versions import NEWEST, UnknownVersion, weights_named
from heard.settings import HANDOFF
from store.handoff_rules import BadHandoffRules, load_handoff_rules

_KEYWORDS = re.compile(
    r"\b(frustrat\w+|annoy\w+|angry|upset|terrible|awful|horrible|worst|useless|ridiculous"
    r"|unacceptable|disappoint\w+|stupid|hate|sucks?|waste|wrong|not working|does ?n.t work"
    r"|fed up)\b",
    re.IGNORECASE,
)
_TOLERANCES = (1, 2, 3)


def main() -> int:
    """Measure and print. Returns: 1 after one sentence where something is wrong."""
    given = _arguments()
    try:
        weights = load_handoff_rules(HANDOFF).applied_to(weights_named(given.weights))
        seen = rated(read_dialogues(given.data), weights)
        cuts = _cuts(given.cuts, weights) if given.cuts else weights.cuts
    except (UnusableData, NotRead, NoBotEnvironment, UnknownVersion, BadHandoffRules) as error:
        print(error, file=sys.stderr)
        return 1
    judged = [offers.judge(one, weights) for one in seen]
    found = measured(seen, judged, weights, cuts)
    print(json.dumps(found) if given.json else table(found, judged, weights))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", required=True, type=Path, help="rated conversations")
    parser.add_argument("--format", choices=("turns",), default="turns", help="of the data")
    parser.add_argument("--cuts", type=Path, help="choose the cuts of the levels on this file")
    parser.add_argument("--weights", default=NEWEST, help="the version of the effort weights")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    return parser.parse_args()


def _cuts(path: Path, weights: Weights) -> tuple[float, ...]:
    seen = rated(read_dialogues(path), weights)
    judged = [offers.judge(one, weights) for one in seen]
    pairs = _by_level(seen, judged)
    if not pairs:
        raise UnusableData(
            f"{path} has no turn rated for frustration: cuts cannot be chosen on it."
        )
    cuts = figures.best_cuts([score for score, _ in pairs], [level for _, level in pairs])
    print(f"cuts: {', '.join(map(str, cuts))}", file=sys.stderr)
    return cuts


def measured(
    seen: Sequence[Rated],
    judged: Sequence[offers.Judged],
    weights: Weights,
    cuts: Sequence[float],
) -> dict[str, Any]:
    """The figures; None where the file cannot show one."""
    scored = [
        (score, is_bad, text, at)
        for one, its in zip(seen, judged, strict=True)
        for at, (score, is_bad, text) in enumerate(
            zip(its.scores, one.bad, [turn.text for turn in one.turns], strict=True)
        )
        if is_bad is not None
    ]
    scores, bad, texts, places = map(list, zip(*scored, strict=True))
    pairs = _by_level(seen, judged)
    levels = ([score for score, _ in pairs], [level for _, level in pairs], cuts)
    return {
        "auroc": figures.auroc(scores, bad),
        "ece": figures.calibration_error([score / 100 for score in scores], bad),
        "f1": figures.f1(scores, bad, weights.offer_at),
        "exact": figures.near(*levels, by=0) if pairs else None,
        "within_one": figures.near(*levels, by=1) if pairs else None,
        "recall_at_10": offers.recall(judged),
        "gtt": offers.golden_transfer(judged, weights.offer_at),
        "offers": offers.counted(judged),
        "baselines": {
            "vader": figures.auroc(_vader(texts), bad),
            "keywords": figures.auroc([len(_KEYWORDS.findall(text)) for text in texts], bad),
            "turns": figures.auroc(places, bad),
        },
    }


def _by_level(seen: Sequence[Rated], judged: Sequence[offers.Judged]) -> list[tuple[float, int]]:
    return [
        (score, level)
        for one, its in zip(seen, judged, strict=True)
        for score, level in zip(its.scores, one.levels, strict=True)
        if level is not None
    ]


def _vader(texts: Sequence[str]) -> list[float]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return [-analyzer.polarity_scores(text)["compound"] for text in texts]


def table(found: dict[str, Any], judged: Sequence[offers.Judged], weights: Weights) -> str:
    """The figures for a reader."""
    plain = ("auroc", "ece", "f1", "exact", "within_one", "recall_at_10")
    lines = [f"{name:24}{_shown(found[name])}" for name in plain]
    lines += [
        f"{f'gtt within {within}':24}"
        + _shown(offers.golden_transfer(judged, weights.offer_at, within))
        for within in _TOLERANCES
    ]
    lines += [
        f"{f'auroc of {name}':24}{_shown(value)}" for name, value in found["baselines"].items()
    ]
    due, calm = sum(bool(one.bad) for one in judged), sum(one.calm for one in judged)
    counts = found["offers"]
    by = ", ".join(f"{counts[kind]} {kind.replace('_', ' ')}" for kind in offers.KINDS[:-1])
    return "\n".join([
        *lines,
        f"a person was due in {due} of {len(judged)} conversations: {by}",
        f"offered in {counts['false']} of {calm} conversations that stayed calm",
    ])  # fmt: skip


def _shown(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
