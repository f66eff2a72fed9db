"""Each group has its channel: cases stand there, are called there, and move with all they have."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation.clock import utc_now
from handoff.case import Case, CaseStatus, Route
from handoff.delivery.boxes import Delivery, Notice
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.digests.digests import Digest, Line, Section
from handoff.promises.callbacks import Callbacks
from handoff.promises.watch import Watch
from handoff.queue.groups import DeskRules, Group
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import Reset
from tests.fake_slack.limits import Json
from tests.fake_slack.workspace import RANDOM, SUPPORT

PAYMENTS = Group("payments", "Payments", channel=RANDOM, topics=frozenset({"charged_twice"}))
GOLD = Group("gold", "Gold & more", mention="S0GOLD0001", tiers=frozenset({"Standard"}))
RULES = DeskRules((PAYMENTS, GOLD, Group("support", "Support")))


@pytest.fixture
async def grouped(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    async with slack_harness(tmp_path, rules=RULES) as harness:
        yield harness


async def moves(desk: SlackHarness, case: Case, group: str) -> None:
    async with desk.site.store.work() as work:
        await work.cases.route(case.id, Route(group, utc_now()))
        await work.outbox.put(case.id, Delivery.MOVE_CASE, utc_now())
    await desk.site.delivered()


async def tells(desk: SlackHarness, case: Case, notice: Notice) -> None:
    async with desk.site.store.work() as work:
        await work.outbox.put(case.id, Delivery.NOTICE, utc_now(), notice=notice)
    await desk.site.delivered()


def top(desk: SlackHarness, channel: str) -> list[Json]:
    return list(desk.slack.workspace.top(desk.slack.workspace.channels[channel]))


async def test_a_case_without_a_channel_of_its_group_stands_in_the_support_channel(
    grouped: SlackHarness,
) -> None:
    ada = await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    assert case.route.group == "gold"
    assert (await grouped.place(case)).channel == SUPPORT


async def test_a_case_that_moves_takes_its_conversation_along(grouped: SlackHarness) -> None:
    nia, ada = await grouped.agent("Nia"), await grouped.site.customer("Ada")
    await ada.says("I was charged twice")
    case = await ada.asks_for_a_person()
    await ada.says("look, twice!")
    old = await grouped.place(case)
    await grouped.site.delivered()
    await moves(grouped, case, "payments")
    new = await grouped.place(case)
    assert new.channel == RANDOM
    read = await grouped.reads(nia, case)
    assert [line for line in read if "twice" in line] == ["I was charged twice", "look, twice!"]
    left = grouped.message(old)
    assert left["text"].startswith(f"Case 1 has gone to Payments, in <#{RANDOM}>.")
    assert not left["blocks"]
    await grouped.replies(nia, case, "I see both charges.")
    assert await ada.reads_from_agents() == [("Nia", "I see both charges.")]
    await ada.says("thanks")
    assert "thanks" in await grouped.reads(nia, case)


async def test_who_replies_where_a_case_stood_is_told_so(grouped: SlackHarness) -> None:
    nia, ada = await grouped.agent("Nia"), await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    old = await grouped.place(case)
    await moves(grouped, case, "payments")
    await grouped.slack.says(nia.handle, "Hello?", thread_ts=old.ts, channel=SUPPORT)
    await grouped.worked_off()
    assert await grouped.told(nia) == (
        "This case stands in another thread now, and this did not reach the customer: reply there."
    )
    assert await ada.reads_from_agents() == []


async def test_a_case_that_moves_within_a_channel_keeps_its_thread(grouped: SlackHarness) -> None:
    ada = await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    old = await grouped.place(case)
    await moves(grouped, case, "support")
    assert await grouped.place(case) == old
    assert len(top(grouped, SUPPORT)) == 1


async def test_a_move_whose_answer_is_lost_leaves_one_card(grouped: SlackHarness) -> None:
    ada = await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await grouped.place(case)
    grouped.slack.faults.next("chat.postMessage", Reset(accepted=True))
    await moves(grouped, case, "payments")
    assert len(top(grouped, RANDOM)) == 1
    assert (await grouped.place(case)).channel == RANDOM


async def test_a_notice_calls_its_agent_in_the_thread_alone(grouped: SlackHarness) -> None:
    nia, ada = await grouped.agent("Nia"), await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await grouped.claims(nia, case)
    async with grouped.site.store.read() as work:
        owner = (await work.cases.get(case.id)).agent_id
    grouped.slack.faults.next("chat.postMessage", Reset(accepted=True))
    await tells(grouped, case, Notice("Reply to <Ada> soon", agent_id=owner))
    said = [message["text"] for message in await grouped.thread(case)]
    assert said.count(f"<@{nia.handle}> Reply to &lt;Ada&gt; soon") == 1
    assert len(top(grouped, SUPPORT)) == 1
    assert (await ada.sees())[-1].text == "Nia has joined the chat."


async def test_a_loud_notice_calls_the_group_in_its_channel(grouped: SlackHarness) -> None:
    ada = await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    place: Place = await grouped.place(case)
    await tells(grouped, case, Notice("Nobody has answered", group="gold", aloud=True))
    await tells(grouped, case, Notice("Nor has anybody here", group="payments"))
    (_, loud) = top(grouped, SUPPORT)
    assert loud["text"] == "<!subteam^S0GOLD0001> Nobody has answered"
    assert loud["thread_ts"] == place.ts
    assert (await grouped.thread(case))[-1]["text"] == "*Payments* Nor has anybody here"


async def test_a_digest_is_one_post_in_its_channel_however_often_it_is_tried(
    grouped: SlackHarness,
) -> None:
    quote = Line("where <!channel> is it", quote=True, url="http://shop.example/desk/cases/1")
    lines = (Line("3 opened, 2 resolved"), *[quote] * 40)
    digest = Digest("The desk, Monday 2 March", (Section("Figures & more", lines),) * 20)
    desk = SlackDesk(SlackApi(grouped.settings), grouped.site.store, SUPPORT, 0.1)
    await desk.publish(digest, RANDOM, key="digest:daily:2026-03-03", again=False)
    await desk.publish(digest, RANDOM, key="digest:daily:2026-03-03", again=True)
    await desk.publish(digest, "", key="digest:voices:2026-03-03", again=False)
    (posted,) = top(grouped, RANDOM)
    assert posted["text"] == "The desk, Monday 2 March"
    texts = [block["text"]["text"] for block in posted["blocks"]]
    assert texts[1].startswith("*Figures &amp; more*\n3 opened, 2 resolved\n> where &lt;!channel")
    assert texts[1].endswith("lines more")
    assert sum(map(len, texts)) < 9000
    assert len(top(grouped, SUPPORT)) == 1


async def test_the_card_names_the_group_and_calls_who_should_take_it(
    grouped: SlackHarness,
) -> None:
    nia, ada = await grouped.agent("Nia"), await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    card = await grouped.card(nia, case)
    assert "Gold & more" in card
    assert f"suggested: <@{nia.handle}>" in card
    await grouped.claims(nia, case)
    assert "suggested" not in await grouped.card(nia, case)


async def test_whose_account_is_deactivated_in_the_middle_of_a_case_loses_it_to_the_queue(
    grouped: SlackHarness,
) -> None:
    nia, ben = await grouped.agent("Nia"), await grouped.agent("Ben")
    ada = await grouped.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await grouped.replies(nia, case, "One moment.")
    site = grouped.site
    watch = Watch(
        site.store, site.casework, Callbacks(site.store, site.clock), site.rules, site.clock
    )
    await grouped.slack.send({"type": "user_change", "user": {"id": nia.handle, "deleted": True}})
    await grouped.worked_off()
    await watch.look()
    await site.delivered()
    assert (await ada.case()).status is CaseStatus.WAITING
    assert top(grouped, SUPPORT)[-1]["text"].startswith(
        f"<@{ben.handle}> Nia is away: Ada waits for somebody else."
    )
    assert (await ada.notices())[-1] == "Nia has left the chat. A colleague takes over."
    before = await ada.sees()
    await grouped.replies(nia, case, "From an account that is no more.")
    assert await ada.sees() == before
    await grouped.slack.send({"type": "user_change", "user": {"id": nia.handle, "deleted": False}})
    await grouped.worked_off()
    await grouped.replies(nia, case, "Here again.")
    assert (await ada.sees())[-1].text == "Here again."
    assert [one.away for one in await site.staffing.status()] == [False, False]
