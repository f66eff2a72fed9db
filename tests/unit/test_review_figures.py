"""The figures above the list, against values worked out by hand or taken from the literature."""

import pytest

from conversation.outcome import Outcome
from review.figures import figures, wilson
from store.review import Totals


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I
        (81, 263, 0.2553, 0.3662),  # the same
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_intervals_are_those_of_the_literature(
    hits: int, n: int, low: float, high: float
) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.0002)


def test_ease_is_a_mean_with_its_response_rate_and_interval() -> None:
    totals = Totals(20, {Outcome.AGENT: 8}, 9, 10, (7, 6, 6, 5, 2))
    shown = {figure.label: figure for figure in figures(totals)}
    assert shown["Ease (CES)"].value == "5.2 of 7"
    assert shown["Ease (CES)"].basis == "5 of 10 surveys answered; 95 % interval 3.5 to 6.9"
    assert shown["Resolved by an agent"].value == "40 %"
    assert shown["Engaged conversations"].basis == "12 still open"


def test_nothing_is_shown_below_five_answers() -> None:
    shown = {figure.label: figure for figure in figures(Totals(4, {}, 0, 6, (7, 7, 7, 7)))}
    assert shown["Ease (CES)"].value == "–"
    assert shown["Ease (CES)"].basis == "shown from n = 5; 4 of 6 surveys answered"
    assert shown["Escalation rate"].value == "–"
