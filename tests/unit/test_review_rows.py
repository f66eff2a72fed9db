"""The questions that review asks of the database, on SQLite and PostgreSQL."""

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from handoff.case import Briefing, CaseStatus
from store.review import Found
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
        await work.surveys.ask(ids[0], utc_now())
        await work.surveys.ask(ids[1], utc_now())
        await work.surveys.rate(ids[1], 5, utc_now())
    async with store.read() as work:
        totals = await work.review.totals()
    assert (totals.engaged, totals.open) == (3, 2)
    assert totals.outcomes == {Outcome.BOT_ASSUMED: 1}
    assert (totals.surveys_asked, totals.ratings) == (2, (5,))


async def test_the_newest_reason_and_the_last_rating_stand_for_a_conversation(
    store: SqlStore,
) -> None:
    one = await _conversation(store, "hello")
    briefing = Briefing(customer="Ada", goal="", quote="")
    async with store.work() as work:
        case = await work.cases.open(one, HandoffReason.ASKED, briefing, utc_now(), opened_seq=1)
        await work.cases.end(case.id, CaseStatus.HANDED_BACK, utc_now())
        again = await work.cases.open(one, HandoffReason.EFFORT, briefing, utc_now(), opened_seq=1)
        for ces in (2, 6):
            await work.surveys.ask(one, utc_now())
            await work.surveys.rate(one, ces, utc_now())
            await work.surveys.finish(one, None, utc_now())
    async with store.read() as work:
        (row,) = await work.review.page(Found(handed_over=True), offset=0, limit=5)
        assert await work.review.cases(one) == [case.id, again.id]
    assert (row.reason, row.ces, row.peak) == (HandoffReason.EFFORT, 6, None)


async def test_search_ignores_case_and_takes_signs_for_themselves(store: SqlStore) -> None:
    one = await _conversation(store, "It is 50% off_er \\ today")
    await _conversation(store, "It is 500 offXer today")
    async with store.read() as work:
        for words in ("50% OFF_er", "off_er", "\\ Today"):
            found = await work.review.page(Found(text=words), offset=0, limit=5)
            assert [row.id for row in found] == [one], words
            assert await work.review.count(Found(text=words)) == 1
