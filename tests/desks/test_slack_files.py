"""Files that agents attach in a thread reach the customer; notes' files and strangers' never do."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from conversation.messages import Author, Message
from handoff.case import Case
from handoff.delivery.retention import Retention
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import Broken
from tests.fake_slack.server import ALL_SCOPES
from tests.fake_slack.workspace import SUPPORT

PDF = b"%PDF-1.7 a label"


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    async with slack_harness(tmp_path, scopes=ALL_SCOPES) as opened:
        yield opened


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def _answers(ada: Customers) -> list[Message]:
    return [message for message in await ada.sees() if message.author is Author.AGENT]


async def _told(slack: SlackHarness, nia: Person, words: str) -> None:
    async def told() -> bool:
        return words in await slack.told(nia)

    await eventually(told)


async def _signs(slack: SlackHarness, ts: str, *expected: str) -> None:
    async def shown() -> bool:
        message = slack.slack.workspace.channels[SUPPORT].messages[ts]
        return [one["name"] for one in message.get("reactions", ())] == list(expected)

    await eventually(shown)


async def test_a_reply_that_is_only_a_file_reaches_the_customer_once(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    file = slack.slack.keeps("label.pdf", PDF)
    await slack.writes(nia, case, "", times=2, files=[file], subtype="file_share")
    [message] = await _answers(ada)
    [link] = message.links
    assert (message.name, link.title) == ("Nia", "label.pdf, 1 kB")
    async with slack.site.store.read() as work:
        found = await work.files.get(link.url.rpartition("/")[2])
    assert found is not None
    assert found[1] == PDF


async def test_a_text_with_files_reaches_the_customer_as_both(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps("one.pdf", PDF), slack.slack.keeps("two.txt", b"Hello")]
    await slack.writes(nia, case, "The label", files=files, subtype="file_share")
    texts = [message.text for message in await _answers(ada)]
    assert texts == [
        "The label",
        "A file in the chat: one.pdf, 1 kB",
        "A file in the chat: two.txt, 1 kB",
    ]


async def test_the_file_of_a_private_note_stays_here(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    file = slack.slack.keeps("secret.pdf", PDF)
    await slack.writes(nia, case, ";; look at this", files=[file], subtype="file_share")
    assert await _answers(ada) == []


async def test_a_file_that_is_not_slacks_own_is_never_asked_for(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    file = {**slack.slack.keeps("label.pdf", PDF), "url_private": "http://127.0.0.1:9/label.pdf"}
    ts = await slack.writes(nia, case, "", files=[file], subtype="file_share")
    await _signs(slack, ts, "x")
    await _told(
        slack,
        nia,
        "label.pdf was not sent: the file is not stored in Slack, so Heard cannot fetch it.",
    )
    assert await _answers(ada) == []


async def test_a_program_is_not_sent_and_the_agent_is_told(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    file = slack.slack.keeps("label.pdf", b"MZ\x90\x00\x03\x00")
    ts = await slack.writes(nia, case, "The label", files=[file], subtype="file_share")
    await ada.looks()
    await _signs(slack, ts, "warning")  # a tick would say that the customer has the file
    await _told(slack, nia, "label.pdf was not sent: only PNG, JPEG")
    assert [message.text for message in await _answers(ada)] == ["The label"]


async def test_without_the_scope_the_text_is_sent_and_the_agent_is_told(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, scopes=ALL_SCOPES - {"files:read"}) as slack:
        nia, ada, case = await _claimed(slack)
        file = slack.slack.keeps("label.pdf", PDF)
        await slack.writes(nia, case, "The label", files=[file], subtype="file_share")
        await _told(slack, nia, "needs the scope files:read")
        assert [message.text for message in await _answers(ada)] == ["The label"]


async def test_a_file_of_a_deleted_message_is_taken_from_the_customers_page(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    file = slack.slack.keeps("label.pdf", PDF)
    await slack.writes(nia, case, "", files=[file], subtype="file_share")
    [message] = await _answers(ada)
    assert message.client_id is not None
    key = message.client_id.removeprefix("slack:")
    async with slack.site.store.read() as work:
        staff = await work.accounts.by_id(message.staff_id or "")
    assert staff is not None
    await slack.site.casework.delete_reply(case.id, staff, key, "slack")
    [gone] = await _answers(ada)
    assert (gone.text, gone.links) == ("", ())


async def test_a_deleted_message_takes_its_text_and_its_files_away(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(2)]
    ts = await slack.writes(nia, case, "Your labels", files=files, subtype="file_share")
    assert len(await _answers(ada)) == 3
    workspace = slack.slack.workspace
    workspace.delete(workspace.channels[SUPPORT], ts)
    await slack.worked_off()
    assert [(one.text, one.links) for one in await _answers(ada)] == [("", ())] * 3


async def test_a_file_that_was_deleted_before_it_came_is_never_sent(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    place, workspace = await slack.place(case), slack.slack.workspace
    workspace.silent = True
    file = slack.slack.keeps("label.pdf", PDF)
    ts = await slack.slack.says(
        nia.handle, "", thread_ts=place.ts, files=[file], subtype="file_share"
    )
    channel = workspace.channels[SUPPORT]
    before = {**channel.messages[ts], "channel": SUPPORT, "event_ts": ts}
    workspace.silent = False
    workspace.delete(channel, ts)
    await slack.worked_off()
    await slack.slack.send(before)
    await slack.worked_off()
    assert await _answers(ada) == []


async def test_a_file_deleted_from_a_message_is_taken_away_and_the_rest_stays(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(2)]
    ts = await slack.writes(nia, case, "Your labels", files=files, subtype="file_share")
    deleted = {"id": files[0]["id"], "mode": "tombstone"}
    channel = slack.slack.workspace.channels[SUPPORT]
    slack.slack.workspace.change(channel, ts, files=[deleted, files[1]])
    await slack.worked_off()
    texts = [(message.text, len(message.links)) for message in await _answers(ada)]
    assert texts == [("Your labels", 0), ("", 0), ("A file in the chat: label-1.pdf, 1 kB", 1)]


async def test_a_file_deleted_before_it_came_holds_up_no_other(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(3)]
    place, workspace = await slack.place(case), slack.slack.workspace
    workspace.silent = True
    written = {"thread_ts": place.ts, "files": files, "subtype": "file_share"}
    ts = await slack.slack.says(nia.handle, "", **written)
    before = {**workspace.channels[SUPPORT].messages[ts], "channel": SUPPORT, "event_ts": ts}
    workspace.silent = False
    deleted = {"id": files[0]["id"], "mode": "tombstone"}
    workspace.change(workspace.channels[SUPPORT], ts, files=[deleted, *files[1:]])
    await slack.worked_off()
    await slack.slack.send(before)
    await slack.worked_off()
    assert await _titles(ada) == ["label-1.pdf, 1 kB", "label-2.pdf, 1 kB"]
    assert slack.whispers(nia) == [], "they took it back themselves"
    await ada.looks()
    await _signs(slack, ts, "white_check_mark")


async def test_of_several_files_the_one_that_slack_has_no_more_is_named(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(3)]
    del slack.slack.workspace.files[files[1]["id"]]
    ts = await slack.writes(nia, case, "", files=files, subtype="file_share")
    assert await _titles(ada) == ["label-0.pdf, 1 kB", "label-2.pdf, 1 kB"]
    await _signs(slack, ts, "warning")
    await _told(slack, nia, "label-1.pdf was not sent: it is not in Slack any more.")
    assert len(slack.whispers(nia)) == 1


async def test_a_file_that_slack_cannot_give_just_now_holds_up_no_other_and_comes_later(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(2)]
    program = slack.slack.keeps("tool.exe", b"MZ\x90\x00\x03\x00")
    slack.slack.faults.next("file label-0.pdf", *[Broken(503)] * 2)
    await slack.writes(nia, case, "", files=[files[0], program, files[1]], subtype="file_share")
    assert sorted(await _titles(ada)) == ["label-0.pdf, 1 kB", "label-1.pdf, 1 kB"]
    await _told(slack, nia, "tool.exe was not sent: only PNG, JPEG")
    assert len(slack.whispers(nia)) == 1, "it is said once, however often it was tried"


async def test_a_file_that_slack_never_gives_is_named_and_can_be_sent_again(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    files = [slack.slack.keeps(f"label-{n}.pdf", PDF) for n in range(2)]
    slack.slack.faults.next("file label-0.pdf", *[Broken(503)] * 5)
    ts = await slack.writes(nia, case, "Your labels", files=files, subtype="file_share")
    assert await _titles(ada) == ["label-1.pdf, 1 kB"]
    await _signs(slack, ts, "warning")
    await _told(slack, nia, "The customer has this without label-0.pdf")
    whisper = slack.slack.workspace.whispers[-1]
    await slack.slack.hands.presses_in_whisper(nia.handle, "Try again", whisper)
    await slack.worked_off()
    assert await _titles(ada) == ["label-1.pdf, 1 kB", "label-0.pdf, 1 kB"]
    await ada.looks()
    await _signs(slack, ts, "white_check_mark")


async def _titles(ada: Customers) -> list[str]:
    """The files that the customer has."""
    return [link.title for message in await _answers(ada) for link in message.links]


async def test_who_tries_again_when_it_is_kept_no_more_is_told(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    file = slack.slack.keeps("label.pdf", PDF)
    slack.slack.faults.next("file label.pdf", *[Broken(503)] * 5)
    await slack.writes(nia, case, "Your label", files=[file], subtype="file_share")
    await _told(slack, nia, "The customer has this without label.pdf")
    whisper = slack.slack.workspace.whispers[-1]
    site = slack.site
    await Retention(site.store, lambda: site.clock() + timedelta(days=8), timedelta(days=7)).empty()
    await slack.slack.hands.presses_in_whisper(nia.handle, "Try again", whisper)
    await _told(slack, nia, "Heard no longer has what you wrote")
    assert await _titles(ada) == []
