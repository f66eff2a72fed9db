"""What people do in Slack: what becomes of it, and what never reaches a customer."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from handoff.case import Case
from store.tables import CaseRow, InboxRow
from tests.desks.harness import Person
from tests.desks.site import Customers, end, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import NotOk, Silence
from tests.fake_slack.sender import event_request
from tests.fake_slack.workspace import BOT, BOT_USER, RANDOM
from tests.patience import PATIENT_S

_NO_REPLIES: list[dict[str, Any]] = [
    {"bot_id": "B0OTHER001", "subtype": "bot_message"},
    {"bot_id": "B0OTHER001"},
    {"bot_id": BOT, "user": BOT_USER},
    {"subtype": "channel_join"},
    {"subtype": "me_message"},
    {"subtype": "reminder_add"},
    {"hidden": True},
    {"thread_ts": None},
    {"thread_ts": "1500000000.000100"},
    {"channel": RANDOM},
    {"user": None},
]
_NOTES = [
    ";; secret",
    "  ;;secret",
    "*;; secret*",
    "&gt; ;; secret",
    "<@U0PERSON001> ;; secret",
    *[f"{unseen};; secret" for unseen in "\u200b\u00ad\u202a\u202e\u2066\u2069\ufe0f\U000e0020"],
    ";\u2060; secret",
    "；；secret",
    ":lock: secret",
    ":closed_lock_with_key: secret",
    "🔒 secret",
    "_🔐_ secret",
    *[f"{sign} ;; secret" for sign in ("•", "-", "1.", "b)", "iv.", ":wave:", "👍", "“", "[")],
    *[f"{unseen};; secret" for unseen in "\u034f\u2800\u3164"],
    "؛؛ secret",
    "; ; secret",
    "<#C0123456789|support> ;; secret",
    "<https://example.com> ;; secret",
    "&gt; where is it?\n;; secret",
    "&gt; where is it?\n🔒 secret",
    "```where is it?\nwhere```\n;; secret",
]
_IN_DOUBT = ["Hello\n;; secret", "Hello\n• ;; secret", "&gt; Hello\nYes.\n ；； secret"]


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def test_one_message_as_two_events_is_one_reply(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.writes(nia, case, "Hello", client_msg_id="same")
    await slack.writes(nia, case, "Hello", client_msg_id="same")
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_one_message_under_two_event_ids_is_one_reply(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    event = {
        "type": "message",
        "user": nia.handle,
        "text": "Hello",
        "ts": "1800000000.000100",
        "thread_ts": place.ts,
        "channel": place.channel,
    }
    await slack.slack.send(event)
    await slack.slack.send(event)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_one_message_told_first_without_its_key_and_then_with_it_is_one_reply(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    event = {
        "type": "message",
        "user": nia.handle,
        "text": "Hello",
        "ts": "1800000000.000100",
        "thread_ts": place.ts,
        "channel": place.channel,
    }
    await slack.slack.send(event)
    await slack.worked_off()
    await slack.slack.send({**event, "client_msg_id": "one"})
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_replies_keep_their_order(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    for number in range(8):
        await slack.writes(nia, case, f"{number}")
    assert [text for _, text in await ada.reads_from_agents()] == [str(n) for n in range(8)]


async def test_replies_that_arrive_out_of_order_are_shown_in_order(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, settle_s=1.0) as slack:
        nia, ada, case = await _claimed(slack)
        place, now = await slack.place(case), int(time.time())
        for number in (2, 3, 1):
            await slack.slack.send(
                {
                    "type": "message",
                    "user": nia.handle,
                    "text": f"{number}",
                    "ts": f"{now}.{number:06d}",
                    "event_ts": f"{now}.{number:06d}",
                    "thread_ts": place.ts,
                    "channel": place.channel,
                }
            )
        await slack.worked_off()
        assert [text for _, text in await ada.reads_from_agents()] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "meant_for",
    [{"api_app_id": "A0OTHER001"}, {"team_id": "T0OTHER001", "authorizations": []}],
    ids=["another app", "another workspace"],
)
async def test_what_is_meant_for_another_app_or_workspace_is_refused(
    slack: SlackHarness, meant_for: dict[str, Any]
) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    event = {
        "type": "message",
        "user": nia.handle,
        "text": "for somebody else",
        "ts": "1800000000.000100",
        "thread_ts": place.ts,
        "channel": place.channel,
    }
    request = event_request(event)
    request.body = json.dumps(json.loads(request.body) | meant_for).encode()
    await slack.slack.sender.put(request).sent.wait()
    await slack.worked_off()
    assert 403 in slack.slack.sender.statuses
    assert await ada.reads_from_agents() == []


async def test_before_we_know_who_we_are_what_is_meant_for_others_is_kept_and_passed_by(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path) as slack:
        slack.slack.faults.next("auth.test", NotOk(error="internal_error"))
        request = event_request({"type": "message", "text": "?"})
        request.body = request.body.replace(b"A0HEARD001", b"A0OTHER001")
        await slack.slack.sender.put(request).sent.wait()
        assert slack.slack.sender.statuses == [200]
        await slack.worked_off()


async def test_what_is_no_agents_reply_never_reaches_a_customer(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    before = await ada.sees()
    for number, fields in enumerate(_NO_REPLIES):
        event = {
            "type": "message",
            "user": nia.handle,
            "text": f"for nobody {fields}",
            "ts": f"1800000000.{number:06d}",
            "thread_ts": place.ts,
            "channel": place.channel,
        }
        await slack.slack.send({**event, **fields})
    await slack.worked_off()
    assert await ada.sees() == before


async def test_in_doubt_it_is_a_note(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    for text in _NOTES:
        await slack.writes(nia, case, text)
    assert await ada.sees() == before
    async with slack.site.store.read() as work:
        assert [note.author for note in await work.cases.notes(case.id)] == ["Nia"] * len(_NOTES)


async def test_what_may_be_a_note_in_part_is_not_sent_and_the_author_is_told(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    for number, text in enumerate(_IN_DOUBT, start=1):
        await slack.writes(nia, case, text)

        async def told(times: int = number) -> bool:
            return sum("the mark of a private note" in w for w in slack.whispers(nia)) == times

        await eventually(told)
    assert await ada.sees() == before


async def test_slacks_notation_becomes_plain_words(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    slack.slack.workspace.join("U0LINA0001", "Lina")
    emoji = {"type": "emoji", "name": "tada", "unicode": "1f389"}
    thumb = {"type": "emoji", "name": "+1", "unicode": "1f44d"}
    toned = {**thumb, "unicode": "1f44d-1f3fc", "skin_tone": 3}
    shown = [emoji, toned, thumb]
    blocks = [{"type": "rich_text", "elements": [{"type": "x", "elements": shown}]}]
    await slack.writes(
        nia,
        case,
        f"<@{omar.handle}>, <@U0LINA0001> and <@U0NOBODY01> say: <https://x.example|our page>, "
        "<https://y.example>, <http://z.example/|z.example>, "
        "<mailto:a@b.example|a@b.example> &lt;now&gt; &amp; :tada: :unknown: "
        ":+1::skin-tone-3: :+1:",
        blocks=blocks,
    )
    assert await ada.reads_from_agents() == [
        (
            "Nia",
            "Omar, Lina and a colleague say: our page (https://x.example), https://y.example, "
            "z.example, a@b.example <now> & 🎉 :unknown: 👍🏼 👍",
        )
    ]


async def test_a_double_click_on_claim_is_one_claim(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.presses(nia, case, "Claim", times=2)
    assert await ada.notices() == ["Nia has joined the chat."]
    assert slack.slack.workspace.whispers == []


async def test_a_press_on_an_old_card_is_answered_in_words(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.place(case)
    await slack.site.handoffs.leave_queue(ada.conversation_id)
    # the edit of the card is still on its way: its buttons can be pressed
    await slack.presses(nia, case, "Claim")
    assert await slack.told(nia) == "This case is withdrawn; nothing was sent."


async def test_a_reply_before_the_post_is_noted_waits_for_it(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    await slack.site.delivered()
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=None))
    writing = slack.slack.says(nia.handle, "Hello", thread_ts=place.ts)
    await writing

    async def tried() -> bool:
        async with slack.site.engine.connect() as connection:
            return bool(await connection.scalar(select(InboxRow.id).where(InboxRow.attempts > 1)))

    await eventually(tried)
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=place.ref))
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_what_cannot_be_worked_off_is_given_up_and_kept(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    request = event_request({})
    request.body = request.body.replace(b'"event": {}', b'"event": "broken"')
    await slack.slack.sender.put(request).sent.wait()
    await slack.writes(nia, case, "Still here")
    assert await ada.reads_from_agents() == [("Nia", "Still here")]
    async with slack.site.engine.connect() as connection:
        query = select(InboxRow.attempts, InboxRow.error).where(InboxRow.error.is_not(None))
        [(attempts, error)] = (await connection.execute(query)).all()
    assert attempts == 5
    assert "Error" in str(error)


async def test_a_request_that_fails_holds_up_no_other_thread(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, retry_pause_s=2 * PATIENT_S) as slack:
        nia, ada, case = await _claimed(slack)
        lost = await (await slack.site.customer("Bea")).asks_for_a_person()
        place, at_card = await slack.place(lost), await slack.place(case)
        await slack.site.delivered()
        async with slack.site.engine.begin() as connection:
            await connection.execute(update(CaseRow).where(CaseRow.id == lost.id).values(ref=None))
        for number in range(3):
            await slack.slack.says(nia.handle, f"for Bea {number}", thread_ts=place.ts)
        await slack.slack.says(nia.handle, "for Ada", thread_ts=at_card.ts)
        assert await eventually(ada.reads_from_agents) == [("Nia", "for Ada")]
        async with slack.site.engine.begin() as connection:
            await connection.execute(
                update(CaseRow).where(CaseRow.id == lost.id).values(ref=place.ref)
            )
            await connection.execute(update(InboxRow).values(due_at=slack.site.clock()))


async def test_a_name_that_slack_is_slow_to_tell_delays_no_reply(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, timeout_s=3 * PATIENT_S) as slack:
        nia, ada, case = await _claimed(slack)
        slack.slack.faults.next("users.info", Silence(seconds=2 * PATIENT_S))
        place = await slack.place(case)
        await slack.slack.says(nia.handle, "<@U0LINA0001> looks into it", thread_ts=place.ts)
        said = await eventually(ada.reads_from_agents)
        assert said == [("Nia", "a colleague looks into it")]


async def test_two_processes_work_off_each_request_once_and_in_order(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    second = slack.another_process()

    async def ticks() -> int:
        return [method for method, _ in slack.slack.calls].count("reactions.add")

    async def all_ticked() -> bool:
        return await ticks() >= 8

    for number in range(8):
        await slack.writes(nia, case, f"{number}")
    await ada.looks()
    await eventually(all_ticked)
    await end(second)
    assert [text for _, text in await ada.reads_from_agents()] == [str(n) for n in range(8)]


async def test_an_author_hears_when_a_reply_is_given_up(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    await slack.site.delivered()
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=None))
    await slack.slack.says(nia.handle, "Hello", thread_ts=place.ts)
    await slack.worked_off()
    assert "did not reach the customer" in await slack.told(nia)
    assert await ada.reads_from_agents() == []


async def test_while_slack_cannot_be_asked_who_we_are_replies_wait(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as slack:
        slack.slack.faults.next("auth.test", *[NotOk(error="internal_error")] * 3)
        nia, ada, case = await _claimed(slack)
        await slack.writes(nia, case, "Hello")
        assert await ada.reads_from_agents() == [("Nia", "Hello")]
