"""Slack's answers that say less than they should, or no: a case goes on all the same."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from handoff.case import Case
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.web_api.api import SlackApi
from store.tables import CaseRow, InboxRow
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, manifest_scopes, slack_harness
from tests.fake_slack import Broken, FakeSlack, NotOk, Reset, Terse
from tests.fake_slack.faults import Fault
from tests.fake_slack.server import SECRET, TOKEN
from tests.fake_slack.workspace import APP, SUPPORT


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


@pytest.mark.parametrize("may", [True, False], ids=["may use names", "may not"])
async def test_where_slack_tells_no_scopes_a_line_keeps_its_name(tmp_path: Path, may: bool) -> None:
    scopes = manifest_scopes() - (frozenset() if may else {"chat:write.customize"})
    async with slack_harness(tmp_path, server=_Discreet, scopes=scopes) as slack:
        _, ada, case = await _open_case(slack)
        for words in ("one", "two"):
            await ada.says(words)
            await slack.site.delivered()
        lines = (await slack.thread(case))[-2:]
        shown = [(line.get("username"), line["text"]) for line in lines]
        unnamed = [(None, "*Ada*\n> one"), (None, "*Ada*\n> two")]
        assert shown == ([("Ada", "one"), ("Ada", "two")] if may else unnamed)
        tried = [args for _, args in slack.slack.calls if args.get("username")]
        assert len(tried) == (2 if may else 1)


async def test_a_reply_waits_for_its_case_also_where_its_event_names_no_parent(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _open_case(slack)
    await slack.claims(nia, case)
    await slack.site.delivered()
    place = await slack.place(case)
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=None))
    said = {"type": "message", "user": nia.handle, "text": "Hello", "ts": "1800000000.000100"}
    await slack.slack.send({**said, "channel": place.channel, "thread_ts": place.ts})

    async def tried() -> bool:
        async with slack.site.engine.connect() as connection:
            return bool(await connection.scalar(select(InboxRow.id).where(InboxRow.attempts > 1)))

    await eventually(tried)
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=place.ref))
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_what_people_say_among_themselves_is_no_reply_that_waits(slack: SlackHarness) -> None:
    nia, _, _ = await _open_case(slack)
    ts = await slack.slack.says(nia.handle, "lunch?")
    assert "No customer sees this" in await slack.told(nia)
    told = slack.whispers(nia)
    said = {"type": "message", "user": nia.handle, "text": "yes", "ts": "1800000000.000100"}
    await slack.slack.send({**said, "channel": SUPPORT, "thread_ts": ts})
    await slack.worked_off()
    assert slack.whispers(nia) == told


async def test_the_apps_id_is_asked_anew_where_slack_only_failed_in_passing() -> None:
    async with FakeSlack() as fake:
        url = fake.api_url
        api = SlackApi(
            SlackSettings(bot_token=TOKEN, signing_secret=SECRET, channel=SUPPORT, api_url=url)
        )
        fake.faults.next("bots.info", Broken(status=503))
        assert [(await api.identity()).app_id for _ in range(2)] == ["", APP]
        asked = len(fake.calls)
        assert (await api.identity()).app_id == APP
        assert len(fake.calls) == asked


class _Discreet(FakeSlack):
    """Slack behind a proxy that leaves out what it says of scopes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tells_scopes = False


async def _open_case(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    return nia, ada, case
