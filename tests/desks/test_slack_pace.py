"""Slack's limits are kept by construction: what waits is joined, new cases come first."""

from itertools import pairwise
from pathlib import Path

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


async def test_new_cases_come_before_lines_and_the_oldest_first(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, post_every_s=0.2) as slack:
        first = await slack.site.customer("First")
        await first.asks_for_a_person()
        await slack.site.delivered()
        await first.says("a line that holds the channel")
        await first.says("a line that waits")
        others = [await slack.site.customer(name) for name in ("Ada", "Bea", "Cem")]
        for customer in others:
            await customer.asks_for_a_person()
        await slack.site.delivered()
        posts = [args for method, args in slack.slack.calls if method == "chat.postMessage"]
        parts = [(post["metadata"]["event_payload"]["part"], post["text"]) for post in posts]
        cards = [text for part, text in parts if part == "card"]
        assert [name for text in cards for name in ("Ada", "Bea", "Cem") if name in text] == [
            "Ada",
            "Bea",
            "Cem",
        ]
        waited = next(place for place, post in enumerate(posts) if "that waits" in post["text"])
        assert [part for part, _ in parts[waited:]] == ["line"]
        times = [at for method, at in slack.slack.call_times if method == "chat.postMessage"]
        assert min(later - earlier for earlier, later in pairwise(times)) > 0.15
