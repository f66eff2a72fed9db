"""Surveys are asked, answered and counted, on SQLite and PostgreSQL; older ones are kept."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.survey_rules import SurveyRules
from conversation.surveys import FollowUp, SurveyKind, SurveyStep
from handoff.briefing.briefing import Briefer
from handoff.case import Case, CaseStatus
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.feedback import Feedback, ask_for_rating
from handoff.handoffs import Handoffs
from staff.account import Role, Staff
from store.migrate import config, upgrade
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from store.surveys import Responses
from tests.patience import PATIENT_S

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CES, CSAT, NPS = SurveyKind


class Contacts:
    """Customers, an agent, and a clock that the test sets."""

    def __init__(self, store: SqlStore, rules: SurveyRules | None = None) -> None:
        self.store = store
        self.now = NOON
        self.rules = rules or SurveyRules()
        briefer = Briefer(SqlDirectory(store), SqlShop(store, self.clock), PATIENT_S)
        self.handoffs = Handoffs(store, briefer, self.clock)
        self.casework = Casework(store, "none", self.clock, self.rules)
        self.feedback = Feedback(store, self.handoffs, self.rules, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def agent(self) -> Staff:
        async with self.store.work() as work:
            return await work.accounts.save("ann@example.com", "Ann", [Role.AGENT], "-", NOON)

    async def begins(self, visitor: str = "visitor", customer: str | None = None) -> str:
        async with self.store.work() as work:
            return (await work.conversations.start(visitor, customer, self.now)).id

    async def resolved(self, conversation: str) -> Case:
        """An agent resolves it; the survey is asked where the rules say so."""
        case = await self.handoffs.request(conversation, HandoffReason.ASKED)
        return await self.casework.resolve(case.id, await self.agent())

    async def closes_with_the_bot(self, conversation: str) -> None:
        async with self.store.work() as work:
            before = await work.conversations.get(conversation)
            await work.conversations.close(conversation, Outcome.BOT_CONFIRMED, self.now)
            await ask_for_rating(work, self.rules, before, Outcome.BOT_CONFIRMED, self.now)

    async def step(self, conversation: str) -> SurveyStep | None:
        async with self.store.read() as work:
            survey = await work.surveys.open_of(conversation)
        return survey.step if survey else None

    async def not_asked(self, conversation: str) -> list[object]:
        async with self.store.read() as work:
            events = await work.timeline.of(conversation)
        return [it.detail["why"] for it in events if it.kind == "survey_not_asked"]

    async def responses(self, kind: SurveyKind = CES) -> Responses:
        async with self.store.read() as work:
            return (await work.surveys.responses(self.now))[kind]

    async def updates(self, case: Case) -> int:
        async with self.store.read() as work:
            undone = await work.outbox.undone(case.id)
        return sum(entry.kind is Delivery.UPDATE_CASE for entry in undone)


@pytest.fixture
def contacts(store: SqlStore) -> Contacts:
    return Contacts(store)


async def test_one_question_comes_after_the_other_and_each_answer_goes_to_the_card(
    contacts: Contacts,
) -> None:
    one = await contacts.begins()
    case = await contacts.resolved(one)
    before = await contacts.updates(case)
    feedback = contacts.feedback
    assert await contacts.step(one) is SurveyStep.RATE
    assert not await feedback.tell(one, "too early")
    assert not await feedback.rate(one, NPS, 5), "the effort is what is asked"
    assert await feedback.rate(one, CES, 6)
    assert await contacts.step(one) is SurveyStep.WHY
    assert await feedback.tell(one, "quick")
    assert await contacts.step(one) is None
    assert not await feedback.wants_follow_up(one, True), "no colleague is offered after a 6"
    assert not await feedback.dismiss(one)
    assert await contacts.updates(case) == before + 2
    async with contacts.store.read() as work:
        survey = await work.surveys.about(case.id)
    assert survey is not None
    assert (survey.rating, survey.why, survey.follow_up) == ("Ease 6 of 7", "quick", None)


@pytest.mark.parametrize("score", [-1, 0, 8])
async def test_a_score_off_the_scale_is_not_taken(contacts: Contacts, score: int) -> None:
    one = await contacts.begins()
    await contacts.resolved(one)
    with pytest.raises(ValueError, match="from 1 to 7"):
        await contacts.feedback.rate(one, CES, score)


async def test_a_low_rating_offers_a_colleague_who_comes_once(contacts: Contacts) -> None:
    one = await contacts.begins(customer="demo-ada")
    first = await contacts.resolved(one)
    await contacts.feedback.rate(one, CES, 3)
    await contacts.feedback.tell(one, "I was asked three times for the number")
    assert await contacts.step(one) is SurveyStep.FOLLOW_UP
    before = await contacts.updates(first)
    assert await contacts.feedback.wants_follow_up(one, True)
    assert not await contacts.feedback.wants_follow_up(one, True)
    assert await contacts.updates(first) == before + 1
    async with contacts.store.read() as work:
        case = await work.cases.open_of(one)
        conversation = await work.conversations.get(one)
        said = await work.conversations.transcript(one)
        survey = await work.surveys.about(first.id)
    assert case is not None
    assert survey is not None
    assert survey.follow_up is FollowUp.WANTED
    assert (case.reason, conversation.responder) == (HandoffReason.LOW_RATING, Responder.QUEUE)
    assert case.briefing.quote == "I was asked three times for the number"
    assert case.briefing.known[0] == ("Rated", "Ease 3 of 7")
    assert said[-1].author is Author.BOT
    assert said[-1].text.startswith("I have asked a colleague to look at this")
    await contacts.casework.resolve(case.id, await contacts.agent())
    assert await contacts.step(one) is None
    assert await contacts.not_asked(one) == ["followed_up"]


async def test_an_agent_may_choose_not_to_ask_and_a_lead_reads_that(contacts: Contacts) -> None:
    one = await contacts.begins()
    case = await contacts.handoffs.request(one, HandoffReason.ASKED)
    await contacts.casework.resolve(case.id, await contacts.agent(), survey=False)
    assert await contacts.step(one) is None
    assert await contacts.not_asked(one) == ["agent_chose"]


async def test_two_pages_that_say_yes_at_once_bring_one_colleague(contacts: Contacts) -> None:
    one = await contacts.begins()
    await contacts.resolved(one)
    await contacts.feedback.rate(one, CES, 2)
    await contacts.feedback.tell(one, None)
    said = await asyncio.gather(*(contacts.feedback.wants_follow_up(one, True) for _ in range(4)))
    assert sorted(said) == [False, False, False, True]
    async with contacts.store.read() as work:
        assert len(await work.review.cases(one)) == 2


async def test_a_colleague_who_is_not_wanted_does_not_come(contacts: Contacts) -> None:
    one = await contacts.begins()
    case = await contacts.resolved(one)
    await contacts.feedback.rate(one, CES, 1)
    await contacts.feedback.tell(one, None)
    assert await contacts.feedback.wants_follow_up(one, False)
    assert await contacts.step(one) is None
    async with contacts.store.read() as work:
        assert await work.cases.open_of(one) is None
        survey = await work.surveys.about(case.id)
    assert survey is not None
    assert survey.follow_up is FollowUp.DECLINED


@pytest.mark.parametrize("customer", [None, "demo-ada"])
async def test_who_could_not_find_the_answer_again_is_offered_nobody(
    contacts: Contacts, customer: str | None
) -> None:
    one = await contacts.begins("visitor", customer)
    await contacts.resolved(one)
    contacts.now += timedelta(days=2)
    await contacts.begins("visitor", customer)  # the next chat, in another tab
    assert await contacts.feedback.rate(one, CES, 1)
    assert await contacts.feedback.tell(one, "no")
    assert await contacts.step(one) is None


async def test_nothing_is_asked_while_a_case_is_open_or_the_contact_goes_on(
    contacts: Contacts,
) -> None:
    one = await contacts.begins()
    await contacts.resolved(one)
    contacts.now += timedelta(minutes=1)
    await contacts.handoffs.request(one, HandoffReason.ASKED)
    assert await contacts.step(one) is None
    assert not await contacts.feedback.rate(one, CES, 5)
    await contacts.handoffs.leave_queue(one)
    contacts.now += timedelta(minutes=1)
    async with contacts.store.work() as work:
        await work.conversations.close(one, Outcome.ABANDONED_BOT, contacts.now)
    assert await contacts.step(one) is None, "that of the contact before is not asked again"
    assert (await contacts.responses()).ignored == 1


async def test_who_left_the_queue_is_not_asked_even_where_the_bot_then_helped(
    contacts: Contacts,
) -> None:
    one = await contacts.begins()
    await contacts.handoffs.request(one, HandoffReason.ASKED)
    contacts.now += timedelta(minutes=9)
    await contacts.handoffs.leave_queue(one)
    await contacts.closes_with_the_bot(one)
    assert await contacts.step(one) is None
    assert await contacts.not_asked(one) == ["left_queue"]
    contacts.now += timedelta(hours=2)
    async with contacts.store.work() as work:
        await work.conversations.move(one, Responder.BOT, contacts.now)
    contacts.now += timedelta(minutes=1)
    await contacts.closes_with_the_bot(one)
    assert await contacts.step(one) is SurveyStep.RATE, "that was another contact"


async def test_a_customer_rests_across_conversations(store: SqlStore) -> None:
    contacts = Contacts(store, SurveyRules(rest=timedelta(days=7)))
    first, second, other = [await contacts.begins(who) for who in ("a", "a", "b")]
    for one in (first, second, other):
        await contacts.closes_with_the_bot(one)
        contacts.now += timedelta(days=3)
    assert [await contacts.step(one) for one in (first, second, other)] == [
        SurveyStep.RATE,
        None,
        SurveyStep.RATE,
    ]
    assert await contacts.not_asked(second) == ["asked_lately"]
    contacts.now += timedelta(days=7)
    third = await contacts.begins("a")
    await contacts.closes_with_the_bot(third)
    assert await contacts.step(third) is SurveyStep.RATE


async def test_a_handed_back_case_that_the_bot_then_solved_is_what_is_rated(
    contacts: Contacts,
) -> None:
    one = await contacts.begins()
    case = await contacts.handoffs.request(one, HandoffReason.ASKED)
    contacts.now += timedelta(minutes=1)
    await contacts.casework.hand_back(case.id, await contacts.agent(), "all said")
    contacts.now += timedelta(minutes=1)
    await contacts.closes_with_the_bot(one)
    async with contacts.store.read() as work:
        handed_back, survey = await work.cases.get(case.id), await work.surveys.about(case.id)
    assert handed_back.status is CaseStatus.HANDED_BACK
    assert survey is not None


async def test_what_became_of_all_surveys_adds_up(contacts: Contacts) -> None:
    ids = [await contacts.begins(f"visitor {number}") for number in range(6)]
    answered, told, dismissed, rated_then_dismissed, went_on, left = ids
    for one in ids:
        await contacts.closes_with_the_bot(one)
    contacts.now += timedelta(hours=1)
    await contacts.feedback.rate(answered, CES, 7)
    await contacts.feedback.rate(told, CES, 5)
    await contacts.feedback.tell(told, "fine")
    await contacts.feedback.dismiss(dismissed)
    await contacts.feedback.rate(rated_then_dismissed, CES, 6)
    await contacts.feedback.dismiss(rated_then_dismissed)
    async with contacts.store.work() as work:
        await work.conversations.move(went_on, Responder.BOT, contacts.now)
        await work.conversations.append(went_on, Draft(Author.CUSTOMER, "again"), contacts.now)
    found = await contacts.responses()
    assert (found.asked, found.dismissed, found.ignored, found.waiting) == (6, 1, 1, 1)
    assert sorted(found.scores) == [5, 6, 7]
    contacts.now += timedelta(days=1)
    assert (await contacts.responses()).ignored == 2, "whom nobody saw again"
    assert await contacts.step(left) is SurveyStep.RATE
    assert await contacts.responses(NPS) == Responses()


async def test_all_answers_to_a_question_are_read_with_their_conversation(
    contacts: Contacts,
) -> None:
    ids = [await contacts.begins(f"visitor {number}") for number in range(3)]
    for number, one in enumerate(ids):
        await contacts.closes_with_the_bot(one)
        contacts.now += timedelta(days=1)
        if number < 2:
            await contacts.feedback.rate(one, CES, 3 + number)
    async with contacts.store.read() as work:
        answers = await work.surveys.answers(CES)
        lately = await work.surveys.answers(CES, since=NOON + timedelta(days=2))
        assert await work.surveys.answers(CSAT) == []
    assert [(one.conversation_id, one.score) for one in answers] == [(ids[0], 3), (ids[1], 4)]
    assert [one.at for one in answers] == [NOON + timedelta(days=n) for n in (1, 2)]
    assert [one.score for one in lately] == [4]


_OLD = """
INSERT INTO conversations (id, visitor_id, responder, created_at, began_anew_at, last_seq, locale,
    page, pages) VALUES ('c', 'v', 'closed', :noon, :noon, 0, 'en', '', '[]');
INSERT INTO cases (id, conversation_id, reason, briefing, status, opened_at, opened_seq, closed_at)
    VALUES ('case', 'c', 'asked', '{}', 'resolved', :noon, 0, :one);
INSERT INTO surveys (id, conversation_id, asked_at, ces, rated_at, why, closed_at) VALUES
    ('told', 'c', :noon, 6, :noon, 'quick', :noon),
    ('replaced', 'c', :one, NULL, NULL, NULL, :two),
    ('put away', 'c', :two, NULL, NULL, NULL, :three),
    ('rated', 'c', :four, 2, :four, NULL, NULL)
"""


async def _run(database: str, statements: str) -> list[tuple[object, ...]]:
    hours = zip(("noon", "one", "two", "three", "four"), range(5), strict=True)
    moments = {name: NOON + timedelta(hours=hour) for name, hour in hours}
    engine = create_async_engine(database)
    rows: list[tuple[object, ...]] = []
    async with engine.begin() as connection:
        for statement in statements.split(";"):
            named = {name: at for name, at in moments.items() if f":{name}" in statement}
            if database.startswith("sqlite"):
                named = {name: f"{at:%Y-%m-%d %H:%M:%S.%f}" for name, at in named.items()}
            result = await connection.execute(text(statement), named)
            rows = [tuple(row) for row in result] if result.returns_rows else []
    await engine.dispose()
    return rows


def test_surveys_of_before_are_kept_as_what_they_were(database: str) -> None:

    upgrade(database)
    command.downgrade(config(database), "0003")
    asyncio.run(_run(database, _OLD))
    upgrade(database)
    query = (
        "SELECT id, kind, score, why, case_id, answered_at IS NOT NULL, told_at IS NOT NULL, "
        "dismissed_at IS NOT NULL, follow_up FROM surveys ORDER BY asked_at"
    )
    assert asyncio.run(_run(database, query)) == [
        ("told", "ces", 6, "quick", None, True, True, False, None),
        ("replaced", "ces", None, None, "case", False, False, False, None),
        ("put away", "ces", None, None, None, False, False, True, None),
        ("rated", "ces", 2, None, None, True, False, False, None),
    ]
    command.downgrade(config(database), "0003")
    query = "SELECT id, ces, why, closed_at IS NOT NULL FROM surveys ORDER BY asked_at"
    assert asyncio.run(_run(database, query)) == [
        ("told", 6, "quick", True),
        ("replaced", None, None, True),
        ("put away", None, None, True),
        ("rated", 2, None, False),
    ]
