"""What `heard effort` finds, as text for a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversation.effort import Weights
from conversation.reasons import HandoffReason
from conversation.turns import Signal

_FIGURES = (("auroc", "AUROC"), ("ece", "Calibration error"), ("offered", "Offered after a turn"))
_AGAINST = {
    "same": "after the same turn",
    "earlier": "earlier",
    "later": "later",
    "never": "not by then",
    "new": "where nobody was",
}


def fitted(found: Mapping[str, Any], start: Weights, new: Weights) -> str:
    """Old and new weights side by side."""
    old, fresh = found["figures"]["old"], found["figures"]["new"]
    lines = [
        f"{found['ratings']} ratings, {found['bad']} of them bad; each was scored by weights that "
        "had not seen its conversation.",
        f"{'':24}{'version ' + start.version:>12}{'new':>12}",
        *(f"{label:24}{_number(old[key]):>12}{_number(fresh[key]):>12}" for key, label in _FIGURES),
        f"{'bias':24}{start.bias:12.2f}{new.bias:12.2f}",
        *(
            f"{signal.value:24}{start.of(signal):12.2f}{new.of(signal):12.2f}"
            for signal in Signal
            if start.of(signal) != new.of(signal)
        ),
        f"Written as version {found['version']}: {found['file']}",
        f"HEARD_EFFORT_SHADOW={found['version']} tries it beside the one that acts; "
        f"`heard effort replay --weights {found['version']}` says what it would have done.",
    ]
    return "\n".join(lines)


def replayed(found: Mapping[str, Any]) -> str:
    """Handoffs as they were and as they would be."""
    head = (
        f"{found['conversations']} conversations under weights {found['weights']}: a person "
        f"offered from {found['offer']:g}, brought from {found['threshold']:g} on."
    )
    if not found["conversations"]:
        return f"{head}\nNothing was said in this time, so there is nothing to replay."
    was, would = found["handoffs"]["actual"], found["handoffs"]["replayed"]
    names = sorted({*was, *would}, key=lambda name: -max(was.get(name, 0), would.get(name, 0)))
    reasons = [
        f"{was.get(name, 0):8}{would.get(name, 0):10}  {HandoffReason(name).for_staff}"
        for name in names
    ]
    against = ", ".join(f"{found['against'][key]} {words}" for key, words in _AGAINST.items())
    weeks = [
        f"{one['week']:12}{one['conversations']:14}{one['actual']:10}{one['replayed']:10}"
        f"{one['offers']:8}"
        for one in found["weeks"]
    ]
    return "\n".join([
        head,
        f"{'was':>8}{'would be':>10}  a person was brought in because",
        *reasons,
        f"{sum(was.values()):8}{sum(would.values()):10}  in all",
        f"They would come {against}.",
        "",
        f"{'week':12}{'conversations':>14}{'was':>10}{'would be':>10}{'offers':>8}",
        *weeks,
    ])  # fmt: skip


def compared(found: Sequence[Mapping[str, Any]]) -> str:
    """The acting scores and the shadow's, for each pair of versions."""
    return "\n\n".join(_pair(one) for one in found)


def calibrated(found: Mapping[str, Any]) -> str:
    """How the score follows the answers."""
    if not found["answers"]:
        return "No customer has answered yet how easy it was after a conversation with a score."
    lines = [
        f"{found['answers']} answers. The higher the score at the end, the harder it was found:",
        f"{'Spearman':24}{_number(found['spearman']):>12}",
        f"{'AUROC of a hard one':24}{_number(found['auroc']):>12}",
    ]
    if found["steps"] is None:
        return "\n".join([*lines, f"The calibration needs {found['missing']} more answers."])
    steps = [f"{one['from']:10.1f}{one['hard']:16.1%}" for one in found["steps"]]
    return "\n".join([*lines, f"{'from score':>10}{'found it hard':>16}", *steps])


def _pair(one: Mapping[str, Any]) -> str:
    mean = one["mean"]
    rows = [
        f"{label:24}{one[key]['both']:8}{one[key]['acting']:14}{one[key]['shadow']:14}"
        for key, label in (("offer", "Would offer a person"), ("hand_off", "Would bring a person"))
    ]
    return "\n".join([
        f"{one['turns']} turns, version {one['acting']} acting and {one['shadow']} in the shadow: "
        f"{mean['acting']:g} and {mean['shadow']:g} on average, {one['apart']:g} apart.",
        f"{'':24}{'both':>8}{'only acting':>14}{'only shadow':>14}",
        *rows,
        f"{'Spearman':24}{_number(one['spearman']):>8}",
    ])  # fmt: skip


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
