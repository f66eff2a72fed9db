"""What a colleague does about a case is a small grey line in its thread, and no more than that."""

import asyncio
from datetime import timedelta
from pathlib import Path

from handoff.case import Case
from handoff.delivery.boxes import Delivery
from handoff.desks.slack.web_api.api import Post, SlackApi
from handoff.queue.groups import DeskRules, Group
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack.workspace import RANDOM, SUPPORT


async def grey(slack: SlackHarness, case: Case) -> list[str]:
    """The lines in small letters, one by one."""
    await slack.site.delivered()
    blocks = [block for post in await slack.thread(case) for block in post.get("blocks") or ()]
    texts = [
        element["text"]
        for block in blocks
        if block["type"] == "context"
        for element in block["elements"]
    ]
    return [line for text in texts for line in text.split("\n")]


async def test_each_act_is_a_line_that_the_customer_never_reads(slack: SlackHarness) -> None:
    nia, ben = await slack.agent("Nia"), await slack.agent("Ben")
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await slack.fills(nia, case, "Priority", priority="Urgent")
    later = slack.site.clock() + timedelta(days=2)
    await slack.fills(nia, case, "Snooze", until=int(later.timestamp()))
    await slack.fills(ben, case, "Assign", to="Ben · 0 cases")
    closed = {"resolution": "Could not be solved", "needed": "Yes", "closing": "Goodbye."}
    await slack.fills(ben, case, "Resolve", **closed)
    await slack.site.delivered()
    await slack.presses(nia, case, "Reopen")
    await slack.site.delivered()
    await slack.fills(nia, case, "Assign", to="Back to the queue")
    await slack.site.delivered()
    await slack.fills(ben, case, "Hand back to assistant", sure=["Hand it back all the same"])
    assert await grey(slack, case) == [
        "Nia claimed this.",
        "Nia set the priority to urgent.",
        f"Nia snoozed this until {later:%-d %b, %H:%M} UTC.",
        "Ben took this over from Nia.",
        "Ben resolved this: Could not be solved.",
        "Nia opened this again.",
        "Nia put this back into the queue.",
        "Ben handed this back to the assistant.",
    ]
    thread = await slack.reads(nia, case)
    assert thread.index("Goodbye.") < thread.index("Ben resolved this: Could not be solved.")
    assert not {message.text for message in await ada.sees()} & set(await grey(slack, case))


async def test_what_stands_in_the_thread_anyway_is_not_said_again(slack: SlackHarness) -> None:
    nia, omar = await slack.agent("Nia"), await slack.agent("Omar")
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.replies(nia, case, "Good morning")
    await slack.fills(nia, case, "Assign", to="Omar · 0 cases", note="Yours, I think.")
    assert f"<@{omar.handle}> Nia has given you this case. Yours, I think." in await slack.reads(
        nia, case
    )
    assert await grey(slack, case) == []


async def test_a_case_that_is_passed_on_says_so_where_it_stands_now(tmp_path: Path) -> None:
    payments = Group("payments", "Payments & more", channel=RANDOM, topics=frozenset({"invoice"}))
    rules = DeskRules((payments, Group("support", "Support")))
    async with slack_harness(tmp_path, rules=rules) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        await slack.fills(nia, case, "Assign", to="Payments &amp; more")
        await slack.site.delivered()
        assert (await slack.place(case)).channel == RANDOM
        assert await grey(slack, case) == ["Nia passed this on to Payments &amp; more."]


async def test_a_line_whose_answer_is_lost_stands_there_once(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    await slack.next_delivery_is_cut()
    await slack.claims(nia, case)
    assert await grey(slack, case) == ["Nia claimed this."]
    await slack.site.crash_before_marking(Delivery.ACT)
    assert await grey(slack, case) == ["Nia claimed this."]


async def test_a_line_waits_for_all_else_in_its_channel(slack: SlackHarness) -> None:
    api = SlackApi(slack.settings)
    parts = ("act", "line", "transcript", "card")
    await asyncio.gather(*(api.post(SUPPORT, Post(part, part, part)) for part in parts))
    assert [post["text"] for post in slack.cards()] == ["card", "transcript", "line", "act"]
