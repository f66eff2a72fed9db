"""What came before, read from the rows: whose it is, and how far back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from conversation.annotated import AnnotatedTurn
from conversation.contacts import Channel, Contact, Past, Rating
from conversation.effort import Effort
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.surveys import SurveyKind
from conversation.turns import Turn
from handoff.case import Briefing, CaseStatus
from store.history import SqlHistory
from store.store import SqlStore, SqlWork
from store.touchpoints import OtherCustomer, Touchpoint

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def chat(work: SqlWork, customer: str | None, at: datetime, intent: str) -> str:
    """A conversation with one turn."""
    started = await work.conversations.start(str(uuid4()), customer, at)
    message = await work.conversations.append(started.id, Draft(Author.CUSTOMER, "x"), at)
    turn = Turn(message.id, at, "x", intent, entities=frozenset({"1001"}))
    annotated = AnnotatedTurn(turn, Effort(12, (), "2"), Decision(Step.GO_ON))
    await work.turns.save(started.id, annotated)
    return started.id


def call(at: datetime, *, summary: str = "", solved: bool = False) -> Contact:
    return Contact(Channel.CALL, at, at, ("refund_status",), solved, summary=summary)


async def test_chats_and_touchpoints_come_together_latest_first(store: SqlStore) -> None:
    async with store.work() as work:
        await chat(work, "ada", NOON - 31 * DAY, "invoice")
        solved = await chat(work, "ada", NOON - 3 * DAY, "late_parcel")
        await work.timeline.record(solved, "solved_confirmed", NOON - 3 * DAY)
        await chat(work, "ada", NOON - DAY, "late_parcel")
        await chat(work, "bea", NOON - DAY, "invoice")
        await chat(work, None, NOON - DAY, "invoice")
        await work.touchpoints.put(Touchpoint("t1", "ada", call(NOON - 2 * DAY)), NOON)
        await work.touchpoints.put(Touchpoint("t2", "bea", call(NOON - 2 * DAY)), NOON)
        await work.touchpoints.put(Touchpoint("t3", "ada", call(NOON - 40 * DAY)), NOON)
    past = await SqlHistory(store).of("ada", NOON)
    assert [(one.channel.value, one.topics, one.solved) for one in past.contacts] == [
        ("chat", ("late_parcel",), False),
        ("call", ("refund_status",), False),
        ("chat", ("late_parcel",), True),
    ]
    assert past.contacts[0].names == {"1001"}
    assert await SqlHistory(store).of("nobody", NOON) == Past()


async def test_the_open_case_is_known_until_it_is_closed(store: SqlStore) -> None:
    async with store.work() as work:
        one = await chat(work, "ada", NOON - DAY, "late_parcel")
        briefing = Briefing("Ada", "A parcel", "")
        case = await work.cases.open(one, HandoffReason.ASKED, briefing, NOON, opened_seq=1)
    found = (await SqlHistory(store).of("ada", NOON)).open_case
    assert found is not None
    assert (found.number, found.opened_at) == (case.number, NOON)
    async with store.work() as work:
        await work.cases.end(case.id, CaseStatus.RESOLVED, NOON)
    assert (await SqlHistory(store).of("ada", NOON)).open_case is None


async def test_a_touchpoint_is_kept_as_it_was_last_told(store: SqlStore) -> None:
    async with store.work() as work:
        assert await work.touchpoints.put(Touchpoint("t1", "ada", call(NOON)), NOON)
        later = call(NOON, summary="Paid back", solved=True)
        assert not await work.touchpoints.put(Touchpoint("t1", "ada", later), NOON)
        assert await work.touchpoints.of("ada", NOON) == [later]
        assert await work.touchpoints.of("ada", NOON + DAY) == []
        assert await work.touchpoints.of("ada", NOON - DAY, NOON - DAY) == []
        with pytest.raises(OtherCustomer):
            await work.touchpoints.put(Touchpoint("t1", "bea", call(NOON)), NOON)
        assert await work.touchpoints.forget("ada") == 1
        assert await work.touchpoints.of("ada", NOON) == []


async def test_the_last_rating_is_known(store: SqlStore) -> None:
    async with store.work() as work:
        for days, score in ((3, 6), (1, 2)):
            at = NOON - days * DAY
            one = await chat(work, "ada", at, "late_parcel")
            await work.conversations.close(one, Outcome.ABANDONED_BOT, at)
            await work.surveys.ask(one, SurveyKind.CES, at)
            await work.surveys.rate(one, score, at)
        unanswered = await chat(work, "ada", NOON, "late_parcel")
        await work.surveys.ask(unanswered, SurveyKind.CSAT, NOON)
    assert (await SqlHistory(store).of("ada", NOON)).rating == Rating("Ease 2 of 7", NOON - DAY)
