"""The questions that review asks of the database, on SQLite and PostgreSQL."""

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.surveys import SurveyKind
from handoff.case import Briefing, CaseStatus
from store.review import Found, Rated
from store.store import SqlStore


async def _conversation(store: SqlStore, *said: str) -> str:
    async with store.work() as work:
        conversation = await work.conversations.start("visitor", None, utc_now())
        for text in said:
            draft = Draft(Author.CUSTOMER, text)
            await work.conversations.append(conversation.id, draft, utc_now())
    return conversation.id


async def test_totals_partition_the_engaged_conversations(store: SqlStore) -> None:
    ids = [await _conversation(store, "hello") for _ in range(3)]
    await _conversation(store)
    async with store.work() as work:
        await work.conversations.close(ids[0], Outcome.BOT_ASSUMED, utc_now())
    async with store.read() as work:
        totals = await work.review.totals()
    assert (totals.engaged, totals.open) == (3, 2)
    assert totals.outcomes == {Outcome.BOT_ASSUMED: 1}


async def test_the_newest_reason_and_the_last_rating_stand_for_a_conversation(
    store: SqlStore,
) -> None:
    one = await _conversation(store, "hello")
    briefing = Briefing(customer="Ada", goal="", quote="")
    async with store.work() as work:
        case = await work.cases.open(one, HandoffReason.ASKED, briefing, utc_now(), opened_seq=1)
        await work.cases.end(case.id, CaseStatus.HANDED_BACK, utc_now())
        again = await work.cases.open(one, HandoffReason.EFFORT, briefing, utc_now(), opened_seq=1)
        for kind, score in ((SurveyKind.CES, 2), (SurveyKind.NPS, 0)):
            await work.conversations.close(one, Outcome.AGENT, utc_now())
            await work.surveys.ask(one, kind, utc_now())
            await work.surveys.rate(one, score, utc_now())
    async with store.read() as work:
        (row,) = await work.review.page(Found(handed_over=True), offset=0, limit=5)
        assert await work.review.cases(one) == [case.id, again.id]
    assert (row.reason, row.rating, row.peak) == (
        HandoffReason.EFFORT,
        (SurveyKind.NPS, 0),
        None,
    )


async def test_search_ignores_case_and_takes_signs_for_themselves(store: SqlStore) -> None:
    one = await _conversation(store, "It is 50% off_er \\ today")
    await _conversation(store, "It is 500 offXer today")
    async with store.read() as work:
        for words in ("50% OFF_er", "off_er", "\\ Today"):
            found = await work.review.page(Found(text=words), offset=0, limit=5)
            assert [row.id for row in found] == [one], words
            assert await work.review.count(Found(text=words)) == 1


async def test_conversations_are_found_by_what_their_customers_rated(store: SqlStore) -> None:
    rated: dict[str, tuple[SurveyKind, int]] = {}
    for kind, score in ((SurveyKind.CES, 3), (SurveyKind.CES, 4), (SurveyKind.NPS, 3)):
        one = await _conversation(store, "hello")
        rated[one] = (kind, score)
        async with store.work() as work:
            await work.conversations.close(one, Outcome.AGENT, utc_now())
            await work.surveys.ask(one, kind, utc_now())
            await work.surveys.rate(one, score, utc_now())
    low = Rated("low", ((SurveyKind.CES, 3), (SurveyKind.NPS, 2)))
    ease = Rated("ces", ((SurveyKind.CES, 7),))
    async with store.read() as work:
        found = await work.review.page(Found(rated=low), offset=0, limit=5)
        assert [rated[row.id] for row in found] == [(SurveyKind.CES, 3)]
        assert await work.review.count(Found(rated=ease)) == 2
