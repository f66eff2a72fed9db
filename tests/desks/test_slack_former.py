"""Where a case stood before: what was written there counts, and nothing new goes out there."""

from typing import Any

from conversation.messages import Author, Message
from handoff.case import Case
from handoff.delivery.boxes import Delivery
from handoff.delivery.outbox import OUTBOX_TOPIC
from handoff.desks.slack.shown.place import Place
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack.workspace import SUPPORT


async def test_an_edit_where_the_case_stood_reaches_the_customer(slack: SlackHarness) -> None:
    nia, ada, _, ts, _ = await _moved(slack)
    _change(slack, ts, text="On Tuesday")
    await slack.worked_off()
    said = await _said(ada)
    assert (said.text, said.edited_at is not None) == ("On Tuesday", True)
    assert slack.whispers(nia) == []


async def test_a_deletion_where_the_case_stood_takes_the_reply_away(slack: SlackHarness) -> None:
    nia, ada, _, ts, _ = await _moved(slack)
    slack.slack.workspace.delete(slack.slack.workspace.channels[SUPPORT], ts)
    await slack.worked_off()
    assert (await _said(ada)).deleted_at is not None
    assert slack.whispers(nia) == []


async def test_an_edit_of_what_was_not_sent_is_not_sent_either_and_says_so(
    slack: SlackHarness,
) -> None:
    nia, ada, _, _, old = await _moved(slack)
    ts = await slack.slack.says(nia.handle, "are you there?", thread_ts=old.ts)
    await slack.worked_off()
    told = len(await _whispers(slack, nia, 1))
    _change(slack, ts, text="are you there, Ada?")
    await slack.worked_off()
    assert "stands in another thread now" in (await _whispers(slack, nia, told + 1))[-1]
    assert [text for _, text in await ada.reads_from_agents()] == ["On Tusday"]


async def test_a_note_where_the_case_stood_is_kept_and_shown_where_it_stands(
    slack: SlackHarness,
) -> None:
    nia, ada, case, _, old = await _moved(slack)
    before = await ada.sees()
    await slack.slack.says(nia.handle, ";; be generous", thread_ts=old.ts)
    await slack.worked_off()
    assert "Private note by Nia: be generous" in await slack.reads(nia, case)
    assert await _notes(slack, case) == ["third time this month", "be generous"]
    assert await ada.sees() == before
    assert slack.whispers(nia) == []


async def test_a_case_that_comes_anew_brings_its_private_notes(slack: SlackHarness) -> None:
    _, ada, case, _, _ = await _moved(slack)
    texts = [str(message) for message in await slack.thread(case)]
    [notes] = [text for text in texts if "third time this month" in text]
    assert "never shown to the customer" in notes
    assert not any("third time" in message.text for message in await ada.sees())


async def test_a_reply_made_a_note_where_the_case_stood_stays_a_reply(slack: SlackHarness) -> None:
    nia, ada, _, ts, _ = await _moved(slack)
    _change(slack, ts, text=";; On Tusday")
    await slack.worked_off()
    assert "cannot become a private note" in await slack.told(nia)
    assert (await _said(ada)).text == "On Tusday"


async def test_a_note_made_a_reply_where_the_case_stood_stays_a_note(slack: SlackHarness) -> None:
    nia, ada, _, _, old = await _moved(slack)
    channel = slack.slack.workspace.channels[SUPPORT]
    [note] = [m for m in slack.slack.workspace.thread(channel, old.ts) if ";;" in m["text"]]
    _change(slack, note["ts"], text="third time this month")
    await slack.worked_off()
    assert "private note and stays one" in await slack.told(nia)
    assert [text for _, text in await ada.reads_from_agents()] == ["On Tusday"]


async def _moved(slack: SlackHarness) -> tuple[Person, Customers, Case, str, Place]:
    """A case with a reply and a note whose card was deleted, so that it stands in a new place.

    Returns: the agent, the customer, the case, the reply's ts, and where the case stood.
    """
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    old = await slack.place(case)
    ts = await slack.writes(nia, case, "On Tusday")
    await slack.writes(nia, case, ";; third time this month")
    slack.slack.workspace.delete(slack.slack.workspace.channels[SUPPORT], old.ts)
    async with slack.site.store.work() as work:
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, slack.site.clock())
    slack.site.live.wake(OUTBOX_TOPIC)
    await slack.site.delivered()
    assert await slack.place(case) != old
    return nia, ada, case, ts, old


def _change(slack: SlackHarness, ts: str, **changes: Any) -> None:
    slack.slack.workspace.change(slack.slack.workspace.channels[SUPPORT], ts, **changes)


async def _said(ada: Customers) -> Message:
    [said] = [message for message in await ada.sees() if message.author is Author.AGENT]
    return said


async def _notes(slack: SlackHarness, case: Case) -> list[str]:
    async with slack.site.store.read() as work:
        return [note.text for note in await work.cases.notes(case.id)]


async def _whispers(slack: SlackHarness, who: Person, least: int) -> list[str]:
    async def told() -> list[str]:
        whispers = slack.whispers(who)
        return whispers if len(whispers) >= least else []

    return await eventually(told)
