"""Slack's limits are kept by construction: what waits is joined, new cases come first."""

import asyncio
from pathlib import Path

from handoff.desks.slack.pace import Pace
from tests.desks.slack_harness import slack_harness
from tests.fake_slack import NotOk


async def test_lines_that_wait_for_their_turn_are_one_post(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, post_every_s=0.3) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        await ada.says("one", "two", "three & four", "five")
        await slack.site.delivered()
        lines = [message["text"] for message in (await slack.thread(case))[1:]]
        assert lines == ["one\ntwo\nthree &amp; four\nfive"]
        assert (await slack.reads(nia, case))[-4:] == ["one", "two", "three & four", "five"]


async def test_lines_of_a_joined_post_that_got_lost_on_the_way_come_once(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, post_every_s=0.3) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        await slack.site.delivered()
        slack.slack.faults.next("chat.postMessage", NotOk(error="fatal_error", accepted=True))
        await ada.says("one", "two", "three")
        await slack.site.delivered()
        read = [line for line in await slack.reads(nia, case) if line in ("one", "two", "three")]
        assert read == ["one", "two", "three"]


async def test_what_different_people_said_stands_in_different_posts(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, post_every_s=0.3) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        await slack.place(case)
        await ada.says("one")
        async with slack.site.store.read() as work:
            staff = await work.accounts.by_slack_user(nia.handle)
        assert staff is not None
        await slack.site.casework.reply(case.id, staff, "from the browser", key="k", via="browser")
        await ada.says("two")
        await slack.site.delivered()
        said = [(m.get("username"), m["text"]) for m in (await slack.thread(case))[1:]]
        assert said == [("Ada", "one"), ("Nia", "from the browser"), ("Ada", "two")]


async def test_new_cases_have_their_turn_before_lines_and_the_oldest_first() -> None:
    pace, had = Pace(every_s=0.001), list[str]()

    async def take(name: str, rank: int) -> None:
        await pace.turn("C1", rank, pace.ticket())
        had.append(name)

    waiting = [("line 1", 2), ("card 1", 0), ("transcript 1", 1), ("card 2", 0), ("line 2", 2)]
    await asyncio.gather(*(take(name, rank) for name, rank in waiting))
    assert had == ["card 1", "card 2", "transcript 1", "line 1", "line 2"]


async def test_who_is_put_off_has_the_next_turn_and_other_channels_do_not_wait() -> None:
    pace, had = Pace(every_s=0.001), list[str]()

    async def take(name: str, channel: str, ticket: int) -> None:
        await pace.turn(channel, 2, ticket)
        had.append(name)

    put_off = pace.ticket()
    pace.rest("C1", 0.2)
    names = ("later 1", "later 2")
    later = [asyncio.create_task(take(name, "C1", pace.ticket())) for name in names]
    again = asyncio.create_task(take("put off", "C1", put_off))
    await take("elsewhere", "C2", pace.ticket())
    await asyncio.gather(*later, again)
    assert had == ["elsewhere", "put off", "later 1", "later 2"]


async def test_who_no_longer_waits_takes_nobodys_turn() -> None:
    pace = Pace(every_s=0.001)
    given_up = asyncio.create_task(pace.turn("C1", 0, pace.ticket()))
    waits = asyncio.create_task(pace.turn("C1", 2, pace.ticket()))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait_for(waits, 5)
