"""Who leaves an address need not wait: the answer comes by e-mail, and nothing is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from conversation.conversation import Conversation
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.briefing.briefing import Briefer
from handoff.case import Case, CaseStatus
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.handoffs import Handoffs
from handoff.mail.address import read_address, same_address
from handoff.promises.callbacks import Callbacks, Told
from handoff.promises.waits import Wait
from staff.account import Role, Staff
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.patience import PATIENT_S

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ADDRESS = "ada@example.com"


def noon() -> datetime:
    return NOON


def at_one() -> datetime:
    return NOON + timedelta(hours=1)


class Waiting:
    """A visitor in the queue."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.callbacks = Callbacks(store, noon)
        self.casework = Casework(store, "none", noon)
        self.handoffs = Handoffs(
            store, Briefer(SqlDirectory(store), SqlShop(store, noon), PATIENT_S), noon
        )
        self.id = ""

    async def comes(self) -> Case:
        async with self.store.work() as work:
            self.id = (await work.conversations.start("visitor", None, NOON)).id
        return await self.handoffs.request(self.id, HandoffReason.ASKED)

    async def talk(self) -> Conversation:
        async with self.store.read() as work:
            return await work.conversations.get(self.id)

    async def case(self) -> Case:
        async with self.store.read() as work:
            case = await work.cases.latest_of(self.id)
        assert case is not None
        return case

    async def reads(self) -> list[str]:
        async with self.store.read() as work:
            return [m.text for m in await work.conversations.transcript(self.id)]

    async def agent(self) -> Staff:
        async with self.store.work() as work:
            return await work.accounts.save("nia@example.com", "Nia", [Role.AGENT], "-", NOON)


@pytest.fixture
async def ada(store: SqlStore) -> Waiting:
    waiting = Waiting(store)
    await waiting.comes()
    return waiting


async def test_an_address_left_in_the_queue_becomes_a_promise_of_an_answer(ada: Waiting):
    assert await ada.callbacks.leave_address(ada.id, ADDRESS)
    assert await ada.callbacks.leave_address(ada.id, ADDRESS)  # pressed twice
    talk, case = await ada.talk(), await ada.case()
    assert (talk.responder, talk.email) == (Responder.CALLBACK, ADDRESS)
    assert (case.status, case.callback_at) == (CaseStatus.CALLBACK, NOON)
    told = [text for text in await ada.reads() if "by e-mail" in text]
    assert len(told) == 1
    assert "a…@example.com" in told[0]
    async with ada.store.read() as work:
        kinds = [entry.kind for entry in await work.outbox.undone(case.id)]
        happened = [one.kind for one in await work.timeline.of(ada.id)]
    assert kinds == [Delivery.OPEN_CASE, Delivery.UPDATE_CASE]
    assert happened == ["handoff_requested", "email_left", "callback_promised"]


async def test_nobody_waits_before_others_in_the_queue_who_gets_an_e_mail(ada: Waiting):
    await ada.callbacks.leave_address(ada.id, ADDRESS)
    async with ada.store.read() as work:
        assert await work.cases.waiting((await ada.case()).route.group) == 0


async def test_an_address_left_with_an_agent_changes_nothing_else(ada: Waiting):
    nia = await ada.agent()
    await ada.casework.claim((await ada.case()).id, nia)
    assert await ada.callbacks.leave_address(ada.id, ADDRESS)
    talk, case = await ada.talk(), await ada.case()
    assert (talk.responder, talk.email) == (Responder.AGENT, ADDRESS)
    assert (case.status, case.callback_at) == (CaseStatus.CLAIMED, None)
    assert (await ada.reads())[-1] == "When you close this page, answers go to a…@example.com."


async def test_with_the_assistant_no_address_is_taken(ada: Waiting):
    await ada.handoffs.leave_queue(ada.id)
    assert not await ada.callbacks.leave_address(ada.id, ADDRESS)
    assert (await ada.talk()).email is None


async def test_where_nobody_is_there_the_customer_is_asked_for_an_address_once(ada: Waiting):
    case = await ada.case()
    assert await ada.callbacks.nobody_there(case.id) is Told.ASKED
    assert await ada.callbacks.nobody_there(case.id) is Told.ASKED
    talk = await ada.talk()
    assert (talk.responder, talk.email_asked) == (Responder.QUEUE, True)
    assert len([text for text in await ada.reads() if "Leave an e-mail address" in text]) == 1
    await ada.callbacks.leave_address(ada.id, ADDRESS)
    assert not (await ada.talk()).email_asked
    assert await ada.callbacks.nobody_there(case.id) is Told.PROMISED


async def test_where_no_e_mail_can_be_sent_none_is_asked_for(ada: Waiting):
    case, without_mail = await ada.case(), Callbacks(ada.store, noon, by_email=False)
    assert await without_mail.nobody_there(case.id) is Told.STAYS
    assert await without_mail.nobody_there(case.id) is Told.STAYS
    assert not (await ada.talk()).email_asked
    told = [text for text in await ada.reads() if text.startswith("Nobody can answer")]
    assert told == [
        "Nobody can answer at the moment. This chat stays open, and the answer comes here."
    ]


async def test_who_was_told_that_nobody_can_answer_is_not_called_the_next_in_the_queue(
    ada: Waiting,
):
    case, waits = await ada.case(), ada.handoffs.waits
    async with ada.store.read() as work:
        assert await waits.of(work, case, 1) == Wait(1)
    await ada.callbacks.nobody_there(case.id)
    async with ada.store.read() as work:
        assert await waits.of(work, case, 1) == Wait(1, nobody=True)
    nia = await ada.agent()
    await ada.casework.claim(case.id, nia)
    released = await Casework(ada.store, "none", at_one).release(case.id, nia)
    async with ada.store.read() as work:
        assert await waits.of(work, released, 1) == Wait(1)


async def test_an_address_from_an_earlier_case_makes_the_next_one_a_callback(ada: Waiting):
    nia = await ada.agent()
    await ada.casework.claim((await ada.case()).id, nia)
    await ada.callbacks.leave_address(ada.id, ADDRESS)
    await ada.casework.resolve((await ada.case()).id, nia)
    case = await ada.handoffs.request(ada.id, HandoffReason.ASKED)
    assert await ada.callbacks.nobody_there(case.id) is Told.PROMISED
    assert (await ada.talk()).responder is Responder.CALLBACK


async def test_a_case_that_somebody_has_taken_is_no_callback(ada: Waiting):
    case = await ada.case()
    await ada.casework.claim(case.id, await ada.agent())
    assert await ada.callbacks.nobody_there(case.id) is Told.NOTHING
    assert (await ada.talk()).responder is Responder.AGENT


async def test_an_answered_callback_ends_as_one_also_where_it_was_claimed_first(ada: Waiting):
    nia, case = await ada.agent(), await ada.case()
    await ada.callbacks.leave_address(ada.id, ADDRESS)
    await ada.casework.claim(case.id, nia)
    await ada.casework.reply(case.id, nia, "It comes on Friday.", key="1", via="test")
    await ada.casework.resolve(case.id, nia)
    assert (await ada.talk()).outcome is Outcome.CALLBACK


async def test_a_promised_answer_can_be_called_off(ada: Waiting):
    await ada.callbacks.leave_address(ada.id, ADDRESS)
    assert await ada.handoffs.leave_queue(ada.id)
    assert (await ada.talk()).responder is Responder.BOT
    assert (await ada.case()).status is CaseStatus.WITHDRAWN
    assert "Nobody writes you an e-mail about this any more." in (await ada.reads())[-1]


async def test_what_a_page_has_is_noted_and_never_taken_back(ada: Waiting):
    async with ada.store.work() as work:
        last = await work.conversations.append(ada.id, Draft(Author.AGENT, "hello"), NOON)
        assert await work.conversations.shown(ada.id, last.seq + 9)  # no more than there is
        assert not await work.conversations.shown(ada.id, last.seq)
        assert not await work.conversations.shown(ada.id, 1)
    assert (await ada.talk()).shown_seq == last.seq


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" Ada@Example.COM ", "Ada@example.com"),
        ("ada@example", None),
        ("ada@@example.com", None),
        ("ada", None),
        ("", None),
        ("Ada <ada@example.com>", None),
        ("ada@example.com\r\nBcc: all@example.com", None),
        (f"{'a' * 250}@example.com", None),
    ],
)
def test_only_a_whole_address_is_one(typed: str, read: str | None):
    assert read_address(typed) == read


def test_capitals_make_no_other_mailbox():
    assert same_address("Ada@Example.com", "ada@example.com")
    assert not same_address("ada@example.com", "ada@example.org")
    assert not same_address("", "")
