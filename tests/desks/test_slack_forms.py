"""Forms in Slack: they open in time, say what to correct, and do what they say, once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from conversation.clock import utc_now
from conversation.shop import Order, OrderState
from handoff.case import Case, CaseStatus, Priority, Resolution
from handoff.casework.handing_back import A_FACT, TAKEN_UP
from handoff.casework.not_yours import ALL_THE_SAME
from handoff.queue.groups import SUPPORT as SUPPORT_GROUP
from handoff.queue.groups import DeskRules, Group
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import NotOk, Silence
from tests.fake_slack.workspace import SUPPORT


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await slack.site.delivered()
    return nia, ada, case


async def test_resolving_asks_how_it_ended_and_says_a_last_word(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    errors = await slack.fills(
        nia,
        case,
        "Resolve",
        resolution="Passed on to another team",
        closing="The carrier calls you & all is < 2 days",
        needed="No, the assistant should have managed",
        survey=[],
    )
    assert errors == {}
    closed = await ada.case()
    assert closed.status is CaseStatus.RESOLVED
    assert (closed.resolution, closed.needed) == (Resolution.PASSED_ON, False)
    assert await ada.reads_from_agents() == [("Nia", "The carrier calls you & all is < 2 days")]
    assert await ada.survey() is None
    assert "Passed on to another team" in await slack.card(nia, case)
    assert (await slack.reads(nia, case)).count("The carrier calls you & all is < 2 days") == 1


async def test_a_case_that_needed_no_person_is_resolved_as_such(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    no = "No, the assistant should have managed"
    await slack.fills(nia, case, "Resolve", resolution="No person was needed", needed=no)
    closed = await ada.case()
    assert (closed.resolution, closed.needed) == (Resolution.NOT_NEEDED, False)


async def test_whether_a_person_was_needed_is_asked_and_not_answered_beforehand(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    with pytest.raises(AssertionError, match="needed must be filled in"):
        await slack.fills(nia, case, "Resolve", closing="Bye")
    errors = await slack.slack.hands.submits(nia.handle, needed="I cannot say")
    await slack.worked_off()
    assert errors == {}
    closed = await ada.case()
    assert (closed.status, closed.needed) == (CaseStatus.RESOLVED, None)


async def test_handing_back_tells_the_assistant_summary_and_facts(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.opens(nia, case, "Hand back to assistant")
    hints = [block["hint"]["text"] for block in (await slack.form_of(nia))["blocks"]]
    assert (hints[0], A_FACT in hints[1]) == (TAKEN_UP, True)
    await slack.fills(
        nia,
        case,
        "Hand back to assistant",
        summary="The parcel is found.",
        facts="Order: NP-10423\nArrives: Tuesday",
    )
    async with slack.site.store.read() as work:
        conversation = await work.conversations.get(ada.conversation_id)
    assert conversation.handed_back == "The parcel is found.\nOrder: NP-10423\nArrives: Tuesday"
    assert [m.text for m in await ada.sees() if "NP-10423" in m.text] == []
    read = "\n".join(await slack.reads(nia, case))
    assert read.count("Private note by Nia: Told the assistant: The parcel is found.") == 1


@pytest.mark.parametrize("claimed", [True, False])
async def test_who_hands_back_what_is_not_theirs_says_that_they_mean_it(
    slack: SlackHarness, claimed: bool
) -> None:
    nia, omar = await slack.agent("Nia"), await slack.agent("Omar")
    ada = await slack.site.customer()
    case = await ada.asks_for_a_person()
    if claimed:
        await slack.claims(nia, case)
    with pytest.raises(AssertionError, match="sure must be filled in"):
        await slack.fills(omar, case, "Hand back to assistant")
    asked = (await slack.form_of(omar))["blocks"][0]["label"]["text"]
    nobodys = "Nobody has claimed this case: Ada waits for a person."
    assert asked == ("Nia has this case, not you." if claimed else nobodys)
    await slack.slack.hands.submits(omar.handle, sure=[ALL_THE_SAME])
    await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.HANDED_BACK


async def test_what_is_wrong_is_said_in_the_open_form(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.opens(nia, case, "Hand back to assistant")
    errors = await slack.slack.hands.submits(nia.handle, facts="NP-10423")
    assert errors == {"facts": "Write one fact a line with a colon, such as: Order: 1001"}
    assert (await ada.case()).status is CaseStatus.CLAIMED
    errors = await slack.slack.hands.submits(
        nia.handle, facts="Order: NP-10423", saying=";; he is cross"
    )
    assert list(errors) == ["saying"]
    assert await slack.slack.hands.submits(nia.handle, saying="It comes on Friday.") == {}
    await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.HANDED_BACK
    assert await ada.reads_from_agents() == [("Nia", "It comes on Friday.")]


async def test_over_sockets_an_open_form_says_what_is_wrong_as_well(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, socket_mode=True) as slack:
        nia, ada, case = await _claimed(slack)
        await slack.opens(nia, case, "Hand back to assistant")
        errors = await slack.slack.hands.submits(nia.handle, facts="NP-10423")
        assert list(errors) == ["facts"]
        await slack.slack.hands.submits(nia.handle, facts="Order: NP-10423")
        await slack.worked_off()
        assert (await ada.case()).status is CaseStatus.HANDED_BACK
        assert await slack.commands(nia, "queue") == "The queue is empty."


async def test_a_case_rests_until_a_moment_to_come(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    now = slack.site.clock()
    past, later = now - timedelta(minutes=1), now + timedelta(hours=3)
    await slack.opens(nia, case, "Snooze")
    errors = await slack.slack.hands.submits(nia.handle, until=int(past.timestamp()))
    assert "within the next 30 days" in errors["until"]
    await slack.slack.hands.submits(nia.handle, until=int(later.timestamp()))
    await slack.worked_off()
    assert (await ada.case()).snoozed_until == later.replace(microsecond=0)
    assert "snoozed until" in await slack.card(nia, case)


async def test_an_urgent_case_says_so_first(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.fills(nia, case, "Priority", priority="Urgent")
    assert (await ada.case()).priority is Priority.URGENT
    assert (await slack.state(nia, case)).startswith("Urgent: With Nia")


async def test_a_resolved_case_is_reopened_on_its_own_card(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.resolves(nia, case)
    await slack.site.delivered()
    omar = await slack.agent("Omar")
    await slack.presses(omar, case, "Reopen")
    assert (await ada.case()).agent == "Omar"
    assert (await slack.state(nia, case)).startswith("With Omar")
    await slack.replies(omar, case, "One more thing")
    assert await ada.reads_from_agents() == [("Omar", "One more thing")]


async def test_a_form_that_opens_too_late_says_what_to_do(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as slack:
        nia, ada, case = await _claimed(slack)
        slack.slack.views.trigger_lives_s = -1
        assert await slack.opens(nia, case, "Resolve") is None
        assert "Press again, or do it on the case's page" in await slack.told(nia)
        assert (await ada.case()).status is CaseStatus.CLAIMED


async def test_a_form_waits_behind_no_message(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, timeout_s=30) as slack:
        nia, ada, case = await _claimed(slack)
        place = await slack.place(case)
        slack.slack.faults.next("users.info", Silence(seconds=8))
        await slack.slack.says(nia.handle, "<@U0LINA0001> looks into it", thread_ts=place.ts)
        await slack.slack.presses(nia.handle, "Resolve", place.ts)

        async def opened() -> bool:
            return slack.slack.views.of(nia.handle) is not None

        await eventually(opened)
        assert await ada.reads_from_agents() == [], "the reply still waits for the name"


async def test_a_form_sent_twice_is_done_once(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    view = await slack.opens(nia, case, "Resolve")
    assert view is not None
    await slack.slack.hands.submits(nia.handle, closing="Bye", needed="Yes")
    slack.slack.views.open[view["id"]] = view
    await slack.slack.hands.submits(nia.handle, closing="Bye", needed="Yes")
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Bye")]
    assert [text for text in await ada.notices() if "closed" in text] == [
        "Nia has closed this conversation."
    ]


async def test_a_form_of_a_case_that_is_closed_meanwhile_is_answered_in_words(
    slack: SlackHarness,
) -> None:
    nia, _, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    await slack.opens(nia, case, "Resolve")
    await slack.fills(omar, case, "Hand back to assistant", sure=[ALL_THE_SAME])
    assert await slack.slack.hands.submits(nia.handle, needed="Yes") == {}
    assert "handed back" in await slack.told(nia)


@pytest.mark.parametrize("label", ["Resolve", "Hand back to assistant", "Priority", "Reopen"])
async def test_a_stranger_opens_no_form(slack: SlackHarness, label: str) -> None:
    nia, _, case = await _claimed(slack)
    if label == "Reopen":
        await slack.resolves(nia, case)
        await slack.site.delivered()
    sam = await slack.stranger()
    assert await slack.opens(sam, case, label) is None
    assert "only agents" in await slack.told(sam)


async def test_a_form_sent_by_somebody_who_is_no_agent_any_more_stays_open(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.opens(nia, case, "Resolve")
    async with slack.site.store.work() as work:
        await work.accounts.save("nia@example.com", "Nia", [], "-", slack.site.clock())
    [words] = (await slack.slack.hands.submits(nia.handle, needed="Yes")).values()
    assert "only agents" in words
    assert (await ada.case()).status is CaseStatus.CLAIMED


async def test_a_note_is_written_by_shortcut(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "Hello")
    channel = slack.slack.workspace.channels[SUPPORT]
    await slack.slack.hands.uses_shortcut(nia.handle, "heard_note", channel, ts)
    await slack.form_of(nia)
    await slack.slack.hands.submits(nia.handle, note="Third time this month; be generous.")
    await slack.worked_off()
    async with slack.site.store.read() as work:
        notes = [(note.author, note.text) for note in await work.cases.notes(case.id)]
    assert notes == [("Nia", "Third time this month; be generous.")]
    assert await ada.reads_from_agents() == [("Nia", "Hello")]
    shown = "Private note by Nia: Third time this month; be generous."
    assert (await slack.reads(nia, case)).count(shown) == 1


async def test_everything_can_be_done_from_a_message_far_below_the_card(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, "Hello")
    channel = slack.slack.workspace.channels[SUPPORT]
    await slack.slack.hands.uses_shortcut(nia.handle, "heard_actions", channel, ts)
    menu = await slack.form_of(nia)
    await slack.slack.hands.presses_in_view(nia.handle, "Priority", menu)
    await slack.form_of(nia, other_than=menu)
    await slack.slack.hands.submits(nia.handle, priority="High")
    await slack.worked_off()
    assert (await ada.case()).priority is Priority.HIGH


async def test_a_shortcut_elsewhere_says_where_it_works(slack: SlackHarness) -> None:
    nia, _, _ = await _claimed(slack)
    ts = await slack.slack.says((await slack.stranger()).handle, "lunch?")
    channel = slack.slack.workspace.channels[SUPPORT]
    await slack.slack.hands.uses_shortcut(nia.handle, "heard_note", channel, ts)
    assert "belongs to no case" in await slack.told(nia)


async def test_a_form_that_slack_refuses_is_tried_again(slack: SlackHarness) -> None:
    nia, _, case = await _claimed(slack)
    slack.slack.faults.next("views.open", NotOk(error="internal_error"))
    assert await slack.opens(nia, case, "Resolve") is not None


async def test_a_case_is_given_to_a_colleague_with_a_note(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    await slack.fills(nia, case, "Assign", to="Omar · 0 cases", note="He knows the carrier.")
    assert (await ada.case()).agent == "Omar"
    async with slack.site.store.read() as work:
        notes = [note.text for note in await work.cases.notes(case.id)]
    assert notes == ["For Omar: He knows the carrier."]
    assert [m.text for m in await ada.sees() if "carrier" in m.text] == []
    told = f"<@{omar.handle}> Nia has given you this case. He knows the carrier."
    assert told in await slack.reads(nia, case)


async def test_a_case_that_changed_hands_meanwhile_is_not_given_away(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    omar = await slack.agent("Omar")
    await slack.agent("Lea")
    await slack.opens(nia, case, "Assign")
    await slack.fills(omar, case, "Assign", to="Omar · 0 cases")
    await slack.slack.hands.submits(nia.handle, to="Lea · 0 cases")
    assert "changed hands meanwhile: Omar has it now" in await slack.told(nia)
    assert (await ada.case()).agent == "Omar"


async def test_a_case_goes_back_to_the_queue(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.fills(nia, case, "Assign", to="Back to the queue")
    assert (await ada.case()).status is CaseStatus.WAITING
    assert (await slack.state(nia, case)).startswith("Waiting")


async def test_a_case_is_passed_on_to_a_group(tmp_path: Path) -> None:
    rules = DeskRules((Group("payments", "Payments", topics=frozenset({"invoice"})), SUPPORT_GROUP))
    async with slack_harness(tmp_path, rules=rules) as slack:
        nia, ada, case = await _claimed(slack)
        await slack.fills(nia, case, "Assign", to="Payments", note="A charge to look at.")
        passed = await ada.case()
        assert (passed.route.group, passed.status) == ("payments", CaseStatus.WAITING)


async def test_money_is_paid_back_within_the_limit_and_the_customer_told(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada", _order())
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await slack.site.delivered()
    await slack.opens(nia, case, "Refund, resend, extend")
    pay_back = "Pay back, up to 50.00 EUR; above that ask a lead"
    errors = await slack.slack.hands.submits(nia.handle, what=pay_back, amount="60", reason="dent")
    assert "a lead may decide that" in errors["amount"]
    errors = await slack.slack.hands.submits(nia.handle, what=pay_back, amount="12.50")
    assert list(errors) == ["reason"]
    filled = {"what": pay_back, "amount": "12.50", "reason": "a dent in the box"}
    assert await slack.slack.hands.submits(nia.handle, **filled) == {}
    await slack.worked_off()
    [(author, said)] = await ada.reads_from_agents()
    assert author == "Nia"
    assert "12.50 EUR" in said
    assert "dent" not in said
    async with slack.site.store.read() as work:
        [note] = await work.cases.notes(case.id)
    assert "12.50 EUR" in note.text


async def test_where_nothing_can_be_done_with_orders_it_is_said(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await slack.site.delivered()
    assert await slack.opens(nia, case, "Refund, resend, extend") is None
    assert "no order" in await slack.told(nia)


def _order() -> Order:
    today = utc_now().date()
    return Order(
        number="1016",
        customer_id="",
        items=("Lamp",),
        total_cents=12_000,
        currency="EUR",
        state=OrderState.DELIVERED,
        placed_on=today - timedelta(days=6),
        address="1 Test Street",
        delivered_on=today - timedelta(days=2),
    )


async def test_what_is_masked_is_shown_to_the_agent_alone_and_noted(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    number = "4111 1111 1111 1111"
    await ada.says(f"my card is {number}")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await slack.slack.hands.opens_home(nia.handle)
    assert "[CARD_1]" in await slack.home_of(nia)
    await slack.commands(nia, "queue")
    await slack.site.delivered()
    assert "1111" not in json.dumps(slack.slack.calls)
    await slack.opens(nia, case, "Show what is masked")
    [label] = slack.labels_of(nia, "token")
    assert label.startswith("CARD_1")
    await slack.slack.hands.submits(nia.handle, token=label)

    async def told() -> bool:
        return f"CARD_1: {number}" in slack.whispers(nia)

    await eventually(told)
    async with slack.site.store.read() as work:
        kinds = [one.kind for one in await work.timeline.of(ada.conversation_id)]
    assert "revealed" in kinds

    async def kept_no_longer() -> bool:
        async with slack.site.store.read() as work:
            return await work.inbox.last_at("slack:signs") is None

    await eventually(kept_no_longer)


async def test_where_nothing_is_masked_nothing_is_offered_to_be_shown(slack: SlackHarness) -> None:
    _, _, case = await _claimed(slack)
    await slack.site.delivered()
    card = json.dumps(slack.message(await slack.place(case))["blocks"])
    assert "Priority" in card
    assert "Show what is masked" not in card


async def test_a_last_message_marked_as_a_note_is_not_sent_and_can_be_corrected(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    errors = await slack.fills(
        nia, case, "Resolve", needed="Yes", closing=";; a difficult customer"
    )
    assert "mark of a private note" in errors["closing"]
    assert (await ada.case()).status.open
    assert await ada.reads_from_agents() == []
