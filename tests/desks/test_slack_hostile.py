"""Nothing reaches a customer but a reply in the thread of their case, by an agent, that is no note.

Each test tries one more way around that.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from conversation.messages import Author
from handoff.case import Case, CaseStatus
from handoff.casework.not_yours import ALL_THE_SAME
from tests.desks.harness import Person
from tests.desks.site import Customers
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack.sender import action_request
from tests.fake_slack.workspace import BOT, RANDOM, SUPPORT, TEAM

_ELSEWHERE = "T0OTHER001"
_NOT_OURS: list[Mapping[str, Any]] = [
    {"channel": RANDOM},
    {"thread_ts": "1500000000.000100"},
    {"thread_ts": None},
    {"user": None},
    {"user": "U0NOBODY01"},
    {"user_team": _ELSEWHERE},
    {"source_team": _ELSEWHERE},
    {"team": _ELSEWHERE},
    {"team": TEAM, "user_profile": {"name": "nia", "team": _ELSEWHERE}},
    {"team": TEAM, "user_team": "E0OTHER001"},
    {"bot_id": "B0OTHER001"},
    {"bot_id": BOT},
    {"subtype": "bot_message", "bot_id": "B0OTHER001", "username": "Workflow"},
    {"app_id": "A0OTHER001"},  # posted by a program in the agent's name
    {"bot_profile": {"id": "B0OTHER001", "app_id": "A0OTHER001", "name": "Workflow"}},
    {"subtype": "me_message"},
    {"subtype": "message_replied"},
    {"subtype": "channel_topic"},
    {"subtype": "tombstone"},
    {"subtype": "reply_broadcast"},
    {"hidden": True},
]
_DISGUISED = [
    ";; secret",
    "；；secret",
    ";\u200b;secret",
    "*;;* secret",
    "&gt; :lock: secret",
    "<@U0PERSON001> ;; secret",
    "🔒\ufe0f secret",
]


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def _event(slack: SlackHarness, who: Person, case: Case, number: int) -> dict[str, Any]:
    place = await slack.place(case)
    return {
        "type": "message",
        "user": who.handle,
        "text": "for nobody",
        "ts": f"1800000000.{number:06d}",
        "thread_ts": place.ts,
        "channel": place.channel,
    }


async def test_what_is_not_ours_is_no_reply(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    for number, fields in enumerate(_NOT_OURS):
        await slack.slack.send({**await _event(slack, nia, case, number), **fields})
    await slack.worked_off()
    assert await ada.sees() == before


async def test_what_is_not_ours_becomes_no_reply_by_an_edit_either(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    for number, fields in enumerate(_NOT_OURS):
        said = {**await _event(slack, nia, case, number), **fields}
        edited = {"user": nia.handle, "ts": "1800000009.0"}
        await slack.slack.send(
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": said["channel"],
                "ts": f"1800000005.{number:06d}",
                "message": {**said, "text": "for Ada", "edited": edited},
                "previous_message": said,
            }
        )
    await slack.worked_off()
    assert await ada.sees() == before


async def test_an_edit_alone_sends_nothing(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    said = await _event(slack, nia, case, 1)
    edited = {**said, "text": "for Ada", "edited": {"user": nia.handle, "ts": "1800000009.0"}}
    change = {"type": "message", "subtype": "message_changed", "channel": said["channel"]}
    await slack.slack.send({**change, "ts": "1800000009.1", "message": edited})
    await slack.worked_off()
    assert await ada.sees() == before


@pytest.mark.parametrize("mark", _DISGUISED)
async def test_a_note_in_disguise_stays_a_note_through_every_edit(
    slack: SlackHarness, mark: str
) -> None:
    nia, ada, case = await _claimed(slack)
    before = await ada.sees()
    channel = slack.slack.workspace.channels[SUPPORT]
    ts = await slack.writes(nia, case, mark)
    for text in ("secret", f"{mark} again", "secret, now open"):
        slack.slack.workspace.change(channel, ts, text=text)
        await slack.worked_off()
    assert await ada.sees() == before


async def test_a_reply_shown_in_the_channel_as_well_is_still_one_reply(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.writes(nia, case, "Hello", subtype="thread_broadcast")
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_one_thread_is_one_customers(slack: SlackHarness) -> None:
    nia, ada, of_ada = await _claimed(slack)
    bea = await slack.site.customer("Bea")
    of_bea = await bea.asks_for_a_person()
    await slack.claims(nia, of_bea)
    ts = await slack.writes(nia, of_ada, "for Ada")
    await slack.writes(nia, of_bea, "for Bea")
    edit = await _event(slack, nia, of_bea, 1)
    edit |= {"ts": ts, "text": "for Bea?", "edited": {"user": nia.handle, "ts": "1800000009.0"}}
    change = {"type": "message", "subtype": "message_changed", "channel": edit["channel"]}
    await slack.slack.send({**change, "ts": "1800000009.1", "message": edit})
    await slack.worked_off()
    assert [text for _, text in await bea.reads_from_agents()] == ["for Bea"]
    assert "for Bea" not in [text for _, text in await ada.reads_from_agents()]


async def test_a_customer_reads_no_name_of_a_form_and_no_note(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.agent("Omar")
    await slack.fills(nia, case, "Assign", to="Omar · 0 cases", note="secret one")
    await slack.site.delivered()
    await slack.fills(
        nia, case, "Hand back to assistant", summary="secret two", sure=[ALL_THE_SAME]
    )
    said = [m.text for m in await ada.sees() if m.author is not Author.CUSTOMER]
    assert not [text for text in said if "secret" in text]


@pytest.mark.parametrize("team", [_ELSEWHERE])
async def test_a_guest_of_another_workspace_presses_and_sends_nothing(
    slack: SlackHarness, team: str
) -> None:
    nia, ada, case = await _claimed(slack)
    view = await slack.opens(nia, case, "Resolve")
    assert view is not None
    guest = {"id": nia.handle, "name": "nia", "team_id": team}
    sent = {"type": "view_submission", "user": guest, "view": view, "trigger_id": "1.2.3"}
    await slack.slack.sender.put(action_request(sent)).sent.wait()
    await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.CLAIMED


async def test_a_form_made_by_somebody_else_does_nothing(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    for metadata in ("", "{}", f'["{case.id}"]', "null", "[1,2,3,4]"):
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": "resolve",
            "private_metadata": metadata,
            "blocks": [],
            "state": {"values": {}},
        }
        sent = {"type": "view_submission", "user": {"id": nia.handle}, "view": view}
        await slack.slack.sender.put(action_request(sent)).sent.wait()
    await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.CLAIMED
