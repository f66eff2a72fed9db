"""The figures above the list, against values worked out by hand or taken from the literature."""

from datetime import timedelta

import pytest

from conversation.outcome import Outcome
from conversation.survey_rules import SurveyRules
from conversation.surveys import SurveyKind
from review.figures import figures, wilson
from review.survey_figures import SurveyFigure, asked_when, net_interval, survey_figures
from store.review import Totals
from store.surveys import Responses


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


def test_shares_come_with_their_interval_and_nothing_is_shown_below_five() -> None:
    shown = {figure.label: figure for figure in figures(Totals(20, {Outcome.AGENT: 8}, 9))}
    assert shown["Resolved by an agent"].value == "40 %"
    assert shown["Engaged conversations"].basis == "12 still open"
    few = {figure.label: figure for figure in figures(Totals(4, {}, 0))}
    assert few["Escalation rate"].value == "–"


def _surveys(**found: Responses) -> dict[SurveyKind, SurveyFigure]:
    responses = {kind: found.get(kind.value, Responses()) for kind in SurveyKind}
    return {figure.kind: figure for figure in survey_figures(responses)}


def test_ease_is_a_mean_with_its_interval_and_the_share_of_five_and_more() -> None:
    ease = _surveys(ces=Responses(10, 2, 1, (7, 6, 6, 5, 2)))[SurveyKind.CES]
    assert (ease.label, ease.value, ease.rate) == ("Ease (CES)", "5.2 of 7", "50 %")
    assert ease.basis == "mean, 95 % interval 3.5 to 6.9; 80 % (38 % to 96 %) gave 5 or more"
    assert ease.responses.ignored == 2


def test_satisfaction_is_the_share_of_four_and_five() -> None:
    satisfied = _surveys(csat=Responses(6, 0, 0, (5, 4, 4, 4, 1)))[SurveyKind.CSAT]
    assert (satisfied.value, satisfied.rate) == ("80 %", "83 %")
    assert satisfied.basis == "gave 4 or 5, 95 % interval 38 % to 96 %"


def test_recommendation_is_what_is_left_of_those_who_would() -> None:
    scores = (9, 10, 9, 8, 7, 6, 0)
    net = _surveys(nps=Responses(7, 0, 0, scores))[SurveyKind.NPS]
    assert net.value == "+14"
    assert net.basis.startswith("9 and 10 less 0 to 6, of 100; 95 % interval −")
    assert _surveys(nps=Responses(6, 0, 0, (0,) * 6))[SurveyKind.NPS].value == "−100"
    assert _surveys(nps=Responses(6, 0, 0, (8,) * 6))[SurveyKind.NPS].value == "0"


def test_the_net_interval_is_the_adjusted_wald_of_three_added_answers() -> None:
    # 60 promoters and 20 detractors of 100, worked out by hand: (60.75 - 20.75) / 103 = .3883,
    # variance ((60.75 + 20.75) / 103 - .3883 ** 2) / 103 = .006218, 1.96 * .07885 = .1546
    assert net_interval(60, 20, 100) == pytest.approx((23.38, 54.29), abs=0.02)
    assert net_interval(0, 5, 5)[0] == -100.0


def test_few_answers_are_marked_and_fewer_than_five_are_no_figure() -> None:
    assert (
        "Few answers, firm from 30"
        in _surveys(ces=Responses(60, 0, 0, (6,) * 29))[SurveyKind.CES].mark
    )
    assert _surveys(ces=Responses(60, 0, 0, (6,) * 30))[SurveyKind.CES].mark == ""
    four = _surveys(ces=Responses(8, 0, 0, (7, 7, 7, 7)))[SurveyKind.CES]
    assert (four.value, four.basis, four.rate) == ("–", "shown from 5 answers on", "50 %")
    assert _surveys()[SurveyKind.NPS].rate == "–"


def test_the_rules_in_force_are_told_in_sentences() -> None:
    rules = SurveyRules(
        after={Outcome.AGENT: {SurveyKind.CES: 90, SurveyKind.NPS: 10}, Outcome.CALLBACK: {}},
        rest=timedelta(days=7),
    )
    assert asked_when(rules) == (
        "Resolved by an agent: Ease in 90 of 100 conversations, Recommendation in 10 of 100 "
        "conversations",
        "The same customer is asked again after 7 days",
        "Recommendation only where signed in, and after 90 days",
        "A colleague is offered after a rating of at most: Ease 3, Satisfaction 2, "
        "Recommendation 6",
    )
