"""`heard effort` on stored conversations: replayed, compared, calibrated, and weights fitted."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from conversation.annotated import AnnotatedTurn
from conversation.effort import Effort, effort
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.surveys import SurveyKind
from conversation.turns import Signal, Turn
from heard.cli import app
from heard.effort import commands
from heard.effort.past import stretches, told
from heard.effort.usual_turns import usual_turns
from heard.effort.versions import FOLDER, NEWEST, weights_named, write_next
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
HARD = {Signal.CORRECTED: 1.0, Signal.REPHRASED: 1.0, Signal.NEGATIVE: 0.75}
WORST = {**HARD, Signal.FRUSTRATION: 1.0, Signal.INSULT: 1.0}
CALM: dict[Signal, float] = {}
ACTING, SHADOW = weights_named(NEWEST), weights_named("1")
HANDED = Decision(Step.HAND_OFF, HandoffReason.EFFORT)


class Past:
    """Conversations that have been."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{folder / 'past.db'}"
        self.versions = folder / "versions"
        self._numbers = count(1)
        upgrade(self.url)

    def holds(self, *signals: dict[Signal, float], **more: Any) -> None:
        """A conversation whose turns have these signals."""
        self.reads(partial(self._keep, signals, **more))

    def reads(self, read: Callable[[SqlStore], Any]) -> Any:
        """What `read` makes of the database."""

        async def opened() -> Any:
            store = SqlStore(connect(self.url), LocalLive())
            try:
                return await read(store)
            finally:
                await store.close()

        return asyncio.run(opened())

    async def _keep(
        self,
        signals: tuple[dict[Signal, float], ...],
        store: SqlStore,
        *,
        at: datetime = MONDAY,
        handed_off: int | None = None,
        ease: int | None = None,
        anew_before: int | None = None,
        intent: str = "order_status",
    ) -> None:
        turns: list[Turn] = []
        visitor = f"visitor-{next(self._numbers)}"
        async with store.work() as work:
            where = (await work.conversations.start(visitor, None, at)).id
            for number, found in enumerate(signals):
                when = at + timedelta(minutes=number)
                if number == anew_before:
                    turns = []
                    moment = when - timedelta(seconds=1)
                    await work.timeline.record(where, "handed_back", moment)
                draft = Draft(Author.CUSTOMER, f"message {number}")
                message = await work.conversations.append(where, draft, when)
                turns.append(Turn(message.id, when, message.text, intent, 0.9, signals=found))
                decision = HANDED if number == handed_off else Decision(Step.GO_ON)
                scores = (effort(turns, ACTING), effort(turns, SHADOW))
                annotated = AnnotatedTurn(turns[-1], scores[0], decision, scores[1])
                await work.turns.save(where, annotated)
            if ease is not None:
                end = at + timedelta(minutes=len(signals))
                await work.conversations.close(where, Outcome.BOT_ASSUMED, end)
                await work.surveys.ask(where, SurveyKind.CES, end)
                await work.surveys.rate(where, ease, end + timedelta(minutes=1))


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    there = Past(tmp_path)
    monkeypatch.setenv("HEARD_DATABASE_URL", there.url)
    monkeypatch.setenv("HEARD_VAR", str(tmp_path))
    there.versions.mkdir()
    (there.versions / "v7.json").write_text((FOLDER / f"v{NEWEST}.json").read_text())
    monkeypatch.setattr(commands, "write_next", partial(write_next, folder=there.versions))
    return there


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["effort", *arguments])


def found(*arguments: str) -> dict[str, Any]:
    ran = run(*arguments, "--json")
    assert ran.exit_code == 0, ran.stderr
    read: dict[str, Any] = json.loads(ran.stdout)
    return read


def test_a_replay_counts_handoffs_that_come_earlier_never_or_where_nobody_was(past: Past):
    past.holds(HARD, HARD, WORST, handed_off=2)  # from 40 on: after the second
    past.holds(WORST, WORST, handed_off=1)
    past.holds(HARD, HARD)
    past.holds(CALM, CALM)
    past.holds(CALM, handed_off=0, at=MONDAY + timedelta(days=7))
    seen = found("replay", "--threshold", "40")
    assert seen["against"] == {"same": 1, "earlier": 1, "later": 0, "never": 1, "new": 1}
    assert seen["handoffs"] == {"actual": {"effort": 3}, "replayed": {"effort": 3}}
    assert [week["week"] for week in seen["weeks"]] == ["2026-W10", "2026-W11"]
    assert [week["replayed"] for week in seen["weeks"]] == [3, 0]
    assert (seen["threshold"], seen["offer"], seen["weights"]) == (40, 40, NEWEST)


def test_a_higher_threshold_brings_fewer_people_and_the_table_says_why(past: Past):
    past.holds(HARD, WORST, handed_off=1)
    past.holds(HARD, CALM)
    assert found("replay", "--threshold", "100")["handoffs"]["replayed"] == {}
    table = run("replay", "--threshold", "100").stdout
    assert "The conversation had cost the customer too much effort" in table
    assert "1 not by then" in table
    assert "2026-W10" in table


def test_a_replay_takes_a_ratio_of_costs_as_the_lead_sets_it(past: Past):
    past.holds(*2 * [{**HARD, Signal.COMPLAINT: 1.0}])
    assert (found("replay")["offer"], found("replay")["threshold"]) == (40, 75)
    cheap = found("replay", "--cost-ratio", "4")
    assert (cheap["offer"], cheap["threshold"]) == (20, 55)
    assert cheap["against"]["new"] == 1


def test_a_replay_can_begin_on_a_day(past: Past):
    past.holds(CALM)
    past.holds(CALM, at=MONDAY + timedelta(days=1))
    assert found("replay", "--since", "2026-03-03")["conversations"] == 1
    assert "nothing to replay" in run("replay", "--since", "2026-04-01").stdout


def test_effort_is_replayed_anew_after_a_return_or_a_pause(past: Past):
    past.holds(WORST, CALM, handed_off=0, anew_before=1)
    parts = past.reads(stretches)
    assert [len(one.annotated) for one in parts] == [1, 1]
    assert [one.handed_off for one in parts] == [0, None]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "--threshold", "30", "--offer", "50"), "lower it"),
        (("replay", "--weights", "99"), "no effort weights of version '99'"),
        (("compare",), "HEARD_EFFORT_SHADOW"),
        (("fit",), "There are 0 bad and 0 good examples"),
        (("fit", "nowhere.jsonl"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    past: Past, arguments: tuple[str, ...], says: str
):
    ran = run(*arguments)
    assert ran.exit_code == 1
    assert says in ran.stderr


def test_a_database_without_tables_is_told_to_migrate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HEARD_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setenv("HEARD_VAR", str(tmp_path))
    ran = run("calibration")
    assert ran.exit_code == 1
    assert "heard migrate" in ran.stderr


def test_the_shadow_is_compared_with_what_acted(past: Past):
    past.holds(CALM, HARD, WORST)
    (pair,) = found("compare")["pairs"]
    assert (pair["acting"], pair["shadow"], pair["turns"]) == (NEWEST, "1", 3)
    assert sum(pair["offer"].values()) <= 3
    assert pair["hand_off"]["both"] + pair["hand_off"]["acting"] == 1
    assert pair["spearman"] == pytest.approx(1)
    table = run("compare").stdout
    assert f"3 turns, version {NEWEST} acting and 1 in the shadow" in table
    assert "only shadow" in table


def test_the_score_at_the_end_is_held_against_the_answers(past: Past):
    for ease, signals in ((7, CALM), (6, CALM), (2, HARD), (1, WORST)):
        past.holds(signals, ease=ease)
    past.holds(WORST)
    seen = found("calibration")
    assert (seen["answers"], seen["missing"], seen["steps"]) == (4, 496, None)
    assert seen["spearman"] > 0.9
    assert seen["auroc"] == 1
    assert "needs 496 more answers" in run("calibration").stdout


def test_only_what_was_said_before_the_question_counts(past: Past):
    past.holds(WORST, CALM, CALM, CALM, ease=6, anew_before=1)
    (one,) = past.reads(told)
    assert len(one.stretch.annotated) == 3
    assert one.score < 40


def test_without_an_answer_there_is_nothing_to_calibrate(past: Past):
    assert "No customer has answered yet" in run("calibration").stdout


def test_answers_teach_weights_that_are_written_beside_the_old(past: Past):
    for number in range(40):
        past.holds(CALM, {Signal.LONG_CONVERSATION: 1.0}, ease=1 + number % 2)
        past.holds(CALM, CALM, ease=6)
    seen = found("fit")
    assert (seen["version"], seen["ratings"], seen["bad"]) == ("8", 80, 40)
    assert seen["figures"]["new"]["auroc"] >= seen["figures"]["old"]["auroc"]
    assert seen["figures"]["new"]["ece"] < seen["figures"]["old"]["ece"]
    new = weights_named("8", past.versions)
    assert new.of(Signal.LONG_CONVERSATION) > ACTING.of(Signal.LONG_CONVERSATION)
    assert new.of(Signal.INSULT) == ACTING.of(Signal.INSULT), "not seen, so not changed"
    assert new.usual_turns == {"any": 6, "order_status": 2}
    assert "80 ratings, 40 of them bad, from version" in new.source.replace("Fitted on ", "")
    table = run("fit").stdout
    assert "Written as version 9" in table
    assert "long_conversation" in table


def test_no_weight_changes_its_sign(past: Past):
    for _ in range(40):
        past.holds({Signal.CORRECTED: 1.0}, ease=7)
        past.holds({Signal.THANKED: 1.0}, ease=1)
    found("fit")
    new = weights_named("8", past.versions)
    assert new.of(Signal.CORRECTED) == 0
    assert new.of(Signal.THANKED) == 0


def test_a_folder_that_cannot_be_written_to_is_said(past: Past, monkeypatch: pytest.MonkeyPatch):
    for _ in range(30):
        past.holds(HARD, ease=1)
        past.holds(CALM, ease=7)

    def refuses(_: object) -> Path:
        raise PermissionError("read-only")

    monkeypatch.setattr(commands, "write_next", refuses)
    ran = run("fit")
    assert ran.exit_code == 1
    assert "cannot be written to: read-only" in ran.stderr


def test_usual_turns_need_thirty_conversations(past: Past):
    for number in range(31):
        past.holds(*[CALM] * (1 + number % 4))
    past.holds(CALM, intent="late_parcel")
    assert usual_turns(past.reads(stretches)) == {"order_status": 3}
    greeting = replace(past.reads(stretches)[0].annotated[0].turn, intent="greet")
    assert greeting.intent not in usual_turns(past.reads(stretches))


def test_rated_conversations_teach_weights_from_their_texts_alone(past: Past, tmp_path: Path):
    file = tmp_path / "rated.jsonl"
    line = (
        '{{"dialog_id": "{n}", "turns": [{{"speaker": "user", "text": "a table for two please"}}, '
        '{{"speaker": "system", "text": "{reply}"}}, '
        '{{"speaker": "user", "text": "the old inn", "scores": [{score}]}}]}}'
    )
    lines = [line.format(n=f"bad{n}", reply="There are no results.", score=1) for n in range(35)]
    lines += [line.format(n=f"good{n}", reply="Which inn is it?", score=5) for n in range(35)]
    file.write_text("\n".join(lines))
    seen = found("fit", str(file))
    assert seen["figures"]["new"]["auroc"] == 1
    assert weights_named("8", past.versions).of(Signal.TURNED_AWAY) > ACTING.of(Signal.TURNED_AWAY)


def test_an_effort_without_reasons_is_what_the_shadow_keeps(past: Past):
    past.holds(WORST)
    (one,) = past.reads(stretches)
    assert one.annotated[0].shadow == Effort(effort(one.turns, SHADOW).score, (), "1")
