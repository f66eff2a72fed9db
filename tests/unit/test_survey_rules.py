"""Who is asked what after which contact, and what a lead reads where the rules have a slip."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from conversation.outcome import Outcome
from conversation.survey_rules import ASKED_AFTER, Contact, NotAsked, SurveyRules, draw
from conversation.surveys import SurveyKind
from heard import running
from heard.checks import Finding, readable
from heard.data_files import DataFile
from heard.settings import SURVEYS, load
from store.survey_rules import BadSurveyRules, load_survey_rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CES, CSAT, NPS = SurveyKind
IDS = [str(UUID(int=number)) for number in range(4000)]


def _rules(**fields: object) -> SurveyRules:
    given = {"after": {Outcome.AGENT: {CES: 60, CSAT: 20, NPS: 10}}, "rest": timedelta(days=7)}
    return SurveyRules(**{**given, **fields})  # type: ignore[arg-type]


def _drawn(kind: SurveyKind | None) -> str:
    """A conversation for which the rules above draw this question."""
    places = {CES: range(60), CSAT: range(60, 80), NPS: range(80, 90), None: range(90, 100)}
    return next(one for one in IDS if draw(one) in places[kind])


def _asked(conversation_id: str, **facts: object) -> SurveyKind | NotAsked:
    known = {"outcome": Outcome.AGENT, "verified": True}
    contact = Contact(conversation_id, **{**known, **facts})  # type: ignore[arg-type]
    return _rules().question(contact, NOW)


@pytest.mark.parametrize("kind", SurveyKind)
def test_a_contact_is_asked_the_one_question_it_was_drawn_for(kind: SurveyKind) -> None:
    assert _asked(_drawn(kind)) is kind
    assert _asked(_drawn(kind)) is kind, "the same conversation is drawn the same way"


def test_the_draw_is_spread_as_the_shares_say() -> None:
    asked = [_asked(one) for one in IDS]
    for answer, share in ((CES, 0.6), (CSAT, 0.2), (NPS, 0.1), (NotAsked.NOT_DRAWN, 0.1)):
        assert asked.count(answer) / len(IDS) == pytest.approx(share, abs=0.025), answer


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in ASKED_AFTER])
def test_who_got_no_answer_is_not_asked(outcome: Outcome) -> None:
    contact = Contact(IDS[0], outcome, verified=True)
    assert SurveyRules().question(contact, NOW) is NotAsked.NOT_DRAWN


def test_an_abandoned_wait_and_a_follow_up_are_not_asked_about() -> None:
    assert _asked(_drawn(CES), left_queue=True) is NotAsked.LEFT_QUEUE
    assert _asked(_drawn(CES), followed_up=True) is NotAsked.FOLLOWED_UP


def test_the_same_customer_rests_for_the_days_of_the_rules() -> None:
    week = timedelta(days=7)
    assert _asked(_drawn(CES), asked_at=NOW - week + timedelta(seconds=1)) is NotAsked.ASKED_LATELY
    assert _asked(_drawn(CES), asked_at=NOW - week) is CES


def test_the_nps_is_asked_of_verified_customers_once_in_ninety_days() -> None:
    quarter = timedelta(days=90)
    long_ago, lately = NOW - quarter, NOW - quarter + timedelta(seconds=1)
    one = _drawn(NPS)
    assert _asked(one, verified=False) is NotAsked.NOT_VERIFIED
    assert _asked(one, asked_at=long_ago, nps_at=lately) is NotAsked.ASKED_LATELY
    assert _asked(one, asked_at=long_ago, nps_at=long_ago) is NPS
    assert _asked(_drawn(CES), verified=False, nps_at=lately, asked_at=lately) is CES


def test_the_shipped_rules_ask_for_the_ease_first() -> None:
    rules = load_survey_rules(SURVEYS)
    assert rules.after[Outcome.AGENT] == {CES: 100}
    assert (rules.low[CES], rules.low[CSAT], rules.low[NPS]) == (3, 2, 6)
    assert (rules.rest.days, rules.nps_rest.days) == (7, 90)
    assert looked_at(SURVEYS).good


def looked_at(file: Path) -> Finding:
    return readable(DataFile("The surveys' rules", file, load_survey_rules))


GOOD = {
    "after": "{resolved_by_agent: {ces: 100}}",
    "rest_days": "7",
    "nps_rest_days": "90",
    "low": "{ces: 3, csat: 2, nps: 6}",
}


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("after", "{abandoned_in_queue: {ces: 1}}", "1: after: nobody is asked after abandoned_in"),
        (
            "after",
            "{resolved_by_agent: {ces: 60, nps: 50}}",
            "add up to 110: make them 100 or less",
        ),
        (
            "after",
            "{resolved_by_agent: {mood: 5}}",
            "there is no question mood: use ces, csat, nps",
        ),
        ("after", "{resolved_by_agent: {ces: lots}}", "ces must be a whole number from 0 to 100"),
        ("after", "{resolved_by_agent: 100}", "give questions with numbers, such as {ces: 100}"),
        ("after", "always", "give outcomes, each with its questions"),
        ("rest_days", "-1", "2: rest_days: must be a whole number of days from 0 to 3650, not -1"),
        ("nps_rest_days", "30", "3: nps_rest_days: must be a whole number of days from 90 to"),
        ("low", "{ces: 7, csat: 2, nps: 6}", "4: low: ces must be a whole number from 1 to 6"),
        ("low", "{ces: 3, csat: 2}", "low: add the score of nps from which down a colleague is"),
        ("weekly", "1", "5: there is no field weekly: use after, rest_days, nps_rest_days, low"),
        ("low", None, "1: the field low is missing: add it"),
        ("low", "{", "this is no YAML"),
    ],
)
def test_a_slip_in_the_rules_is_named_with_what_to_do(
    tmp_path: Path, field: str, value: str | None, advice: str
) -> None:
    fields = {name: text for name, text in {**GOOD, field: value}.items() if text is not None}
    file = tmp_path / "surveys.yml"
    file.write_text("".join(f"{name}: {text}\n" for name, text in fields.items()))
    with pytest.raises(BadSurveyRules) as raised:
        load_survey_rules(file)
    assert advice in str(raised.value)
    assert f"{tmp_path.name}/surveys.yml:" in str(raised.value)
    found = looked_at(file)
    assert not found.good
    assert advice in found.text


def test_heard_does_not_start_with_a_slip_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "surveys.yml"
    file.write_text("".join(f"{name}: {text}\n" for name, text in {**GOOD, "low": "3"}.items()))
    only = (DataFile("The surveys' rules", file, load_survey_rules),)
    monkeypatch.setattr(running, "DATA_FILES", only)
    assert running.run_all(load(var=tmp_path)) == 1
    assert "surveys.yml:4: low: give questions with numbers" in capsys.readouterr().out
    assert not (tmp_path / "heard.db").exists()


def test_all_slips_are_named_at_once_and_a_missing_file_too(tmp_path: Path) -> None:
    file = tmp_path / "surveys.yml"
    file.write_text("rest_days: soon\nnps_rest_days: 1\n")
    with pytest.raises(BadSurveyRules) as raised:
        load_survey_rules(file)
    assert len(str(raised.value).splitlines()) == 4
    with pytest.raises(BadSurveyRules, match="is missing: restore it"):
        load_survey_rules(tmp_path / "none.yml")
