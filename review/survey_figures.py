"""What customers answered when asked, each figure beside what became of all surveys. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversation.survey_rules import SurveyRules
from conversation.surveys import SurveyKind
from review.figures import FEWEST, Z, percent, wilson
from staff.words import count
from store.surveys import Responses

FEW = 30
"""Below so many answers a figure is marked: chance alone moves it a lot."""


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """A question's figure as shown. `value` is "–" where too few answers stand behind it.

    `basis` says what it is and its 95 % interval; `mark` warns of few answers, "" where enough are.
    """

    kind: SurveyKind
    value: str
    basis: str
    responses: Responses
    rate: str
    mark: str = ""

    @property
    def label(self) -> str:
        """What is rated, with the figure's usual name."""
        return f"{self.kind.label} ({self.kind.value.upper()})"


def survey_figures(responses: Mapping[SurveyKind, Responses]) -> tuple[SurveyFigure, ...]:
    """One figure for each question, in the questions' order."""
    return tuple(_figure(kind, responses[kind]) for kind in SurveyKind)


def asked_when(rules: SurveyRules) -> tuple[str, ...]:
    """The rules that hold, one sentence each."""
    lines = [
        f"{outcome.words}: {', '.join(_share(kind, of_100) for kind, of_100 in shares.items())}"
        for outcome, shares in rules.after.items()
        if shares
    ]
    low = ", ".join(f"{kind.label} {rules.low[kind]}" for kind in SurveyKind)
    return (
        *lines,
        f"The same customer is asked again {_rest(rules)}",
        f"Recommendation only where signed in, and after {count(rules.nps_rest.days, 'day')}",
        f"A colleague is offered after a rating of at most: {low}",
    )


def _rest(rules: SurveyRules) -> str:
    return f"after {count(rules.rest.days, 'day')}" if rules.rest else "at every contact"


def _share(kind: SurveyKind, of_100: int) -> str:
    return f"{kind.label} in {of_100} of 100 conversations"


def _figure(kind: SurveyKind, responses: Responses) -> SurveyFigure:
    n = len(responses.scores)
    rate = percent(n / responses.asked) if responses.asked else "–"
    if n < FEWEST:
        return SurveyFigure(kind, "–", f"shown from {FEWEST} answers on", responses, rate)
    value, basis = _FIGURES[kind](responses.scores)
    mark = f"Few answers, firm from {FEW}" if n < FEW else ""
    return SurveyFigure(kind, value, basis, responses, rate, mark)


def _ces(scores: Sequence[int]) -> tuple[str, str]:
    n, mean = len(scores), sum(scores) / len(scores)
    reach = Z * math.sqrt(sum((one - mean) ** 2 for one in scores) / (n - 1) / n)
    low, high = max(1.0, mean - reach), min(7.0, mean + reach)
    easy = sum(one >= 5 for one in scores)
    return (
        f"{mean:.1f} of 7",
        f"mean, 95 % interval {low:.1f} to {high:.1f}; {_wilson(easy, n)} gave 5 or more",
    )


def _csat(scores: Sequence[int]) -> tuple[str, str]:
    satisfied, n = sum(one >= 4 for one in scores), len(scores)
    low, high = wilson(satisfied, n)
    return percent(satisfied / n), f"gave 4 or 5, 95 % interval {percent(low)} to {percent(high)}"


def _nps(scores: Sequence[int]) -> tuple[str, str]:
    promoters, detractors = sum(one >= 9 for one in scores), sum(one <= 6 for one in scores)
    net = 100 * (promoters - detractors) / len(scores)
    low, high = net_interval(promoters, detractors, len(scores))
    return (
        f"{_signed(net)}",
        f"9 and 10 less 0 to 6, of 100; 95 % interval {_signed(low)} to {_signed(high)}",
    )


def net_interval(promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the net score, both ends -100..100; `n` is at least 1.

    Source: adjusted Wald, three answers added, as B. Rocks, 2016, advises.
    """
    total = n + 3
    up, down = (promoters + 0.75) / total, (detractors + 0.75) / total
    net = up - down
    reach = Z * math.sqrt((up + down - net**2) / total)
    return max(-100.0, 100 * (net - reach)), min(100.0, 100 * (net + reach))


def _wilson(hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f"{percent(hits / n)} ({percent(low)} to {percent(high)})"


def _signed(points: float) -> str:
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


_FIGURES = {SurveyKind.CES: _ces, SurveyKind.CSAT: _csat, SurveyKind.NPS: _nps}
