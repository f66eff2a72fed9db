"""Slack's limits are kept by construction: what waits is joined, new cases come first."""

import asyncio
import json
import re
from collections.abc import Iterable
from pathlib import Path

from conversation.messages import Author, Draft
from conversation.reasons import HandoffReason
from handoff.case import Briefing
from handoff.delivery.boxes import Delivery
from handoff.desks.slack.web_api.pace import Pace
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import NotOk
from tests.patience import PATIENT_S


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


async def test_two_hundred_cases_at_once_come_whole_and_the_oldest_first(tmp_path: Path) -> None:
    # Everything is a hundred times as fast as at Slack, its limit as well.
    async with slack_harness(tmp_path, post_every_s=0.01, limit_s=0.01) as slack:
        numbers = range(200)
        await _open_at_once(slack, numbers)
        await slack.site.delivered(patience_s=300)
        async with slack.site.store.read() as work:
            cases = await work.cases.listed(open_only=True)
        shown = [int(card["text"].split(":")[0].split()[-1]) for card in slack.cards()]
        assert sorted(shown) == [case.number for case in cases]
        # At this speed the turns come faster than cases are read, fifteen of them at a time.
        assert all(abs(place - number) <= 16 for place, number in enumerate(shown, start=1))
        for number, case in zip(numbers, cases, strict=True):
            said = re.findall(r"(?:before|after) \d{3}", json.dumps(await slack.thread(case)))
            assert said == [f"before {number:03d}", f"after {number:03d}"]
        assert slack.slack.limit is not None
        assert slack.slack.limit.refused <= 2


async def _open_at_once(slack: SlackHarness, numbers: Iterable[int]) -> None:
    """A case each in one transaction, with a line from before and one from after it."""
    now = slack.site.clock()
    async with slack.site.store.work() as work:
        for number in numbers:
            talk = await work.conversations.start(f"visitor {number}", None, now)
            before = Draft(Author.CUSTOMER, f"before {number:03d}", client_id=f"b{number}")
            first = await work.conversations.append(talk.id, before, now)
            briefing = Briefing("Visitor", "A parcel that is late", "")
            reason = HandoffReason.ASKED
            case = await work.cases.open(talk.id, reason, briefing, now, opened_seq=first.seq)
            await work.outbox.put(case.id, Delivery.OPEN_CASE, now)
            after = Draft(Author.CUSTOMER, f"after {number:03d}", client_id=f"a{number}")
            line = await work.conversations.append(talk.id, after, now)
            await work.outbox.put(case.id, Delivery.RELAY, now, seq=line.seq)


async def test_new_cases_have_their_turn_before_lines_and_the_oldest_first() -> None:
    pace, had = Pace(every_s=0.001), list[str]()

    async def take(name: str, rank: int, order: float) -> None:
        await pace.turn("C1", (rank, order), pace.ticket())
        had.append(name)

    waiting = [
        ("line 1", 2, 0.0),
        ("card 2", 0, 2.0),
        ("transcript 1", 1, 1.0),
        ("card 1", 0, 1.0),
        ("line 2", 2, 0.0),
    ]
    await asyncio.gather(*(take(*one) for one in waiting))
    assert had == ["card 1", "card 2", "transcript 1", "line 1", "line 2"]


async def test_who_is_put_off_has_the_next_turn_and_other_channels_do_not_wait() -> None:
    pace, had = Pace(every_s=0.001), list[str]()

    async def take(name: str, channel: str, ticket: int) -> None:
        await pace.turn(channel, (2, 0.0), ticket)
        had.append(name)

    put_off = pace.ticket()
    pace.rest("C1", 1.0)
    names = ("later 1", "later 2")
    later = [asyncio.create_task(take(name, "C1", pace.ticket())) for name in names]
    again = asyncio.create_task(take("put off", "C1", put_off))
    await take("elsewhere", "C2", pace.ticket())
    await asyncio.gather(*later, again)
    assert had == ["elsewhere", "put off", "later 1", "later 2"]


async def test_who_no_longer_waits_takes_nobodys_turn() -> None:
    pace = Pace(every_s=0.001)
    given_up = asyncio.create_task(pace.turn("C1", (0, 0.0), pace.ticket()))
    waits = asyncio.create_task(pace.turn("C1", (2, 0.0), pace.ticket()))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait_for(waits, PATIENT_S)
