"""What breaks while Slack tells Heard what happened: once, in order, and nothing left out."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from conversation.clock import utc_now
from handoff.case import Case
from handoff.desks.slack.requests.intake import Intake
from handoff.desks.slack.requests.watch import Watch
from handoff.desks.slack.web_api.api import SlackApi
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import FakeSlack, NotOk, Silence
from tests.fake_slack.request import Request
from tests.fake_slack.sender import event_request, signed
from tests.fake_slack.server import SECRET
from tests.fake_slack.workspace import SUPPORT
from tests.patience import PATIENT_S


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def _event(slack: SlackHarness, who: Person, case: Case, text: str, ts: str) -> Request:
    place = await slack.place(case)
    said = {"user": who.handle, "text": text, "ts": ts, "event_ts": ts}
    where = {"thread_ts": place.ts, "channel": place.channel}
    return event_request({"type": "message", **said, **where})


async def _deliver(slack: SlackHarness, request: Request, retry: int = 0) -> None:
    headers = {"Content-Type": request.content_type, **signed(request.body, SECRET)}
    if retry:
        headers |= {"X-Slack-Retry-Num": f"{retry}", "X-Slack-Retry-Reason": "http_timeout"}
    async with httpx.AsyncClient(
        base_url=slack.site.url, trust_env=False, timeout=PATIENT_S
    ) as http:
        answer = await http.post("/slack/events", content=request.body, headers=headers)
    assert answer.status_code == 200


async def test_an_event_that_comes_again_at_once_and_hours_later_is_one_reply(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    request = await _event(slack, nia, case, "Hello", "1790000000.000100")
    await asyncio.gather(*(_deliver(slack, request, retry) for retry in (0, 1)))
    await slack.worked_off()
    for retry in (2, 3, 1):
        await _deliver(slack, request, retry)
        await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_a_retry_while_the_first_is_being_worked_on_is_one_reply(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, timeout_s=5) as slack:
        nia, ada, case = await _claimed(slack)
        slack.slack.faults.next("users.info", Silence(seconds=1))
        request = await _event(slack, nia, case, "<@U0LINA0001>?", "1790000000.000100")
        await _deliver(slack, request)

        async def begun() -> bool:
            return "users.info" in [method for method, _ in slack.slack.calls]

        await eventually(begun)
        await _deliver(slack, request, retry=1)
        await slack.worked_off()
        assert await ada.reads_from_agents() == [("Nia", "a colleague?")]


async def test_where_only_the_retry_ever_arrives_it_counts(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    request = await _event(slack, nia, case, "Hello", "1790000000.000100")
    await _deliver(slack, request, retry=1)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_the_event_of_our_own_post_before_its_answer_is_nothing_new(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, timeout_s=5) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        slack.slack.faults.next("chat.postMessage", Silence(seconds=0.5, accepted=True, cut=False))
        case = await ada.asks_for_a_person()
        await slack.site.delivered()
        slack.slack.faults.next("chat.postMessage", Silence(seconds=0.5, accepted=True, cut=False))
        await ada.says("hello")
        assert (await slack.reads(nia, case)).count("hello") == 1
        assert len(slack.cards()) == 1
        assert await ada.reads_from_agents() == []


async def test_replies_before_slack_has_answered_our_card_are_not_lost(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, timeout_s=5, retry_pause_s=0.3) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        slack.slack.faults.next("chat.postMessage", Silence(seconds=1, accepted=True, cut=False))
        await ada.asks_for_a_person()

        async def posted() -> str:
            return next((message["ts"] for message in slack.cards()), "")

        await slack.slack.says(nia.handle, "Hello", thread_ts=await eventually(posted))
        await slack.worked_off()
        assert await ada.reads_from_agents() == [("Nia", "Hello")]


async def test_slack_that_is_not_there_at_boot_is_waited_for(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as slack:
        away = [NotOk(error="internal_error")] * 2
        slack.slack.faults.next("auth.test", *away)
        slack.slack.faults.next("chat.postMessage", *away)
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        await ada.says("before")
        case = await ada.asks_for_a_person()
        await ada.says("and after")
        read = await slack.reads(nia, case)
        assert [line for line in read if line in ("before", "and after")] == ["before", "and after"]


async def test_what_slack_never_sent_is_found_when_it_was_silent_for_long(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    _stop_sending(slack.slack)
    place = await slack.place(case)
    await slack.slack.says(nia.handle, "never sent", thread_ts=place.ts)
    await slack.slack.says(nia.handle, ";; a note", thread_ts=place.ts)
    watch = _watch(slack, silence=timedelta(0))
    await watch.look()
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "never sent")]
    await watch.look()
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "never sent")]


async def test_a_note_that_was_edited_stays_one_when_its_thread_is_read_again(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    ts = await slack.writes(nia, case, ";; I suspect fraud")
    channel = slack.slack.workspace.channels[SUPPORT]
    slack.slack.workspace.change(channel, ts, text="I suspect fraud")
    await slack.worked_off()
    await _watch(slack, silence=timedelta(0)).look()
    await slack.worked_off()
    assert await ada.reads_from_agents() == []


async def test_what_is_found_only_after_it_was_changed_is_not_sent_and_its_author_told(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    _stop_sending(slack.slack)
    place = await slack.place(case)
    ts = await slack.slack.says(nia.handle, ";; I suspect fraud", thread_ts=place.ts)
    channel = slack.slack.workspace.channels[SUPPORT]
    slack.slack.workspace.change(channel, ts, text="I suspect fraud")
    await _watch(slack, silence=timedelta(0)).look()
    await slack.worked_off()
    assert "may have been a private note" in await slack.told(nia)
    assert await ada.reads_from_agents() == []


async def test_what_was_written_while_nothing_of_ours_ran_is_found_after_the_start(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    place = await slack.place(case)
    _stop_sending(slack.slack)
    await slack.slack.says(nia.handle, "written meanwhile", thread_ts=place.ts)
    watch = _watch(slack, silence=timedelta(minutes=10), ahead=timedelta(minutes=3))
    await watch.after_a_start()
    await watch.look()
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "written meanwhile")]


async def test_threads_are_not_read_while_events_come_and_then_only_seldom(
    slack: SlackHarness,
) -> None:
    await _claimed(slack)
    watch = _watch(slack, silence=timedelta(minutes=10))
    await watch.look()
    assert _reads(slack) == 0
    now = utc_now()
    late = _watch(slack, silence=timedelta(minutes=10), ahead=timedelta(minutes=11))
    for _ in range(3):
        await late.look()
    assert _reads(slack) == 1
    assert utc_now() - now < timedelta(minutes=1)


async def test_after_slack_said_that_it_sends_too_much_the_threads_are_read(
    slack: SlackHarness,
) -> None:
    nia, ada, case = await _claimed(slack)
    intake = slack.intake()
    watch = _watch(slack, silence=timedelta(minutes=10), intake=intake)
    await watch.look()
    place = await slack.place(case)
    _stop_sending(slack.slack)
    await slack.slack.says(nia.handle, "never sent", thread_ts=place.ts)
    limited = {"type": "app_rate_limited", "minute_rate_limited": 1}
    await intake.take(limited, {"content-type": "application/json"}, b'{"type": "x"}')
    await watch.look()
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "never sent")]


@pytest.mark.parametrize("strange", ["channel_id_changed", "tokens_revoked", "app_uninstalled"])
async def test_events_nobody_listens_to_hold_up_nothing(slack: SlackHarness, strange: str) -> None:
    nia, ada, case = await _claimed(slack)
    await slack.slack.send({"type": strange, "channel": SUPPORT})
    await slack.writes(nia, case, "Hello")
    assert await ada.reads_from_agents() == [("Nia", "Hello")]


def _stop_sending(slack: FakeSlack) -> None:
    slack.workspace.silent = True


def _watch(
    slack: SlackHarness,
    silence: timedelta,
    *,
    ahead: timedelta = timedelta(0),
    intake: Intake | None = None,
) -> Watch:
    return Watch(
        slack.site.store,
        lambda: utc_now() + ahead,
        SlackApi(slack.settings),
        intake or slack.intake(),
        silence,
    )


def _reads(slack: SlackHarness) -> int:
    return [method for method, _ in slack.slack.calls].count("conversations.replies")
