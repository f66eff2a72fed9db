"""What breaks while Heard posts in Slack: nothing is lost, nothing comes twice, nothing leaks."""

from pathlib import Path

import pytest
from sqlalchemy import select

from handoff.case import Case
from store.tables import OutboxRow
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import Broken, Fine, NotOk, RateLimited, Reset, Silence
from tests.fake_slack.faults import Fault
from tests.fake_slack.workspace import SUPPORT

_BAD_MOMENTS = [
    Reset(accepted=True),
    Reset(),
    Silence(seconds=30, accepted=True),
    Silence(seconds=30),
    RateLimited(retry_after_s=1),
    *[Broken(status=status) for status in (500, 502, 503, 504)],
    Broken(status=503, accepted=True),
    Broken(status=200),
    Broken(status=200, accepted=True),
    NotOk(error="internal_error"),
    NotOk(error="fatal_error", accepted=True),
]
_FOR_AN_ADMIN = [
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "account_inactive",
    "invalid_auth",
    "token_revoked",
    "missing_scope",
]


async def test_whatever_breaks_under_a_line_it_arrives_once_and_in_its_place(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, timeout_s=1) as slack:
        nia, ada, case = await _open_case(slack)
        for number, fault in enumerate(_BAD_MOMENTS):
            slack.slack.faults.next("chat.postMessage", fault)
            await ada.says(f"line {number}")
            await slack.site.delivered()
        await ada.says("last")
        read = [line for line in await slack.reads(nia, case) if line.startswith(("line", "last"))]
        assert read == [*(f"line {number}" for number in range(len(_BAD_MOMENTS))), "last"]
        assert len(slack.cards()) == 1


@pytest.mark.parametrize(
    "fault",
    [Reset(accepted=True), Silence(seconds=30, accepted=True), Broken(status=502)],
    ids=repr,
)
async def test_whatever_breaks_under_a_card_there_is_one_card(
    tmp_path: Path, fault: Reset | Silence | Broken
) -> None:
    async with slack_harness(tmp_path, timeout_s=1) as slack:
        slack.slack.faults.next("chat.postMessage", fault)
        nia, _, case = await _open_case(slack)
        assert len(slack.cards()) == 1
        assert "before" in await slack.reads(nia, case)


async def test_while_slack_wants_quiet_nothing_is_posted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as slack:
        _, ada, _ = await _open_case(slack)
        slack.slack.faults.next("chat.postMessage", RateLimited(retry_after_s=1))
        asked = len(_posts(slack))
        await ada.says("one")
        others = [await slack.site.customer(name) for name in ("Bea", "Cem", "Dan")]
        for other in others:
            await other.asks_for_a_person()
        await slack.site.delivered()
        first, *later = _posts(slack)[asked:]
        assert all(at - first >= 0.9 for at in later)
        assert len(slack.cards()) == 4


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "no_text"])
async def test_a_card_that_slack_does_not_take_comes_as_plain_words_and_can_be_worked_on(
    slack: SlackHarness, code: str
) -> None:
    slack.slack.faults.next("chat.postMessage", NotOk(error=code))
    nia, ada, case = await _open_case(slack)
    [card] = slack.cards()
    assert "blocks" not in card or not card["blocks"]
    for words in (f"Case {case.number}", "Replies in this thread reach the customer", "browser"):
        assert words in card["text"]
    await slack.writes(nia, case, "I am here")
    assert await ada.reads_from_agents() == [("Nia", "I am here")]


async def test_an_edit_that_slack_does_not_take_leaves_a_plain_card(slack: SlackHarness) -> None:
    nia, _, case = await _open_case(slack)
    slack.slack.faults.next("chat.update", NotOk(error="invalid_blocks"))
    await slack.claims(nia, case)
    await slack.site.delivered()
    card = slack.message(await slack.place(case))
    assert card["text"].startswith("With Nia")
    assert card["blocks"] == []


async def test_a_transcript_that_slack_does_not_take_becomes_the_way_to_it(
    slack: SlackHarness,
) -> None:
    ada = await slack.site.customer()
    slack.slack.faults.next("chat.postMessage", Fine(), NotOk(error="msg_blocks_too_long"))
    case = await ada.asks_for_a_person()
    await slack.place(case)
    await slack.site.delivered()
    [reply] = await slack.thread(case)
    assert f"/desk/cases/{case.id}|" in reply["text"]


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "no_text"])
async def test_a_line_that_slack_does_not_take_comes_under_our_own_name(
    slack: SlackHarness, code: str
) -> None:
    _, ada, case = await _open_case(slack)
    slack.slack.faults.next("chat.postMessage", NotOk(error=code))
    await ada.says("where is it *now*?")
    await slack.site.delivered()
    line = (await slack.thread(case))[-1]
    assert line["text"] == "*Ada*\n> where is it *now*?"
    await ada.says("and the other one?")
    await slack.site.delivered()
    assert (await slack.thread(case))[-1]["username"] == "Ada"


@pytest.mark.parametrize("code", _FOR_AN_ADMIN)
async def test_what_an_admin_must_mend_is_parked_and_customers_are_served_on(
    slack: SlackHarness, code: str
) -> None:
    slack.slack.faults.next("chat.postMessage", NotOk(error=code))
    ada = await slack.site.customer()
    case = await ada.asks_for_a_person()
    await eventually(lambda: _parked(slack))
    assert code in str(await _outbox_error(slack))
    await ada.says("are you there?")
    assert [message.text for message in await ada.sees()][-1] == "are you there?"
    await _mended(slack)
    nia = await slack.agent("Nia")
    assert "are you there?" in await slack.reads(nia, case)


async def test_a_channel_that_is_archived_in_the_middle_of_a_case_goes_on_once_it_is_back(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _open_case(slack)
    channel = slack.slack.workspace.channels[SUPPORT]
    channel.archived = True
    await ada.says("one")
    await eventually(lambda: _parked(slack))
    channel.archived = False
    await ada.says("two")
    await _mended(slack)
    assert [line for line in await slack.reads(nia, case) if line in ("one", "two")] == [
        "one",
        "two",
    ]


async def test_a_channel_made_private_without_us_goes_on_once_we_are_invited(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _open_case(slack)
    channel = slack.slack.workspace.channels.pop(SUPPORT)
    await ada.says("one")
    await eventually(lambda: _parked(slack))
    assert "invite the app if the channel is private" in str(await _outbox_error(slack))
    slack.slack.workspace.channels[SUPPORT] = channel
    await _mended(slack)
    assert "one" in await slack.reads(nia, case)


async def test_a_channel_that_is_renamed_changes_nothing(slack: SlackHarness) -> None:
    nia, ada, case = await _open_case(slack)
    slack.slack.workspace.channels[SUPPORT].name = "another-name"
    await ada.says("one")
    await slack.writes(nia, case, "two")
    assert "one" in await slack.reads(nia, case)
    assert await ada.reads_from_agents() == [("Nia", "two")]


@pytest.mark.parametrize("thread", [True, False], ids=["its thread stays", "its thread is gone"])
async def test_a_card_that_was_deleted_comes_anew_by_itself(
    slack: SlackHarness, *, thread: bool
) -> None:
    nia, _, case = await _open_case(slack)
    old, channel = await slack.place(case), slack.slack.workspace.channels[SUPPORT]
    if not thread:
        for reply in await slack.thread(case):
            del channel.messages[reply["ts"]]
        del channel.messages[old.ts]["reply_count"]
    slack.slack.workspace.delete(channel, old.ts)
    await slack.worked_off()
    await slack.site.delivered()
    assert await slack.place(case) != old
    assert "before" in await slack.reads(nia, case)
    await slack.claims(nia, case)
    assert (await slack.state(nia, case)).startswith("With Nia")


async def test_a_card_that_was_deleted_comes_anew_with_everything(slack: SlackHarness) -> None:
    nia, ada, case = await _open_case(slack)
    old = await slack.place(case)
    await slack.writes(nia, case, "I am here")
    slack.slack.workspace.delete(slack.slack.workspace.channels[SUPPORT], old.ts)
    await ada.says("thanks")
    await slack.site.delivered()
    new = await slack.place(case)
    assert new != old
    assert (await slack.state(nia, case)).startswith("With Nia")
    read = await slack.reads(nia, case)
    assert [line for line in read if line in ("before", "I am here", "thanks")] == [
        "before",
        "I am here",
        "thanks",
    ]
    await slack.slack.says(nia.handle, "in the old thread", thread_ts=old.ts)
    await slack.worked_off()
    assert await slack.told(nia) == (
        "This case stands in another thread now, and this did not reach the customer: reply there."
    )
    assert f"p{new.ts.replace('.', '')}|" in str(slack.slack.workspace.whispers[-1]["blocks"])
    assert await ada.reads_from_agents() == [("Nia", "I am here")]


async def test_when_the_thread_is_gone_no_customers_word_is_left_in_the_channel(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _open_case(slack)
    old = await slack.place(case)
    channel = slack.slack.workspace.channels[SUPPORT]
    channel.messages.clear()
    await ada.says("my card number is private")
    await slack.site.delivered()
    new = await slack.place(case)
    top = [message["text"] for message in slack.slack.workspace.top(channel)]
    assert new != old
    assert len(top) == 1
    assert "private" not in top[0]
    assert (await slack.reads(nia, case)).count("my card number is private") == 1


@pytest.mark.parametrize(
    ("posting", "deleting"),
    [
        (Fine(), Broken(status=503)),
        (Fine(), RateLimited(retry_after_s=1)),
        (Fine(), Reset()),
        (Reset(accepted=True), Fine()),
        (Broken(status=502, accepted=True), NotOk(error="internal_error")),
        (Fine(), NotOk(error="cant_delete_message")),
    ],
    ids=repr,
)
async def test_a_line_that_fell_into_the_channel_is_taken_back_whatever_breaks(
    tmp_path: Path, posting: Fault, deleting: Fault
) -> None:
    async with slack_harness(tmp_path, timeout_s=1) as slack:
        nia, ada, case = await _open_case(slack)
        channel = slack.slack.workspace.channels[SUPPORT]
        channel.messages.clear()
        slack.slack.faults.next("chat.postMessage", posting)
        slack.slack.faults.next("chat.delete", deleting)
        await ada.says("my card number is private")
        await slack.site.delivered()
        top = [message["text"] for message in slack.slack.workspace.top(channel)]
        assert not [text for text in top if "private" in text]
        assert len(slack.cards()) == len(top)
        assert (await slack.reads(nia, case)).count("my card number is private") == 1


async def test_a_deleted_card_of_a_closed_case_is_left_alone(slack: SlackHarness) -> None:
    nia, ada, case = await _open_case(slack)
    await slack.claims(nia, case)
    await slack.site.delivered()
    place = await slack.place(case)
    slack.slack.workspace.channels[SUPPORT].messages.clear()
    await slack.site.handoffs.leave_queue(ada.conversation_id)
    async with slack.site.store.read() as work:
        staff = await work.accounts.by_slack_user(nia.handle)
    assert staff is not None
    await slack.site.casework.resolve(case.id, staff)
    await slack.site.delivered()
    assert slack.cards() == []
    assert await slack.place(case) == place
    assert not await _parked(slack)


async def test_a_file_that_is_shared_late_is_not_sent_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, late_share_s=2.0) as slack:
        slack.slack.workspace.share_late_s = 0.6
        fault = Reset(accepted=True)
        slack.slack.faults.next("files.completeUploadExternal", fault)
        ada = await slack.site.customer()
        await ada.says(*[f"{number} {'x' * 400}" for number in range(30)])
        case = await ada.asks_for_a_person()
        await slack.place(case)
        await slack.site.delivered()

        async def shared() -> list[object]:
            return [message for message in await slack.thread(case) if message.get("files")]

        await eventually(shared)
        assert len(await shared()) == 1


async def _open_case(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    await ada.says("before")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    return nia, ada, case


async def _parked(slack: SlackHarness) -> int:
    async with slack.site.store.read() as work:
        return await work.outbox.parked()


async def _mended(slack: SlackHarness) -> None:
    """What is parked is tried again, as it is after five minutes."""
    async with slack.site.store.work() as work:
        await work.outbox.retry_parked(slack.site.clock())
    slack.site.live.wake("outbox")

    async def all_there() -> bool:
        return not await _parked(slack)

    await eventually(all_there)
    await slack.site.delivered()


async def _outbox_error(slack: SlackHarness) -> str | None:
    async with slack.site.engine.connect() as connection:
        query = select(OutboxRow.error).where(OutboxRow.parked)
        error: str | None = await connection.scalar(query)
    return error


def _posts(slack: SlackHarness) -> list[float]:
    return [at for method, at in slack.slack.call_times if method == "chat.postMessage"]
