"""The lead weighs when a person comes, in a file that is checked before anything starts."""

from pathlib import Path

import pytest

from conversation.effort import Weights
from conversation.handoff_rules import AS_WEIGHTED, HandoffRules
from heard.settings import HANDOFF
from store.handoff_rules import BadHandoffRules, load_handoff_rules

WEIGHTS = Weights("1", -2.0, 0.7, {}, {}, 40, 65, 25, 3)


def limits(weights: Weights) -> tuple[float, float, float]:
    return weights.offer_at, weights.hand_off_at, weights.calm_below


@pytest.mark.parametrize(
    ("rules", "tier", "expected"),
    [
        (AS_WEIGHTED, "gold", (40, 65, 25)),
        (HandoffRules(1.5), None, (40, 65, 25)),
        (HandoffRules(3), None, (25, 50, 25)),
        (HandoffRules(9), None, (10, 35, 10)),
        (HandoffRules(1.5, {"gold": 5}), "gold", (35, 60, 25)),
        (HandoffRules(1.5, {"gold": 5}), "silver", (40, 65, 25)),
        (HandoffRules(0.25), None, (80, 95, 25)),
    ],
)
def test_the_lead_and_the_tier_move_the_thresholds(rules, tier, expected):
    assert limits(rules.applied_to(WEIGHTS, tier)) == pytest.approx(expected)


def test_thresholds_stay_in_their_order_at_any_cost():
    for ratio in (0.25, 1, 5, 20):
        for points in (0, 15, 30):
            found = HandoffRules(ratio, {"x": points}).applied_to(WEIGHTS, "x")
            assert 0 < found.calm_below <= found.offer_at <= found.hand_off_at < 100


def test_staff_read_why_a_person_came_sooner():
    assert HandoffRules(1.5, {"gold": 5}).why_sooner("gold") == (
        "a person comes 5 points sooner for gold customers"
    )


def test_the_shipped_file_can_be_used():
    rules = load_handoff_rules(HANDOFF)
    assert limits(rules.applied_to(WEIGHTS)) == pytest.approx((40, 65, 25))


def written(folder: Path, text: str) -> Path:
    file = folder / "handoff.yml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sooner: {}\n", "the field cost_ratio is missing: add it"),
        ("cost_ratio: 0\nsooner: {}\n", "must be a number from 0.25 to 20, not 0"),
        ("cost_ratio: 1\nsooner: gold\n", "give tiers with points"),
        ("cost_ratio: 1\nsooner: {gold: 99}\n", "gold must be a whole number"),
        ("cost_ratio: 1\nsooner: {}\nvip: 1\n", "there is no field vip"),
        (
            "cost_ratio: 1\nsooner: {}\nhours: always\n",
            "there is no field hours: use cost_ratio, sooner; opening hours stand in data/desk.yml",
        ),
        ("cost_ratio: [\n", "handoff.yml:"),
    ],
)
def test_a_slip_is_named_with_what_to_do(tmp_path, text, says):
    with pytest.raises(BadHandoffRules) as raised:
        load_handoff_rules(written(tmp_path, text))
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadHandoffRules, match="is missing: restore it"):
        load_handoff_rules(tmp_path / "none.yml")
