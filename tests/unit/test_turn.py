"""A customer message from its arrival to its answer, by the bot or by a person."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from conversation.clock import utc_now
from conversation.messages import Author, Draft, Message
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from handoff.case import CaseStatus, Resolution
from handoff.delivery.boxes import Delivery
from handoff.promises.callbacks import Callbacks
from tests.door import Door, open_door
from website.bot_client import BotFailure, Question
from website.turn import Turns


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(tmp_path) as opened:
        yield opened


async def started(door: Door) -> str:
    async with door.store.work() as work:
        return (await work.conversations.start("visitor", "demo-ada", utc_now())).id


async def transcript(door: Door, conversation: str) -> list[Message]:
    async with door.store.read() as work:
        return list(await work.conversations.transcript(conversation))


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(200):
        if await true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never came true")


async def until_said(door: Door, conversation: str, words: str) -> None:
    async def said() -> bool:
        return any(words in message.text for message in await transcript(door, conversation))

    await until(said)


async def relayed(door: Door, conversation: str) -> list[str]:
    """The texts that are on their way to the desk beside the opening of the case."""
    async with door.store.read() as work:
        case = await work.cases.open_of(conversation)
        assert case is not None
        by_seq = {m.seq: m.text for m in await work.conversations.transcript(conversation)}
        texts = []
        for entry in await work.outbox.undone(case.id):
            if entry.kind is Delivery.RELAY and entry.seq is not None:
                texts.append(by_seq[entry.seq])
        return texts


async def test_the_bot_answers_and_the_same_message_again_is_not_asked_again(door: Door):
    asked: list[str] = []

    def answer(question: Question) -> tuple[Draft, ...]:
        asked.append(question.text)
        return (Draft(Author.BOT, "It is on its way."),)

    door.bot.answer = answer
    conversation = await started(door)
    first = await door.site.turns.receive(conversation, "where is it", "c1")
    again = await door.site.turns.receive(conversation, "where is it", "c1")
    await until_said(door, conversation, "on its way")
    assert again == first
    assert asked == ["where is it"]


async def test_messages_are_answered_in_the_order_in_which_they_came(door: Door):
    conversation = await started(door)
    for number in range(5):
        await door.site.turns.receive(conversation, f"line {number}", f"c{number}")
    await until_said(door, conversation, "You wrote: line 4")
    answers = [m.text for m in await transcript(door, conversation) if m.author is Author.BOT]
    assert answers == [f"You wrote: line {number}" for number in range(5)]


@pytest.mark.parametrize("failure", [BotFailure("down"), None])
async def test_a_bot_that_fails_or_is_silent_brings_a_person(door: Door, failure):
    def answer(_: Question) -> tuple[Draft, ...]:
        if failure:
            raise failure
        return ()

    door.bot.answer = answer
    conversation = await started(door)
    await door.site.turns.receive(conversation, "hello", "c1")
    await until_said(door, conversation, "The assistant is out of order at the moment")

    async def settled() -> bool:
        async with door.store.read() as work:
            return await work.conversations.unanswered(conversation) is None

    await until(settled)
    async with door.store.read() as work:
        case = await work.cases.open_of(conversation)
    assert case is not None
    assert case.reason is HandoffReason.BOT_FAILURE
    assert await relayed(door, conversation) == []


async def test_what_a_crash_left_unanswered_is_answered_after_a_start(door: Door):
    conversation = await started(door)
    await door.stop()
    before_the_crash = Turns(door.store, door.bot, door.site.handoffs, utc_now)
    await before_the_crash.receive(conversation, "are you there", "c1")
    await door.start()
    await until_said(door, conversation, "You wrote: are you there")


async def test_a_reply_that_comes_after_an_agent_has_joined_is_dropped(door: Door):
    conversation = await started(door)
    door.bot.gate.clear()
    await door.site.turns.receive(conversation, "where is it", "c1")
    case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    await door.casework.claim(case.id, await door.agent())
    door.bot.gate.set()

    async def settled() -> bool:
        async with door.store.read() as work:
            return await work.conversations.unanswered(conversation) is None

    await until(settled)
    assert "You wrote: where is it" not in [m.text for m in await transcript(door, conversation)]


async def test_what_is_written_while_the_bot_hands_off_reaches_the_desk_once(door: Door):
    conversation = await started(door)
    door.bot.gate.clear()
    await door.site.turns.receive(conversation, "a person please", "c1")
    await door.site.turns.receive(conversation, "before the case", "c2")
    await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    await door.site.turns.receive(conversation, "after the case", "c3")
    door.bot.answer = lambda _: ()
    door.bot.gate.set()

    async def settled() -> bool:
        async with door.store.read() as work:
            return await work.conversations.unanswered(conversation) is None

    await until(settled)
    assert await relayed(door, conversation) == ["after the case"]


async def test_who_writes_after_an_end_where_no_person_was_needed_is_with_the_bot_again(door: Door):
    conversation = await started(door)
    case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    agent = await door.agent()
    await door.casework.resolve(case.id, agent, resolution=Resolution.NOT_NEEDED)
    await door.site.turns.receive(conversation, "one more thing", "c1")
    await until_said(door, conversation, "You wrote: one more thing")
    async with door.store.read() as work:
        assert (await work.conversations.get(conversation)).responder is Responder.BOT
        assert (await work.cases.get(case.id)).status is CaseStatus.RESOLVED


async def test_what_an_agent_leaves_for_the_bot_is_read_once(door: Door):
    left: list[str | None] = []

    def answer(question: Question) -> tuple[Draft, ...]:
        left.append(question.handed_back)
        return (Draft(Author.BOT, f"answer {len(left)}"),)

    door.bot.answer = answer
    conversation = await started(door)
    case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    await door.casework.hand_back(case.id, await door.agent(), "The refund is paid")
    for number in (1, 2):
        await door.site.turns.receive(conversation, "and now", f"c{number}")
        await until_said(door, conversation, f"answer {number}")
    assert left == ["The refund is paid", None]


async def test_leaving_the_queue_gives_the_bot_a_new_beginning(door: Door):
    conversation = await started(door)
    await door.site.handoffs.request(conversation, HandoffReason.EFFORT)
    assert await door.site.handoffs.leave_queue(conversation)
    assert not await door.site.handoffs.leave_queue(conversation)
    async with door.store.read() as work:
        after = await work.conversations.get(conversation)
        assert after.responder is Responder.BOT
        assert after.began_anew_at > after.created_at
        assert await work.cases.open_of(conversation) is None


@pytest.mark.parametrize(("by_email", "times"), [(False, 1), (True, 0)])
async def test_who_waits_and_writes_an_address_is_told_where_no_e_mail_can_be_sent(
    door: Door, by_email: bool, times: int
):
    callbacks = Callbacks(door.store, utc_now, by_email=by_email)
    turns = Turns(door.store, door.bot, door.site.handoffs, utc_now, callbacks=callbacks)
    conversation = await started(door)
    case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    await turns.receive(conversation, "is anybody there", "c1")
    for key in ("c2", "c2", "c3"):
        await turns.receive(conversation, "mail me at joe@example.net", key)
    said = [message.text for message in await transcript(door, conversation)]
    assert len([text for text in said if text.startswith("No e-mail can be sent")]) == times
    async with door.store.read() as work:
        notes = [note.text for note in await work.cases.notes(case.id)]
        notices = [one.notice for one in await work.outbox.undone(case.id) if one.notice]
    assert len(notes) == len(notices) == times
    assert all("the customer was told that the answer comes in the chat" in text for text in notes)


async def test_an_address_for_the_agent_who_answers_is_between_the_two(door: Door):
    callbacks = Callbacks(door.store, utc_now, by_email=False)
    turns = Turns(door.store, door.bot, door.site.handoffs, utc_now, callbacks=callbacks)
    conversation = await started(door)
    case = await door.site.handoffs.request(conversation, HandoffReason.ASKED)
    await door.casework.claim(case.id, await door.agent())
    await turns.receive(conversation, "mail me at joe@example.net", "c1")
    assert (await transcript(door, conversation))[-1].text == "mail me at joe@example.net"
