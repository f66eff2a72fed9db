"""What becomes of an agent's reply: its sign, its edits, and what never gets out."""

from pathlib import Path
from typing import Any

import pytest

from conversation.messages import Author
from handoff.case import Case, CaseStatus
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import NotOk
from tests.fake_slack.workspace import SUPPORT


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def _signs(slack: SlackHarness, ts: str, *expected: str) -> None:
    channel = slack.slack.workspace.channels[SUPPORT]

    async def shown() -> bool:
        signs = [reaction["name"] for reaction in channel.messages[ts].get("reactions", ())]
        return signs == list(expected)

    await eventually(shown)


async def _card_says(slack: SlackHarness, case: Case, words: str, *, never: bool = False) -> None:
    place = await slack.place(case)

    async def shown() -> bool:
        return (words in str(slack.message(place)["blocks"])) is not never

    await eventually(shown)


def _change(slack: SlackHarness, ts: str, **changes: Any) -> None:
    slack.slack.workspace.change(slack.slack.workspace.channels[SUPPORT], ts, **changes)


async def test_a_reply_is_ticked_once_the_customers_page_has_it(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "Hello")
    await ada.looks()
    await _signs(slack, ts, "white_check_mark")


async def test_a_reply_to_a_customer_who_is_away_shows_that_it_waits(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, away_after_s=0.05) as slack:
        nia, ada, case = await _claimed(slack)
        ts = await slack.writes(nia, case, "Hello")
        await _signs(slack, ts, "hourglass_flowing_sand")
        await _card_says(slack, case, "*Customer is away*; no e-mail can be sent")
        await ada.looks()
        await _signs(slack, ts, "white_check_mark")
        await _card_says(slack, case, "*Customer is away*", never=True)


async def test_a_reply_that_goes_out_by_e_mail_shows_that_and_when_it_is_taken(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, away_after_s=0.05) as slack:
        nia, ada, case = await _claimed(slack)
        before = await slack.writes(nia, case, "Before there was an address")
        await _signs(slack, before, "hourglass_flowing_sand")
        async with slack.site.store.work() as work:
            await work.conversations.leave_email(ada.conversation_id, "ada@example.com")
        ts = await slack.writes(nia, case, "Hello")
        await _signs(slack, ts, "e-mail", "hourglass_flowing_sand")
        async with slack.site.store.work() as work:
            [mail] = await work.mails.due(slack.site.clock())
            await work.mails.done(mail, slack.site.clock())
        await _signs(slack, ts, "e-mail", "white_check_mark")
        await _signs(slack, before, "hourglass_flowing_sand")
        await ada.looks()
        await _signs(slack, before, "white_check_mark")


async def test_a_reply_that_no_e_mail_brought_waits_for_the_page(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, away_after_s=0.05) as slack:
        nia, ada, case = await _claimed(slack)
        async with slack.site.store.work() as work:
            await work.conversations.leave_email(ada.conversation_id, "ada@example.com")
        ts = await slack.writes(nia, case, "Hello")
        await _signs(slack, ts, "e-mail", "hourglass_flowing_sand")
        async with slack.site.store.work() as work:
            [mail] = await work.mails.due(slack.site.clock())
            await work.mails.done(mail, slack.site.clock(), "No such mailbox")
        await _signs(slack, ts, "hourglass_flowing_sand")
        await ada.looks()
        await _signs(slack, ts, "white_check_mark")


async def test_signs_come_also_after_a_bad_moment_of_slacks(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    slack.slack.faults.next("reactions.add", NotOk(error="already_reacted"))
    first = await slack.writes(nia, case, "Hello")
    await ada.looks()
    second = await slack.writes(nia, case, "Hello again")
    await ada.looks()
    await _signs(slack, second, "white_check_mark")
    await _signs(slack, first)


async def test_a_reply_after_the_end_is_marked_and_goes_out_once_its_author_reopens_the_case(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.resolves(nia, case)
    ts = await slack.writes(nia, case, "One more thing")
    await _signs(slack, ts, "x")
    assert "resolved; nothing was sent" in await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    await slack.site.delivered()
    for _ in range(2):
        await slack.slack.hands.presses_in_whisper(nia.handle, "Reopen and send", whisper)
        await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.CLAIMED
    assert await ada.reads_from_agents() == [("Nia", "One more thing")]
    await ada.looks()
    await _signs(slack, ts, "white_check_mark")


async def test_a_reply_that_broke_on_our_side_is_marked_and_can_be_tried_again(
    slack: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    nia, ada, case = await _claimed(slack)

    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(slack.site.casework, "reply", breaks)
        ts = await slack.writes(nia, case, "Hello")
        assert "did not reach the customer" in await slack.told(nia)
        await _signs(slack, ts, "x")
    whisper = slack.slack.workspace.whispers[-1]
    await slack.slack.hands.presses_in_whisper(nia.handle, "Try again", whisper)
    await slack.worked_off()
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]
    await _signs(slack, ts)


async def test_where_the_customer_has_another_case_by_now_its_author_is_told_so(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.hands_back(nia, case)
    await slack.writes(nia, case, "One more thing")
    await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    other = await ada.asks_for_a_person()
    await slack.slack.hands.presses_in_whisper(nia.handle, "Reopen and send", whisper)
    await slack.worked_off()
    told = f"Case {other.number} of the same customer is open: go on there."

    async def said() -> bool:
        return slack.whispers(nia)[-1] == told

    await eventually(said)
    assert await ada.reads_from_agents() == []


async def test_nobody_sends_what_somebody_else_wrote(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    await slack.resolves(nia, case)
    await slack.writes(nia, case, "One more thing")
    await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    await slack.site.delivered()
    await slack.presses(nia, case, "Reopen")
    await slack.slack.hands.presses_in_whisper(omar.handle, "Reopen and send", whisper)
    await slack.worked_off()
    assert await ada.reads_from_agents() == []


async def test_a_helpers_reply_is_sent_and_marked(slack: SlackHarness) -> None:
    _, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    ts = await slack.writes(omar, case, "I know this one")
    assert await ada.reads_from_agents() == [("Omar", "I know this one")]
    assert (await ada.case()).agent == "Nia"
    await _signs(slack, ts, "busts_in_silhouette")


async def test_an_edit_reaches_the_customer_marked(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "On Tusday")
    _change(slack, ts, text="On Tuesday &amp; not before")
    await slack.worked_off()
    [said] = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert said.text == "On Tuesday & not before"
    assert said.edited_at is not None


async def test_a_deletion_takes_the_reply_away(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "For somebody else")
    slack.slack.workspace.delete(slack.slack.workspace.channels[SUPPORT], ts)
    await slack.worked_off()
    [said] = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert (said.text, said.deleted_at is not None) == ("", True)


async def test_unfolded_links_are_no_edit(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "See https://example.com")
    _change(slack, ts, attachments=[{"title": "Example"}])
    await slack.worked_off()
    [said] = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert said.edited_at is None


@pytest.mark.parametrize("keyed", [True, False], ids=["with its key", "without its key"])
async def test_an_edit_that_comes_before_its_reply_is_not_lost(
    slack: SlackHarness, keyed: bool
) -> None:
    nia, ada, case = await _claimed(slack)
    reply, edit = await _reply_and_edit(slack, nia, case, keyed=keyed)
    await slack.slack.send(edit)
    await slack.slack.send(reply)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "after")]


@pytest.mark.parametrize("keyed", [True, False], ids=["with its key", "without its key"])
async def test_a_reply_deleted_before_it_came_is_never_sent(
    slack: SlackHarness, keyed: bool
) -> None:
    nia, ada, case = await _claimed(slack)
    reply, edit = await _reply_and_edit(slack, nia, case, keyed=keyed)
    before = edit["previous_message"]
    deletion = {**edit, "subtype": "message_deleted", "deleted_ts": reply["ts"]}
    del deletion["message"]
    await slack.slack.send({**deletion, "previous_message": before})
    await slack.worked_off()
    await slack.slack.send(reply)
    await slack.worked_off()
    assert await ada.reads_from_agents() == []
    assert "before it was sent" in await slack.told(nia)


async def test_a_deletion_of_which_slack_says_only_the_place_takes_all_of_it_away(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "For somebody else")
    await slack.writes(nia, case, "For you")
    await slack.slack.send(await _deleted_at(slack, case, ts))
    await slack.worked_off()
    said = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert [(m.text, m.deleted_at is not None) for m in said] == [("", True), ("For you", False)]


async def test_a_reply_whose_place_was_deleted_before_it_came_is_never_sent(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    reply, _ = await _reply_and_edit(slack, nia, case, keyed=True)
    await slack.slack.send(await _deleted_at(slack, case, reply["ts"]))
    await slack.worked_off()
    await slack.slack.send(reply)
    await slack.worked_off()
    assert await ada.reads_from_agents() == []


async def test_a_deletion_waits_for_a_reply_that_is_being_worked_off(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, settle_s=1.0) as slack:
        nia, ada, case = await _claimed(slack)
        reply, _ = await _reply_and_edit(slack, nia, case, keyed=True)
        await slack.slack.send(reply)
        await slack.slack.send(await _deleted_at(slack, case, reply["ts"]))
        await slack.worked_off()
        [said] = [m for m in await ada.sees() if m.author is Author.AGENT]
        assert said.deleted_at is not None


async def _deleted_at(slack: SlackHarness, case: Case, ts: str) -> dict[str, Any]:
    channel = (await slack.place(case)).channel
    deletion = {"type": "message", "subtype": "message_deleted", "hidden": True}
    return {**deletion, "channel": channel, "deleted_ts": ts, "ts": "1800000010.000100"}


async def test_a_note_edited_into_a_reply_is_not_sent_and_the_author_is_told(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, ";; he is right")
    _change(slack, ts, text="he is right")
    await slack.worked_off()
    assert await ada.reads_from_agents() == []
    assert "private note and stays one" in await slack.told(nia)


async def test_a_note_edited_into_a_reply_before_the_note_came_is_not_sent(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    note, edit = await _reply_and_edit(slack, nia, case, keyed=True, before=";; he is right")
    await slack.slack.send(edit)
    await slack.slack.send(note)
    await slack.worked_off()
    assert await ada.reads_from_agents() == []
    assert "private note and stays one" in await slack.told(nia)


async def test_a_note_edited_into_another_is_kept_as_it_is_now(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, ";; he is right")
    _change(slack, ts, text=";; he is wrong")
    await slack.worked_off()
    async with slack.site.store.read() as work:
        notes = [note.text for note in await work.cases.notes(case.id)]
    assert notes == ["he is right", "he is wrong"]
    assert await ada.reads_from_agents() == []


async def test_a_reply_edited_into_a_note_before_it_came_is_a_note(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    reply, edit = await _reply_and_edit(slack, nia, case, keyed=True, after=";; after")
    await slack.slack.send(edit)
    await slack.slack.send(reply)
    await slack.worked_off()
    assert await ada.reads_from_agents() == []
    async with slack.site.store.read() as work:
        assert [note.text for note in await work.cases.notes(case.id)] == ["after"]


async def test_nobody_changes_what_a_colleague_wrote(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    reply, edit = await _reply_and_edit(slack, nia, case, keyed=True)
    await slack.slack.send(reply)
    for nested in ("message", "previous_message"):
        edit[nested]["user"] = omar.handle
    await slack.slack.send(edit)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "before")]
    assert "Only Nia can change this reply" in await slack.told(omar)


async def _reply_and_edit(
    slack: SlackHarness,
    who: Person,
    case: Case,
    *,
    keyed: bool,
    before: str = "before",
    after: str = "after",
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The events of a reply and of its edit. Args: keyed: the edit names `client_msg_id`."""
    place = await slack.place(case)
    said = {"type": "message", "user": who.handle, "ts": "1800000000.000100", "text": before}
    said |= {"thread_ts": place.ts, "client_msg_id": "one"}
    known = said if keyed else {name: v for name, v in said.items() if name != "client_msg_id"}
    edit = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": place.channel,
        "ts": "1800000009.000100",
        "message": {**known, "text": after, "edited": {"user": who.handle, "ts": "1800000008.0"}},
        "previous_message": dict(known),
    }
    return {**said, "channel": place.channel}, edit
