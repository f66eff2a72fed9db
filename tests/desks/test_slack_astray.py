"""Who answers in the channel instead of a case's thread is told that no customer sees it."""

from datetime import timedelta

from sqlalchemy import update

from handoff.desks.slack.shown.digest import digest_post
from handoff.desks.slack.web_api.api import SlackApi
from handoff.digests.digests import Digest, Line, Section
from store.tables import DutyRow
from tests.desks.harness import Person
from tests.desks.site import eventually
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack.workspace import BOT_USER, RANDOM, SUPPORT


async def test_an_agent_who_answers_in_the_channel_is_shown_where_the_cases_are(
    slack: SlackHarness,
) -> None:
    nia = await slack.agent("Nia")
    ada, bob = await slack.site.customer("Ada"), await slack.site.customer("Bob")
    first, second = await ada.asks_for_a_person(), await bob.asks_for_a_person()
    await slack.site.delivered()
    await slack.slack.says(nia.handle, "I look into it, Ada")
    assert "No customer sees this." in await slack.told(nia)
    whisper = slack.slack.workspace.whispers[-1]
    assert whisper["thread_ts"] is None, "it is shown where they look: in the channel"
    words = whisper["blocks"][0]["text"]["text"]
    for case, name in ((first, "Ada"), (second, "Bob")):
        link = (await slack.place(case)).address("https://heard-test.slack.com/")
        assert f"<{link}|Case {case.number}>*  {name}" in words
    assert await ada.reads_from_agents() == []


async def test_it_is_said_once_an_hour_also_by_another_process(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    ada = await slack.site.customer("Ada")
    await ada.asks_for_a_person()
    await slack.site.delivered()
    for told in (1, 1, 2):
        if told == 2:
            await _an_hour_passes(slack)
        await slack.crashes()  # what takes over remembers
        await slack.slack.says(nia.handle, "I look into it")
        await slack.worked_off()
        await _told(slack, nia, told)


async def test_talk_that_no_waiting_customer_could_miss_is_let_be(slack: SlackHarness) -> None:
    nia, omar, sam = await slack.agent("Nia"), await slack.agent("Omar"), await slack.stranger()
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    await slack.slack.says(sam.handle, "Who has the van today?")
    await slack.slack.says(nia.handle, "Lunch?", channel=RANDOM)
    await slack.slack.says(omar.handle, "From a bot", bot_id="B0OTHER001")
    await slack.claims(nia, case)
    await slack.slack.says(omar.handle, "Nia has it")
    await slack.worked_off()
    for who in (nia, omar, sam):
        await _told(slack, who, 0)


async def test_who_answers_below_a_digest_is_told_once_that_it_is_no_case(
    slack: SlackHarness,
) -> None:
    nia, lea = await slack.agent("Nia"), await slack.stranger()
    ada = await slack.site.customer("Ada")
    await ada.asks_for_a_person()
    digest = Digest("Yesterday", (Section("Opened", (Line("3 cases"),)),))
    posted = await SlackApi(slack.settings).post(SUPPORT, digest_post(digest, "daily-1"))
    thread = str(posted["ts"])
    first = await slack.slack.says(nia.handle, "Who takes the first?", thread_ts=thread)
    await slack.slack.says(lea.handle, "Not many!", thread_ts=thread)
    await slack.slack.says(nia.handle, ";; I do", thread_ts=thread)
    workspace = slack.slack.workspace
    workspace.change(workspace.channels[SUPPORT], first, text="Who takes it?")
    await slack.worked_off()
    await _told(slack, nia, 1)
    await _told(slack, lea, 0)
    [whisper] = workspace.whispers
    assert whisper["text"].startswith("This thread is no case: no customer sees")
    assert whisper["thread_ts"] == thread
    assert workspace.channels[SUPPORT].messages[first].get("reactions") is None
    assert await ada.reads_from_agents() == []


async def _an_hour_passes(slack: SlackHarness) -> None:
    async with slack.site.engine.begin() as connection:
        over = update(DutyRow).values(until=slack.site.clock() - timedelta(seconds=1))
        await connection.execute(over)


async def _told(slack: SlackHarness, who: Person, times: int) -> None:
    """This person was told something so often, once all whispers have left."""

    async def nothing_waits() -> bool:
        async with slack.site.store.read() as work:
            return await work.inbox.next_at("slack:signs") is None

    await eventually(nothing_waits)
    assert len(slack.whispers(who)) == times


async def test_what_was_written_in_a_thread_that_is_gone_is_looked_for_once(
    slack: SlackHarness,
) -> None:
    nia = await slack.agent("Nia")
    gone, mine = "1500000000.000100", {"parent_user_id": BOT_USER, "ts": "1500000001.000100"}
    said = {"type": "message", "user": nia.handle, "text": "Anybody?", "channel": SUPPORT}
    await slack.slack.send({**said, **mine, "thread_ts": gone})
    await slack.worked_off()
    assert [method for method, _ in slack.slack.calls].count("conversations.replies") == 1
