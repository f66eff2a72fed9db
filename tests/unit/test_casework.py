"""The verbs of a case, on both databases: who has it, what is said in it, how it ends."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from conversation.clock import utc_now
from conversation.messages import Author, Draft, Message
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.briefing.briefing import Briefer
from handoff.case import (
    AlreadyClaimed,
    Case,
    CaseError,
    CaseStatus,
    OwnerChanged,
    Priority,
    Resolution,
    TakenBack,
)
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.handoffs import Handoffs
from staff.account import Role, Staff
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from tests.door import ScriptedBot
from tests.patience import PATIENT_S
from website.turn import Turns

VIA = "slack"


class Office:
    """Agents, and customers who wait for them, on one store."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        briefer = Briefer(SqlDirectory(store), SqlShop(store, utc_now), PATIENT_S)
        self.handoffs = Handoffs(store, briefer, utc_now)
        self.turns = Turns(store, ScriptedBot(), self.handoffs, utc_now)
        self.casework = Casework(store, VIA, utc_now)

    async def agent(self, name: str, *roles: Role) -> Staff:
        async with self.store.work() as work:
            email = f"{name.lower()}@example.com"
            return await work.accounts.save(email, name, roles or [Role.AGENT], "-", utc_now())

    async def case(self) -> Case:
        async with self.store.work() as work:
            conversation = await work.conversations.start(str(uuid4()), None, utc_now())
        return await self.handoffs.request(conversation.id, HandoffReason.ASKED)

    async def customer_says(self, case: Case, text: str) -> None:
        await self.turns.receive(case.conversation_id, text, str(uuid4()))

    async def sees(self, case: Case) -> list[str]:
        """What the customer reads, but for the first line of the bot."""
        return [message.text for message in await self.messages(case)][1:]

    async def messages(self, case: Case) -> list[Message]:
        async with self.store.read() as work:
            return list(await work.conversations.transcript(case.conversation_id))

    async def now(self, case: Case) -> tuple[Case, Responder]:
        async with self.store.read() as work:
            conversation = await work.conversations.get(case.conversation_id)
            return await work.cases.get(case.id), conversation.responder

    async def happened(self, case: Case) -> list[str]:
        async with self.store.read() as work:
            return [one.kind for one in await work.timeline.of(case.conversation_id)]

    async def to_the_desk(self, case: Case) -> list[tuple[Delivery, int | None]]:
        async with self.store.read() as work:
            return [(one.kind, one.seq) for one in await work.outbox.undone(case.id)]


@pytest.fixture
def office(store: SqlStore) -> Office:
    return Office(store)


async def test_who_was_given_a_case_is_named_to_the_customer_but_has_not_joined(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.assign(case.id, nia, nia, seen=None)
    given = await office.casework.assign(case.id, nia, omar, "knows the carrier", seen=nia.id)
    assert (given.agent, given.status) == ("Omar", CaseStatus.CLAIMED)
    assert await office.casework.assign(case.id, nia, omar, "again", seen=nia.id) == given
    assert await office.sees(case) == [
        "Nia has joined the chat.",
        "Nia has passed your chat on to Omar.",
    ]
    assert (await office.happened(case)).count("assigned") == 2
    async with office.store.read() as work:
        notes = [(note.author, note.text) for note in await work.cases.notes(case.id)]
    assert notes == [("Nia", "For Omar: knows the carrier")]


async def test_who_gives_away_a_case_that_changed_hands_is_told_whose_it_is(office: Office):
    case, nia, omar, zoe = (
        await office.case(),
        *[await office.agent(n) for n in ("Nia", "Omar", "Zoe")],
    )
    await office.casework.claim(case.id, omar)
    with pytest.raises(OwnerChanged, match="Omar has it now"):
        await office.casework.assign(case.id, nia, zoe, seen=None)
    assert (await office.now(case))[0].agent == "Omar"


async def test_of_two_who_give_a_case_away_at_once_one_succeeds(office: Office):
    case, nia, omar, zoe = (
        await office.case(),
        *[await office.agent(n) for n in ("Nia", "Omar", "Zoe")],
    )
    results = await asyncio.gather(
        office.casework.assign(case.id, nia, omar, seen=None),
        office.casework.assign(case.id, nia, zoe, seen=None),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == ["Case", "OwnerChanged"]
    assert len(await office.sees(case)) == 1


async def test_only_agents_are_given_cases(office: Office):
    case, nia, lead = (
        await office.case(),
        await office.agent("Nia"),
        await office.agent("Lea", Role.LEAD),
    )
    with pytest.raises(CaseError, match="Lea is no agent"):
        await office.casework.assign(case.id, nia, lead, seen=None)
    with pytest.raises(CaseError, match="Only agents"):
        await office.casework.release(case.id, lead)


async def test_a_released_case_goes_back_to_its_place_in_the_queue(office: Office):
    first, second = await office.case(), await office.case()
    nia = await office.agent("Nia")
    await office.casework.claim(first.id, nia)
    await office.casework.snooze(first.id, nia, utc_now() + timedelta(hours=1))
    for _ in range(2):
        await office.casework.release(first.id, nia)
    released, responder = await office.now(first)
    assert (released.status, released.agent, responder) == (
        CaseStatus.WAITING,
        None,
        Responder.QUEUE,
    )
    assert released.snoozed_until is None
    async with office.store.read() as work:
        assert await work.cases.ahead_of(released) == 0
        assert await work.cases.ahead_of(second) == 1
    assert (await office.sees(first))[1:] == ["Nia has left the chat. A colleague takes over."]
    await office.casework.claim(first.id, await office.agent("Omar"))


async def test_a_case_is_released_by_nobody_where_its_owner_is_gone(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.claim(case.id, nia)
    assert (await office.casework.release(case.id, None)).status is CaseStatus.WAITING


async def test_a_case_rests_until_the_customer_writes_and_the_customer_reads_nothing(
    office: Office,
):
    case, nia = await office.case(), await office.agent("Nia")
    until = utc_now() + timedelta(hours=2)
    with pytest.raises(CaseError, match="claim it first"):
        await office.casework.snooze(case.id, nia, until)
    await office.casework.claim(case.id, nia)
    before = await office.sees(case)
    resting = await office.casework.snooze(case.id, nia, until)
    assert resting.rests(utc_now())
    assert not resting.rests(until)
    assert await office.sees(case) == before
    await office.customer_says(case, "any news?")
    assert (await office.now(case))[0].snoozed_until is None
    assert (await office.happened(case))[-2:] == ["snoozed", "woken"]


@pytest.mark.parametrize("off", [timedelta(seconds=-1), timedelta(days=31)])
async def test_a_case_rests_for_a_sensible_time_only(office: Office, off: timedelta):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.claim(case.id, nia)
    with pytest.raises(CaseError, match="within the next 30 days"):
        await office.casework.snooze(case.id, nia, utc_now() + off)


async def test_a_priority_is_kept_and_shown_once(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    assert case.priority is Priority.NORMAL
    for _ in range(2):
        changed = await office.casework.prioritise(case.id, nia, Priority.URGENT)
    assert changed.priority is Priority.URGENT
    assert (await office.happened(case)).count("prioritised") == 1


async def test_the_first_answer_is_timed_and_a_helper_is_marked(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.reply(case.id, nia, "hello", key="1", via=VIA)
    first = (await office.now(case))[0].first_reply_at
    assert first is not None
    helped = await office.casework.reply(case.id, omar, "the label is on its way", key="2", via=VIA)
    assert (helped.name, helped.helping) == ("Omar", "Nia")
    assert ((await office.now(case))[0].first_reply_at, (await office.now(case))[0].agent) == (
        first,
        "Nia",
    )


async def test_what_the_agent_says_of_a_resolved_case_is_kept(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    for _ in range(2):
        done = await office.casework.resolve(
            case.id, nia, resolution=Resolution.NOT_NEEDED, needed=False, closing="Bye!"
        )
    assert (done.resolution, done.needed, done.closed_by) == (Resolution.NOT_NEEDED, False, nia.id)
    assert await office.sees(case) == [
        "Nia has joined the chat.",
        "Bye!",
        "Nia has closed this conversation.",
    ]
    assert done.first_reply_at is not None
    assert (await office.happened(case)).count("resolved") == 1


async def test_the_same_act_ends_a_case_once_also_after_it_went_on(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    for _ in range(2):
        await office.casework.resolve(case.id, nia, closing="Bye!", key="form 1")
        await office.casework.reopen(case.id, omar)
    assert (await office.sees(case)).count("Bye!") == 1
    await office.casework.hand_back(case.id, omar, "", key="form 2")
    await office.casework.reopen(case.id, nia)
    assert (await office.casework.hand_back(case.id, omar, "", key="form 2")).agent == "Nia"
    assert (await office.happened(case)).count("resolved") == 1
    assert (await office.happened(case)).count("handed_back") == 1


async def test_the_first_file_shows_on_the_card_as_a_first_reply_does(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.claim(case.id, nia)
    before = (await office.to_the_desk(case)).count((Delivery.UPDATE_CASE, None))
    for number in range(2):
        await office.casework.send_file(
            case.id, nia, "label.txt", b"to NP-1001", key=f"f{number}", via=VIA
        )
    after = (await office.to_the_desk(case)).count((Delivery.UPDATE_CASE, None))
    assert after - before == 1


async def test_who_left_before_any_answer_was_not_helped(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.resolve(case.id, nia, resolution=Resolution.CUSTOMER_LEFT)
    async with office.store.read() as work:
        outcome = (await work.conversations.get(case.conversation_id)).outcome
    assert outcome is Outcome.ABANDONED_QUEUE


async def test_the_bot_is_told_the_facts_with_the_summary(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    facts = {"Order": "NP-1001", "Refund": "12.00 EUR, paid", "Empty": " "}
    for _ in range(2):
        await office.casework.hand_back(case.id, nia, "Refund is paid.", facts)
    async with office.store.read() as work:
        left = (await work.conversations.get(case.conversation_id)).handed_back
        notes = await work.cases.notes(case.id)
    assert left == "Refund is paid.\nOrder: NP-1001\nRefund: 12.00 EUR, paid"
    assert [note.text for note in notes] == [f"Told the assistant: {left}"]


async def test_what_is_said_with_a_hand_back_is_sent_at_once_as_the_agents_words(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    for _ in range(2):
        await office.casework.hand_back(case.id, nia, "Paid.", saying="It leaves us tomorrow.")
    *_, said, told = await office.messages(case)
    assert (said.author, said.name, said.text) == (Author.AGENT, "Nia", "It leaves us tomorrow.")
    assert told.text == "Nia has handed over to the automated assistant."
    assert [message.text for message in await office.messages(case)].count(said.text) == 1


async def test_a_private_note_is_not_said_with_a_hand_back_and_nothing_else_is_done(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    with pytest.raises(CaseError, match="private note"):
        await office.casework.hand_back(case.id, nia, "Paid.", saying=";; he is cross")
    assert (await office.now(case))[1] is Responder.QUEUE


async def test_who_never_joined_is_not_said_to_have_handed_over(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.hand_back(case.id, nia, "")
    assert await office.sees(case) == [
        "You are no longer in the queue: the automated assistant answers again."
    ]
    other = await office.case()
    await office.casework.claim(other.id, omar)
    await office.casework.hand_back(other.id, nia, "")
    assert (await office.sees(other))[-1] == (
        "Omar has left the chat. The automated assistant answers again."
    )


async def test_a_resolved_case_goes_on_as_the_same_case_with_what_was_said_since(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.claim(case.id, nia)
    await office.casework.resolve(case.id, nia)
    await office.customer_says(case, "thank you!")
    said = (await office.messages(case))[-1]
    for _ in range(2):
        again = await office.casework.reopen(case.id, omar)
    assert (again.number, again.agent, again.status) == (case.number, "Omar", CaseStatus.CLAIMED)
    assert (again.closed_at, again.resolution, again.closed_by) == (None, None, None)
    assert (await office.now(case))[1] is Responder.AGENT
    assert (await office.to_the_desk(case)).count((Delivery.RELAY, said.seq)) == 1
    await office.customer_says(case, "hello?")
    assert (await office.to_the_desk(case))[-1][0] is Delivery.RELAY


async def test_a_case_that_was_handed_back_goes_on_and_the_bot_is_silent(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.hand_back(case.id, nia, "")
    await office.casework.reopen(case.id, nia)
    assert (await office.now(case))[1] is Responder.AGENT


async def test_a_case_does_not_go_on_beside_another_of_the_same_customer(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.resolve(case.id, nia)
    other = await office.handoffs.request(case.conversation_id, HandoffReason.ASKED)
    with pytest.raises(CaseError, match=f"Case {other.number} of the same customer is open"):
        await office.casework.reopen(case.id, nia)
    await office.casework.claim(other.id, nia)
    with pytest.raises(AlreadyClaimed, match="Nia"):
        await office.casework.reopen(other.id, await office.agent("Omar"))


async def test_a_withdrawn_case_has_nothing_to_go_on_with(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.handoffs.leave_queue(case.conversation_id)
    with pytest.raises(CaseError, match="left the queue"):
        await office.casework.reopen(case.id, nia)


async def test_an_edited_reply_reads_anew_and_its_first_words_are_kept(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.reply(case.id, nia, "on Mondey", key="1", via=VIA)
    for _ in range(2):
        edited = await office.casework.edit_reply(case.id, nia, "1", "on Monday", VIA, stamp="5")
    assert edited is not None
    assert edited.edited_at is not None
    assert (await office.sees(case))[-1] == "on Monday"
    await office.casework.edit_reply(case.id, nia, "1", "on Sunday", VIA, stamp="4")
    assert (await office.sees(case))[-1] == "on Monday"
    assert await before(office, case, edited.seq) == ["on Mondey"]
    assert (await office.happened(case)).count("reply_edited") == 1


async def test_a_deleted_reply_is_gone_for_the_customer_and_kept_for_review(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.reply(case.id, nia, "wrong window", key="1", via=VIA)
    deleted = await office.casework.delete_reply(case.id, nia, "1", VIA)
    assert deleted is not None
    assert deleted.deleted_at is not None
    assert "wrong window" not in await office.sees(case)
    late = await office.casework.edit_reply(case.id, nia, "1", "an edit that came late", VIA)
    assert late == await office.casework.delete_reply(case.id, nia, "1", VIA) == deleted
    assert await before(office, case, deleted.seq) == ["wrong window"]


async def test_an_edit_before_its_reply_is_kept_for_it(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    assert await office.casework.edit_reply(case.id, nia, "1", "newest", VIA, stamp="2") is None
    assert await office.casework.edit_reply(case.id, nia, "1", "newer", VIA, stamp="1") is None
    reply = await office.casework.reply(case.id, nia, "first", key="1", via=VIA)
    assert (reply.text, await before(office, case, reply.seq)) == ("newest", ["first"])


async def test_a_reply_that_was_deleted_before_it_came_is_never_sent(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    assert await office.casework.delete_reply(case.id, nia, "1", VIA) is None
    assert await office.casework.edit_reply(case.id, nia, "1", "an edit", VIA, stamp="9") is None
    with pytest.raises(TakenBack):
        await office.casework.reply(case.id, nia, "never mind", key="1", via=VIA)
    assert (await office.sees(case), (await office.now(case))[0].agent) == ([], None)


async def test_nobody_changes_what_somebody_else_wrote(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.reply(case.id, nia, "mine", key="1", via=VIA)
    with pytest.raises(CaseError, match="Only Nia"):
        await office.casework.edit_reply(case.id, omar, "1", "yours", VIA)
    with pytest.raises(CaseError, match="Only Nia"):
        await office.casework.delete_reply(case.id, omar, "1", VIA)
    await office.casework.delete_reply(case.id, omar, "2", VIA)
    await office.casework.reply(case.id, nia, "also mine", key="2", via=VIA)
    assert (await office.sees(case))[-2:] == ["mine", "also mine"]


async def test_no_edit_makes_a_reply_of_a_private_note(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    await office.casework.edit_reply(case.id, nia, "1", "came first", VIA)
    await office.casework.note(case.id, nia, "be generous", key=f"{VIA}:1")
    with pytest.raises(CaseError, match="private note"):
        await office.casework.edit_reply(case.id, nia, "1", "be generous!", VIA)
    assert await office.sees(case) == []


async def test_what_the_customer_or_the_bot_said_is_nobodys_to_change(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    async with office.store.work() as work:
        draft = Draft(Author.CUSTOMER, "my own words", client_id=f"{VIA}:c1")
        await work.conversations.append(case.conversation_id, draft, utc_now())
    with pytest.raises(CaseError, match="Nothing was changed"):
        await office.casework.edit_reply(case.id, nia, "c1", "other words", VIA)
    assert await office.sees(case) == ["my own words"]


async def test_a_change_made_elsewhere_is_told_at_the_desk(office: Office):
    case, nia = await office.case(), await office.agent("Nia")
    reply = await office.casework.reply(case.id, nia, "one", key="1", via="browser")
    await office.casework.edit_reply(case.id, nia, "1", "two", "browser")
    assert (await office.to_the_desk(case)).count((Delivery.RELAY, reply.seq)) == 2


async def before(office: Office, case: Case, seq: int) -> list[str]:
    """What the message said before it was changed."""
    async with office.store.read() as work:
        versions = (await work.revisions.versions(case.conversation_id)).get(seq, ())
    assert all(isinstance(version.replaced_at, datetime) for version in versions)
    return [version.text for version in versions]


async def test_who_looks_behind_a_mask_is_noted_without_the_text(office: Office):
    case, nia, lead = (
        await office.case(),
        await office.agent("Nia"),
        await office.agent("Lea", Role.LEAD),
    )
    await office.customer_says(case, "not 5555555555554444, it is 4111 1111 1111 1111")
    assert await office.casework.reveal(case.id, nia, "[CARD_2]") == "4111 1111 1111 1111"
    assert await office.casework.reveal(case.id, nia, "2") == (
        "not 5555555555554444, it is 4111 1111 1111 1111"
    )
    with pytest.raises(CaseError, match="Nothing is masked as CARD_3"):
        await office.casework.reveal(case.id, nia, "CARD_3")
    with pytest.raises(CaseError, match="There is no message 9"):
        await office.casework.reveal(case.id, nia, "9")
    with pytest.raises(CaseError, match="Only agents"):
        await office.casework.reveal(case.id, lead, "CARD_1")
    async with office.store.read() as work:
        entries = await work.timeline.of(case.conversation_id)
    looked = [entry.detail for entry in entries if entry.kind == "revealed"]
    assert [(one["agent"], one["of"], one["which"]) for one in looked] == [
        ("Nia", "card", "CARD_2"),
        ("Nia", "message", "2"),
    ]
    assert "4111" not in str([entry.detail for entry in entries])


async def test_who_looks_at_an_old_form_takes_the_case_from_nobody(office: Office):
    case, nia, omar = await office.case(), await office.agent("Nia"), await office.agent("Omar")
    await office.casework.claim(case.id, nia)
    await office.casework.assign(case.id, nia, omar, seen=nia.id)
    with pytest.raises(OwnerChanged):
        await office.casework.release(case.id, nia, owner=nia.id)
    assert (await office.now(case))[0].agent == "Omar"
    assert (await office.casework.release(case.id, omar, owner=omar.id)).agent is None
