"""Digests tell what the desk did and what customers said, and go out once."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from conversation.annotated import AnnotatedTurn
from conversation.effort import Effort
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.survey_rules import SurveyRules
from conversation.surveys import SurveyKind
from conversation.turns import Turn
from handoff.case import Briefing, Case, CaseStatus, Route
from handoff.desk import DeskError
from handoff.digests.digests import Digest, as_text, period
from handoff.digests.editor import Editor, Rounds
from handoff.queue.groups import DeskRules, DigestKind, Plan
from store.store import SqlStore
from tests.unit.test_outbox import Board

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)
WEEKDAYS = frozenset(range(5))
RULES = DeskRules(digests={DigestKind.DAILY: Plan(time(8, 30), WEEKDAYS, "C0DIGESTS1")})


class Press:
    """An editor on a database, whose clock a test moves."""

    def __init__(self, store: SqlStore, rules: DeskRules = RULES) -> None:
        self.store = store
        self.now = NOON
        self.rules = rules
        self.editor = Editor(
            store,
            rules,
            SurveyRules(low={SurveyKind.CES: 3}),
            self.clock,
            "http://shop.example",
            lambda: lambda text: text.replace("4111", "[CARD_1]"),
        )

    def clock(self) -> datetime:
        return self.now

    async def case(self, quote: str, *, reason: HandoffReason = HandoffReason.ASKED) -> Case:
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, self.now)
            briefing = Briefing("Ada Demo", "A late parcel", quote)
            route = Route("support", self.now, reply_due_at=self.now + timedelta(minutes=10))
            return await work.cases.open(
                talk.id, reason, briefing, self.now, opened_seq=0, route=route
            )

    async def resolves(self, case: Case, first_reply_min: int) -> None:
        async with self.store.work() as work:
            at = case.opened_at + timedelta(minutes=first_reply_min)
            await work.cases.replied(case.id, at)
            await work.cases.end(case.id, CaseStatus.RESOLVED, at + HOUR)

    async def says(self, text: str, intent: str | None, score: float) -> str:
        async with self.store.work() as work:
            talk = await work.conversations.start(str(uuid4()), None, self.now)
            message = await work.conversations.append(
                talk.id, Draft(Author.CUSTOMER, text), self.now
            )
            turn = Turn(message.id, self.now, text, intent, 0.9)
            effort = Effort(score, (), "1")
            await work.turns.save(talk.id, AnnotatedTurn(turn, effort, Decision(Step.GO_ON)))
            return talk.id

    async def rates(self, talk: str, score: int, why: str | None) -> None:
        async with self.store.work() as work:
            await work.conversations.close(talk, Outcome.AGENT, self.now)
            await work.surveys.ask(talk, SurveyKind.CES, self.now)
            assert await work.surveys.rate(talk, score, self.now)
            assert await work.surveys.tell(talk, why, self.now)

    async def reads(self, kind: DigestKind, day: date) -> list[str]:
        return list(as_text(await self.editor.write(kind, day)))


class Kiosk(Board):
    """A desk that notes what is published."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__(*errors)
        self.published: list[tuple[str, str, str, bool]] = []

    async def publish(self, digest: Digest, channel: str, *, key: str, again: bool) -> None:
        await self._take()
        self.published.append((digest.title, channel, key, again))


@pytest.fixture
def press(store: SqlStore) -> Press:
    return Press(store)


def test_mondays_digest_tells_of_the_weekend_too():
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    plan = Plan(time(8), WEEKDAYS)
    assert period(plan, monday, UTC)[0] == datetime(2026, 2, 27, tzinfo=UTC)
    assert period(plan, tuesday, UTC)[0] == datetime(2026, 3, 2, tzinfo=UTC)
    weekly = Plan(time(8), frozenset({0}))
    assert period(weekly, monday, UTC)[0] == datetime(2026, 2, 23, tzinfo=UTC)


async def test_the_daily_digest_has_figures_reasons_and_what_is_still_open(press: Press):
    late = await press.case("where is  it?", reason=HandoffReason.EFFORT)
    quick = await press.case("my card 4111 please")
    await press.resolves(late, 30)
    await press.resolves(quick, 2)
    still = await press.case("")
    press.now += HOUR * 24
    assert await press.reads(DigestKind.DAILY, press.now.date()) == [
        "The desk, Tuesday 3 March",
        "",
        "Figures",
        "  3 opened, 2 resolved",
        "  First answer after 16 minutes in the median",
        "  Until closed after 76 minutes in the median",
        "  2 first answers later than promised",
        "",
        "Why people were needed",
        "  The customer asked for a person: 2 cases",
        f"  “my card [CARD_1] please”  http://shop.example/desk/cases/{quick.id}",
        "  The conversation had cost the customer too much effort: 1 case",
        f"  “where is it?”  http://shop.example/desk/cases/{late.id}",
        "",
        "Still open",
        "  Case 3: Ada Demo, A late parcel, unclaimed, open for 24 hours  "
        f"http://shop.example/desk/cases/{still.id}",
    ]


async def test_the_digest_says_which_answers_by_e_mail_are_owed_and_late(press: Press):
    late, soon = await press.case("call me back"), await press.case("call me, too")
    async with press.store.work() as work:
        await work.cases.call_back(late.id, press.now - 6 * HOUR)
        await work.cases.call_back(soon.id, press.now - HOUR)
    digest = "\n".join(await press.reads(DigestKind.DAILY, date(2026, 3, 5)))
    assert "answer by e-mail 2 hours late" in digest
    assert "answer by e-mail due in 3 hours" in digest


async def test_voices_are_customers_own_words_by_topic_and_low_ratings(press: Press):
    calm = await press.says("where is my order", "order_status", 10)
    cross = await press.says("WHERE is my order 4111", "order_status", 80)
    await press.says("where is my order", "order_status", 5)
    refund = await press.says("money back", "request_refund", 20)
    await press.says("hello", "greet", 0)
    await press.rates(calm, 2, "sent in circles")
    await press.rates(refund, 6, "fine")
    await press.rates(cross, 1, None)
    link = "http://shop.example/review/conversations"
    assert await press.reads(DigestKind.VOICES, date(2026, 3, 4)) == [
        "In customers' own words, Tuesday 3 March",
        "",
        "Where an order is: 3 conversations",
        f"  “WHERE is my order [CARD_1]”  {link}/{cross}",
        f"  “where is my order”  {link}/{calm}",
        "",
        "Money back: 1 conversation",
        f"  “money back”  {link}/{refund}",
        "",
        "Low ratings, and why",
        f"  Ease 2 of 7  {link}/{calm}",
        "  “sent in circles”",
    ]


async def test_nothing_of_another_day_stands_in_a_digest(press: Press):
    await press.says("where is my order", "order_status", 10)
    await press.case("now")
    assert await press.reads(DigestKind.VOICES, date(2026, 3, 3)) == [
        "In customers' own words, Monday 2 March", "", "Nothing was said in this time.",
    ]  # fmt: skip
    told = await press.reads(DigestKind.DAILY, date(2026, 3, 3))
    assert "  0 opened, 0 resolved" in told


async def test_a_digest_goes_out_once_at_its_time_whoever_looks(press: Press):
    desk = Kiosk()
    rounds = [Rounds(press.store, desk, press.editor, RULES, press.clock) for _ in range(2)]
    for now in (NOON.replace(hour=8, minute=29), NOON.replace(hour=8, minute=30), NOON):
        press.now = now
        for one in rounds:
            await one.look()
    assert desk.published == [
        ("The desk, Monday 2 March", "C0DIGESTS1", "digest:daily:2026-03-03", False)
    ]
    press.now = NOON.replace(day=7)
    await rounds[0].look()
    assert len(desk.published) == 1, "not on a Saturday"


async def test_a_digest_in_which_nothing_stands_is_not_sent(store: SqlStore):
    rules = DeskRules(digests={DigestKind.VOICES: Plan(time(8, 30), WEEKDAYS)})
    press, desk = Press(store, rules), Kiosk()
    rounds = Rounds(store, desk, press.editor, rules, press.clock)
    await rounds.look()
    assert desk.published == []
    press.now += timedelta(days=1)
    await press.says("where is my order", "order_status", 10)
    press.now += timedelta(days=1)
    await rounds.look()
    assert [title for title, *_ in desk.published] == ["In customers' own words, Wednesday 4 March"]


async def test_a_digest_that_did_not_arrive_is_sent_again(press: Press):
    desk = Kiosk(DeskError("down"))
    rounds = Rounds(press.store, desk, press.editor, RULES, press.clock)
    await rounds.look()
    await rounds.look()
    assert desk.published == []
    press.now += timedelta(seconds=30)
    await rounds.look()
    assert [again for *_, again in desk.published] == [True]
