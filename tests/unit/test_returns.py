"""A customer writes again after an agent has closed the case: on both databases."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from conversation.clock import utc_now
from conversation.messages import Message
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.briefing.briefing import Briefer
from handoff.case import Case, CaseRef, CaseStatus, Resolution
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery, Entry
from handoff.handoffs import Handoffs
from handoff.returns import Returns
from staff.account import Role, Staff
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.door import ScriptedBot
from tests.patience import PATIENT_S
from website.turn import Turns

AFTER = "it has not come yet"


class Shop:
    """A customer and an agent, with a clock that can be set forward."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.ahead = timedelta()
        briefer = Briefer(SqlDirectory(store), SqlShop(store, self.clock), PATIENT_S)
        self.handoffs = Handoffs(store, briefer, self.clock)
        returns = Returns(self.clock, timedelta(hours=24))
        self.turns = Turns(store, ScriptedBot(), self.handoffs, self.clock, returns)
        self.casework = Casework(store, "slack", self.clock)

    def clock(self) -> datetime:
        return utc_now() + self.ahead

    async def agent(self, name: str = "Nia") -> Staff:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return await work.accounts.save(email, name, [Role.AGENT], "-", utc_now())

    async def resolved(self, agent: Staff, **how: object) -> Case:
        async with self.store.work() as work:
            conversation = await work.conversations.start(str(uuid4()), None, utc_now())
        case = await self.handoffs.request(conversation.id, HandoffReason.ASKED)
        await self.casework.reply(case.id, agent, "Done.", key="1", via="slack")
        async with self.store.work() as work:
            await work.cases.set_ref(case.id, CaseRef("slack:C1:1"), opening=None)
        return await self.casework.resolve(case.id, agent, **how)

    async def says(self, case: Case, text: str) -> Message:
        return await self.turns.receive(case.conversation_id, text, str(uuid4()))

    async def now(self, case: Case) -> tuple[Case, Responder, Outcome | None]:
        async with self.store.read() as work:
            conversation = await work.conversations.get(case.conversation_id)
            case = await work.cases.get(case.id)
            return case, conversation.responder, conversation.outcome

    async def last_lines(self, case: Case) -> list[str]:
        async with self.store.read() as work:
            said = await work.conversations.transcript(case.conversation_id)
        return [message.text for message in said[-2:]]

    async def to_the_desk(self, case: Case) -> list[Entry]:
        async with self.store.read() as work:
            return list(await work.outbox.undone(case.id))


@pytest.fixture
def shop(store: SqlStore) -> Shop:
    return Shop(store)


async def test_who_writes_again_soon_has_the_same_case_and_agent_back(shop: Shop):
    nia = await shop.agent()
    done = await shop.resolved(nia)
    before = len(await shop.to_the_desk(done))
    shop.ahead = timedelta(hours=23)
    said = await shop.says(done, AFTER)
    case, responder, outcome = await shop.now(done)
    assert (case.number, case.status, case.agent) == (done.number, CaseStatus.CLAIMED, "Nia")
    assert (case.ref, responder, outcome) == ("slack:C1:1", Responder.AGENT, None)
    assert await shop.last_lines(done) == [AFTER, "This chat goes on with Nia."]
    news = (await shop.to_the_desk(done))[before:]
    assert [one.kind for one in news] == [Delivery.UPDATE_CASE, Delivery.NOTICE, Delivery.RELAY]
    assert news[1].notice is not None
    assert news[1].notice.agent_id == nia.id
    assert news[2].seq == said.seq
    await shop.casework.resolve(done.id, nia)
    assert (await shop.now(done))[2] is Outcome.AGENT


async def test_later_the_bot_answers(shop: Shop):
    done = await shop.resolved(await shop.agent())
    shop.ahead = timedelta(hours=24)
    await shop.says(done, AFTER)
    assert (await shop.now(done))[:2] == (done, Responder.BOT)


async def test_a_thank_you_opens_nothing_and_is_shown_to_the_agent(shop: Shop):
    done = await shop.resolved(await shop.agent())
    said = await shop.says(done, "Thanks, Nia! Have a nice day")
    assert await shop.now(done) == (done, Responder.CLOSED, Outcome.AGENT)
    assert (await shop.to_the_desk(done))[-1].seq == said.seq
    async with shop.store.read() as work:
        assert await work.surveys.open_of(done.conversation_id) is not None
        assert await work.conversations.unanswered(done.conversation_id) is None
    await shop.says(done, AFTER)
    assert (await shop.now(done))[1] is Responder.AGENT


@pytest.mark.parametrize("why", ["away", "gone", "no agent any more"])
async def test_where_the_agent_is_not_there_the_case_waits_for_anybody(shop: Shop, why: str):
    nia = await shop.agent()
    done = await shop.resolved(nia)
    async with shop.store.work() as work:
        if why == "away":
            await work.presence.set_away(nia.id, utc_now(), None)
        elif why == "gone":
            await work.presence.set_gone(nia.id, utc_now())
        else:
            await work.accounts.save(nia.email, "Nia", [Role.LEAD], "-", utc_now())
    await shop.says(done, AFTER)
    case, responder, _ = await shop.now(done)
    assert (case.status, case.agent, responder) == (CaseStatus.WAITING, None, Responder.QUEUE)
    assert await shop.last_lines(done) == [AFTER, "This chat goes on with a colleague."]
    news = await shop.to_the_desk(done)
    notice = next(one.notice for one in news if one.kind is Delivery.NOTICE)
    assert notice is not None
    assert notice.aloud
    assert "Nia is not there" in notice.text
    await shop.casework.claim(done.id, await shop.agent("Omar"))


async def test_a_case_that_needed_nobody_does_not_go_on(shop: Shop):
    done = await shop.resolved(await shop.agent(), resolution=Resolution.NOT_NEEDED)
    await shop.says(done, AFTER)
    assert (await shop.now(done))[1] is Responder.BOT


async def test_a_case_of_an_earlier_contact_does_not_go_on(shop: Shop):
    done = await shop.resolved(await shop.agent())
    async with shop.store.work() as work:
        await work.conversations.move(done.conversation_id, Responder.BOT, shop.clock())
        await work.conversations.close(done.conversation_id, Outcome.BOT_CONFIRMED, shop.clock())
    await shop.says(done, AFTER)
    assert (await shop.now(done))[1] is Responder.BOT


async def test_a_customer_and_an_agent_open_it_again_at_the_same_moment(shop: Shop):
    nia = await shop.agent()
    for number in range(5):
        done = await shop.resolved(nia)
        await asyncio.gather(
            shop.says(done, f"{AFTER} {number}"), shop.casework.reopen(done.id, nia)
        )
        case, responder, _ = await shop.now(done)
        assert (case.agent, responder) == ("Nia", Responder.AGENT)
        lines = [one for one in await shop.to_the_desk(done) if one.kind is Delivery.RELAY]
        assert len(lines) == 1


async def test_the_same_message_again_changes_nothing(shop: Shop):
    done = await shop.resolved(await shop.agent())
    for _ in range(3):
        await shop.turns.receive(done.conversation_id, AFTER, "once")
    assert await shop.last_lines(done) == [AFTER, "This chat goes on with Nia."]
    assert [one.kind for one in await shop.to_the_desk(done)].count(Delivery.NOTICE) == 1
