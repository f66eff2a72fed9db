"""A case is in Slack from its card on: agents answer it before the conversation stands there."""

from pathlib import Path

from handoff.case import Case
from handoff.delivery.outbox import OUTBOX_TOPIC
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import Fine, NotOk, Reset, Silence
from tests.fake_slack.workspace import SUPPORT


async def test_a_reply_under_a_card_whose_conversation_still_waits_reaches_the_customer(
    slack: SlackHarness,
) -> None:
    slack.slack.faults.next("chat.postMessage", Fine(), NotOk(error="restricted_action"))
    nia, ada, case = await _asked(slack)
    await eventually(lambda: _parked(slack))
    assert await slack.thread(case) == []
    await slack.replies(nia, case, "I am here already")
    assert await ada.reads_from_agents() == [("Nia", "I am here already")]
    await _mended(slack)
    said = [line for line in await slack.reads(nia, case) if line in ("before", "and now")]
    assert said == ["before", "and now"]
    assert len(slack.cards()) == 1


async def test_a_crash_between_the_card_and_its_conversation_leaves_one_of_each(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, timeout_s=20) as slack:
        slack.slack.faults.next("chat.postMessage", Fine(), Silence(seconds=30, accepted=True))
        nia, _, case = await _asked(slack)
        await eventually(lambda: slack.thread(case))
        await slack.site.crash()
        await slack.site.delivered()
        said = [line for line in await slack.reads(nia, case) if line in ("before", "and now")]
        assert said == ["before", "and now"]
        assert len(slack.cards()) == 1


async def test_a_card_that_comes_anew_brings_its_conversation_also_through_a_crash(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, timeout_s=20) as slack:
        nia, ada, case = await _asked(slack)
        await slack.site.delivered()
        old = await slack.place(case)
        slack.slack.workspace.channels[SUPPORT].messages.clear()
        # The line's own post, its card anew, and then the conversation beside it.
        slack.slack.faults.next("chat.postMessage", Fine(), Fine(), Silence(seconds=30))
        await ada.says("are you there?")

        async def anew() -> bool:
            return await slack.place(case) != old

        await eventually(anew)
        await slack.site.crash()
        await slack.site.delivered()
        said = ("before", "and now", "are you there?")
        assert [line for line in await slack.reads(nia, case) if line in said] == list(said)
        assert len(slack.cards()) == 1


async def test_a_card_deleted_before_its_conversation_came_is_posted_anew(
    slack: SlackHarness,
) -> None:
    slack.slack.faults.next("chat.postMessage", Fine(), Reset())
    channel = slack.slack.workspace.channels[SUPPORT]
    nia, _, case = await _asked(slack)
    await eventually(lambda: _card(slack))
    channel.messages.clear()
    await slack.site.delivered()
    said = [line for line in await slack.reads(nia, case) if line in ("before", "and now")]
    assert said == ["before", "and now"]
    assert len(slack.cards()) == 1


async def _asked(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    await ada.says("before")
    case = await ada.asks_for_a_person()
    await ada.says("and now")
    return nia, ada, case


async def _card(slack: SlackHarness) -> bool:
    return bool(slack.cards())


async def _parked(slack: SlackHarness) -> int:
    async with slack.site.store.read() as work:
        return await work.outbox.parked()


async def _mended(slack: SlackHarness) -> None:
    async with slack.site.store.work() as work:
        await work.outbox.retry_parked(slack.site.clock())
    slack.site.live.wake(OUTBOX_TOPIC)

    async def all_there() -> bool:
        return not await _parked(slack)

    await eventually(all_there)
    await slack.site.delivered()
