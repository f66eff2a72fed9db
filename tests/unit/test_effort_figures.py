"""The figures by which scores are judged, on cases that can be counted by hand."""

import math
import random

import pytest

from heard.effort import figures


def test_auroc_counts_pairs_in_order_and_ties_half():
    assert figures.auroc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert figures.auroc([1, 2, 2, 3], [False, True, False, True]) == 0.875
    assert figures.auroc([5, 5, 5], [True, False, True]) == 0.5
    assert figures.auroc([1, 2], [True, True]) is None
    assert figures.auroc([], []) is None


def test_a_score_that_tells_the_share_is_calibrated_and_one_that_tells_twice_it_is_not():
    draw = random.Random(1)
    chances = [draw.random() / 2 for _ in range(20_000)]
    bad = [draw.random() < chance for chance in chances]
    assert figures.calibration_error(chances, bad) < 0.015
    assert figures.calibration_error([2 * c for c in chances], bad) == pytest.approx(0.25, abs=0.02)


def test_small_files_are_binned_by_a_hundred_turns():
    chances = [0.1] * 100 + [0.9] * 100
    bad = [True] * 30 + [False] * 70 + [True] * 80 + [False] * 20
    assert figures.calibration_error(chances, bad) == pytest.approx(0.15)
    assert figures.calibration_error([], []) is None


def test_f1_is_of_the_turns_at_or_above_the_threshold():
    assert figures.f1([10, 40, 50], [True, True, False], 40) == pytest.approx(0.5)
    assert figures.f1([10], [False], 40) is None


def test_levels_are_told_by_the_cuts_that_are_reached():
    cuts = (10, 20, 40, 80)
    assert [figures.level_of(score, cuts) for score in (0, 10, 39, 40, 99)] == [0, 1, 2, 3, 4]
    assert figures.near([0, 25, 90], [0, 1, 1], cuts, by=0) == pytest.approx(1 / 3)
    assert figures.near([0, 25, 90], [0, 1, 1], cuts, by=1) == pytest.approx(2 / 3)


def test_the_best_cuts_part_what_can_be_parted():
    scores = [level * 20 + step for level in range(5) for step in range(20)]
    levels = [level for level in range(5) for _ in range(20)]
    cuts = figures.best_cuts(scores, levels)
    assert figures.near(scores, levels, cuts, by=0) > 0.95
    assert list(cuts) == sorted(cuts)


def test_spearman_is_of_ranks():
    assert figures.spearman([1, 2, 3, 4], [10, 100, 1000, 9999]) == pytest.approx(1)
    assert figures.spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert figures.spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(math.sqrt(0.9))
    assert figures.spearman([1, 1, 1], [1, 2, 3]) is None
    assert figures.spearman([1, 2], [1, 2]) is None


def test_isotonic_steps_only_rise():
    steps = figures.isotonic([1, 2, 3, 4, 5, 6], [False, True, False, False, True, True])
    assert steps == [(1, 0.0), (2, pytest.approx(1 / 3)), (5, 1.0)]
    assert figures.isotonic([4, 4], [True, False]) == [(4, 0.5)]
