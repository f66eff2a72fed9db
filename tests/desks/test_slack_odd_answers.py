"""Slack's answers that say less than they should, or no: a case goes on all the same."""

import pytest

from handoff.case import Case
from tests.desks.harness import Person
from tests.desks.site import Customers
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack import Broken, NotOk, Reset, Terse
from tests.fake_slack.faults import Fault
from tests.fake_slack.workspace import SUPPORT


@pytest.mark.parametrize("left_out", ["message", "thread_ts"])
async def test_an_answer_that_does_not_name_the_thread_is_no_lost_thread(
    slack: SlackHarness, left_out: str
) -> None:
    nia, ada, case = await _open_case(slack)
    place = await slack.place(case)
    slack.slack.faults.next("chat.postMessage", Terse(left_out=left_out))
    await ada.says("one")
    assert (await slack.reads(nia, case)).count("one") == 1
    assert await slack.place(case) == place
    assert "chat.delete" not in [method for method, _ in slack.slack.calls]


async def test_without_its_thread_a_post_is_taken_back_also_where_slack_does_not_name_one(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _open_case(slack)
    old = await slack.place(case)
    channel = slack.slack.workspace.channels[SUPPORT]
    channel.messages.clear()
    slack.slack.faults.next("chat.postMessage", Terse())
    await ada.says("this is private")
    await slack.site.delivered()
    assert await slack.place(case) != old
    assert ["private" in one["text"] for one in slack.slack.workspace.top(channel)] == [False]
    assert (await slack.reads(nia, case)).count("this is private") == 1


@pytest.mark.parametrize("method", ["getUploadURLExternal", "completeUploadExternal"])
@pytest.mark.parametrize(
    "faults",
    [
        [NotOk(error="storage_limit_reached")],
        [NotOk(error="file_uploads_disabled")],
        [NotOk(error="unknown_method")],
        [Reset()] * 9,
        [Broken(status=503)] * 9,
    ],
    ids=repr,
)
async def test_a_file_that_cannot_be_shared_holds_up_no_case(
    slack: SlackHarness, method: str, faults: list[Fault]
) -> None:
    slack.slack.faults.next(f"files.{method}", *faults)
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    await ada.says(*["x" * 400] * 30)
    case = await ada.asks_for_a_person()
    await ada.says("after")
    assert "after" in await slack.reads(nia, case)
    assert f"/desk/cases/{case.id}|" in (await slack.thread(case))[1]["text"]
    assert len(slack.cards()) == 1


async def test_a_file_that_fails_once_is_shared_by_the_next_try(slack: SlackHarness) -> None:
    slack.slack.faults.next("files.getUploadURLExternal", Broken(status=503))
    ada = await slack.site.customer()
    await ada.says(*["x" * 400] * 30)
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    assert [bool(reply.get("files")) for reply in await slack.thread(case)] == [False, True]


async def _open_case(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    return nia, ada, case
