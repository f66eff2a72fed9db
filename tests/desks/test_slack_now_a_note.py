"""A reply that its author edits into a private note, where the customer has it already."""

from typing import Any

from conversation.messages import Author
from handoff.case import Case
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack.workspace import SUPPORT

_OFFER = "Take it off the customer's page"


async def _edited_into_a_note(slack: SlackHarness) -> tuple[Person, Customers, Case, str]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    ts = await slack.writes(nia, case, "he is right")
    await ada.looks()
    await _signs(slack, ts, "white_check_mark")
    await _edits(slack, ts, ";; he is right")
    return nia, ada, case, ts


async def test_it_is_not_a_note_and_shows_that_the_customer_has_something_else(
    slack: SlackHarness,
) -> None:
    nia, ada, case, ts = await _edited_into_a_note(slack)
    assert await ada.reads_from_agents() == [("Nia", "he is right")]
    assert "cannot become a private note" in await slack.told(nia)
    await _signs(slack, ts, "warning")
    assert await _notes(slack, case) == []


async def test_its_author_takes_it_off_the_customers_page(slack: SlackHarness) -> None:
    nia, ada, case, ts = await _edited_into_a_note(slack)
    await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    for _ in range(2):
        await slack.slack.hands.presses_in_whisper(nia.handle, _OFFER, whisper)
        await slack.worked_off()
    await _signs(slack, ts, "lock")
    [said] = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert (said.text, said.deleted_at is not None) == ("", True)
    assert await _notes(slack, case) == ["he is right"]


async def test_made_a_reply_again_it_reaches_the_customer_and_is_ticked(
    slack: SlackHarness,
) -> None:
    nia, ada, _, ts = await _edited_into_a_note(slack)
    await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    await _edits(slack, ts, "he is right, I think")
    assert await ada.reads_from_agents() == [("Nia", "he is right, I think")]
    await _signs(slack, ts, "white_check_mark")
    await slack.slack.hands.presses_in_whisper(nia.handle, _OFFER, whisper)
    await slack.worked_off()

    async def told() -> bool:
        return "nothing was done" in slack.whispers(nia)[-1]

    await eventually(told)
    assert await ada.reads_from_agents() == [("Nia", "he is right, I think")]


async def test_nobody_takes_off_what_somebody_else_wrote(slack: SlackHarness) -> None:
    nia, ada, _, _ = await _edited_into_a_note(slack)
    omar = await slack.agent("Omar")
    await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    await slack.slack.hands.presses_in_whisper(omar.handle, _OFFER, whisper)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "he is right")]


async def _edits(slack: SlackHarness, ts: str, text: str) -> None:
    slack.slack.workspace.change(slack.slack.workspace.channels[SUPPORT], ts, text=text)
    await slack.worked_off()


async def _notes(slack: SlackHarness, case: Case) -> list[str]:
    async with slack.site.store.read() as work:
        return [note.text for note in await work.cases.notes(case.id)]


async def _signs(slack: SlackHarness, ts: str, *expected: str) -> None:
    async def shown() -> Any:
        message = slack.slack.workspace.channels[SUPPORT].messages[ts]
        return [one["name"] for one in message.get("reactions", ())] == list(expected)

    await eventually(shown)
