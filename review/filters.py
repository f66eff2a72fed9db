"""What a lead narrows the list to, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sanic import Request
from sanic.exceptions import BadRequest

from conversation.outcome import Outcome
from conversation.survey_rules import SurveyRules
from conversation.surveys import SurveyKind
from store.review import Found, Rated, Totals

OPEN = "open"
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the list, and its page, counted from 1."""

    found: Found
    page: int = 1

    @property
    def any(self) -> bool:
        """True where the list is narrowed at all."""
        return self.found != Found()

    def link(self, **changes: object) -> str:
        """The address of the same list with other filters, from its first page."""
        return self._address(replace(self.found, **changes), 1)  # type: ignore[arg-type]

    def turned(self, page: int) -> str:
        """The address of another page of this list."""
        return self._address(self.found, page)

    @staticmethod
    def _address(found: Found, page: int) -> str:
        outcome = OPEN if found.open else found.outcome.value if found.outcome else ""
        query = {
            "q": found.text,
            "outcome": outcome,
            "handed": "1" if found.handed_over else "",
            "rated": found.rated.name if found.rated else "",
            "page": str(page) if page > 1 else "",
        }
        kept = urlencode({name: value for name, value in query.items() if value})
        return f"/review?{kept}" if kept else "/review"


def rated_choices(rules: SurveyRules) -> Mapping[str, tuple[str, Rated]]:
    """What of the answers a lead may look for: label and filter, by name in the address."""
    low = Rated("low", tuple((kind, rules.low[kind]) for kind in SurveyKind))
    each = {
        kind.value: (f"{kind.label} answered", Rated(kind.value, ((kind, kind.highest),)))
        for kind in SurveyKind
    }
    return {low.name: ("Rated low", low), **each}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a link, with how many conversations are behind it."""

    label: str
    link: str
    chosen: bool
    count: int


def read_filters(request: Request, rules: SurveyRules) -> Filters:
    """The filters in the address. Raises: BadRequest saying which value is unknown."""
    outcome, page = request.args.get("outcome", ""), request.args.get("page", "1")
    rated, answers = request.args.get("rated", ""), rated_choices(rules)
    if rated and rated not in answers:
        raise BadRequest("There is no such rating. Go to Review and choose one of the links.")
    if outcome and outcome != OPEN and outcome not in set(Outcome):
        raise BadRequest("There is no such outcome. Go to Review and choose one of the links.")
    if not page.isdecimal() or not 1 <= int(page) <= 100_000:
        raise BadRequest("There is no such page. Go to Review and begin with the first.")
    found = Found(
        text=request.args.get("q", "").strip()[:_LONGEST_TEXT],
        outcome=Outcome(outcome) if outcome and outcome != OPEN else None,
        open=outcome == OPEN,
        handed_over=request.args.get("handed") == "1",
        rated=answers[rated][1] if rated else None,
    )
    return Filters(found, int(page))


def choices(filters: Filters, totals: Totals) -> tuple[Choice, ...]:
    """The outcomes as links; they partition the engaged conversations."""
    found = filters.found
    every = Choice(
        "All",
        filters.link(outcome=None, open=False),
        found.outcome is None and not found.open,
        totals.engaged,
    )
    still_open = Choice("Open", filters.link(outcome=None, open=True), found.open, totals.open)
    return (
        every,
        still_open,
        *(
            Choice(
                one.words,
                filters.link(outcome=one, open=False),
                found.outcome is one,
                totals.outcomes.get(one, 0),
            )
            for one in Outcome
        ),
    )


def answer_choices(
    filters: Filters, rules: SurveyRules, counts: Mapping[str, int]
) -> tuple[Choice, ...]:
    """The answers to surveys as links; choosing one again takes it off. Args: counts: by name."""
    chosen = filters.found.rated
    return tuple(
        Choice(
            label,
            filters.link(rated=None if chosen == rated else rated),
            chosen == rated,
            counts[name],
        )
        for name, (label, rated) in rated_choices(rules).items()
    )
