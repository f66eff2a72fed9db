"""What customers send stands in the thread as a file, and nowhere where it does not belong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation.files import PATH, File
from conversation.messages import Author, Draft, Link
from handoff.case import Case
from handoff.delivery.relaying import relay
from tests.desks.harness import Person
from tests.desks.site import Customers
from tests.desks.slack_harness import SlackHarness, manifest_scopes, slack_harness
from tests.fake_slack import Broken, NotOk, Reset

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 3000
COMPLETE = "files.completeUploadExternal"


@pytest.fixture
async def linked(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """An app that may share no files."""
    scopes = manifest_scopes() - {"files:write"}
    async with slack_harness(tmp_path, scopes=scopes) as opened:
        yield opened


async def _case(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    return nia, ada, case


async def _keeps(slack: SlackHarness, ada: Customers, name: str = "tent.png") -> File:
    async with slack.site.store.work() as work:
        now = slack.site.clock()
        return await work.files.put(ada.conversation_id, name, "image/png", PNG, now)


async def _sends(slack: SlackHarness, ada: Customers, file: File) -> None:
    """As the website does."""
    now = slack.site.clock()
    async with slack.site.store.work() as work:
        link = Link(file.title, f"{PATH}{file.id}")
        draft = Draft(Author.CUSTOMER, "A file:", buttons=(link,))
        await relay(work, await work.conversations.append(ada.conversation_id, draft, now), now)


async def _shared(slack: SlackHarness, case: Case) -> list[tuple[str, bytes]]:
    """Title and content of the files in the thread."""
    files = [file for message in await slack.thread(case) for file in message.get("files", ())]
    kept = slack.slack.workspace.files
    return [(str(file["title"]), kept[file["id"]]["content"]) for file in files]


async def test_a_customers_file_stands_in_the_thread_behind_its_line(slack: SlackHarness) -> None:
    nia, ada, case = await _case(slack)
    for _ in range(2):
        await _sends(slack, ada, await _keeps(slack, ada))
    await ada.says("do you see it?")
    read = await slack.reads(nia, case)
    assert await _shared(slack, case) == [("tent.png", PNG)] * 2
    assert any(line.startswith("tent.png, 3 kB: http") for line in read), "the link is there too"
    assert "do you see it?" in read


async def test_without_the_scope_the_link_leads_to_it(linked: SlackHarness) -> None:
    nia, ada, case = await _case(linked)
    await _sends(linked, ada, await _keeps(linked, ada))
    read = await linked.reads(nia, case)
    assert any(line.startswith("tent.png, 3 kB: http") for line in read)
    assert await _shared(linked, case) == []
    assert "files.getUploadURLExternal" not in [method for method, _ in linked.slack.calls]


@pytest.mark.parametrize("fault", [Reset(accepted=True), Reset(accepted=False), Broken(status=503)])
async def test_a_file_whose_upload_was_cut_stands_there_once(
    slack: SlackHarness, fault: Reset | Broken
) -> None:
    nia, ada, case = await _case(slack)
    slack.slack.faults.next(COMPLETE, fault)
    await _sends(slack, ada, await _keeps(slack, ada))
    await ada.says("do you see it?")
    assert "do you see it?" in await slack.reads(nia, case)
    assert await _shared(slack, case) == [("tent.png", PNG)]


async def test_a_file_that_slack_does_not_take_holds_up_nothing(slack: SlackHarness) -> None:
    nia, ada, case = await _case(slack)
    slack.slack.faults.next(COMPLETE, NotOk(error="posting_to_channel_denied"))
    await _sends(slack, ada, await _keeps(slack, ada))
    await ada.says("do you see it?")
    assert "do you see it?" in await slack.reads(nia, case)
    assert await _shared(slack, case) == []


async def test_a_link_to_another_customers_file_shares_nothing(slack: SlackHarness) -> None:
    nia, ada, case = await _case(slack)
    bea = await slack.site.customer("Bea")
    await _sends(slack, ada, await _keeps(slack, bea, "secret.png"))
    await slack.reads(nia, case)
    assert await _shared(slack, case) == []
