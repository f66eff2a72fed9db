"""What Heard posts in Slack: within Slack's limits, once, and never more than may be read."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from conversation.annotated import AnnotatedTurn
from conversation.clock import utc_now
from conversation.effort import Effort
from conversation.messages import Author, Draft, Link
from conversation.policy import Decision, Step
from conversation.shop import Order, OrderState
from conversation.turns import Turn
from handoff.casework.telling import tell_agents
from handoff.delivery.boxes import Delivery
from handoff.desks.slack.settings import SlackSettings
from handoff.promises.callbacks import Callbacks
from handoff.promises.watch import Watch
from handoff.queue.groups import DeskRules, Goals, Group
from store.tables import OutboxRow
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, manifest_scopes, slack_harness
from tests.fake_slack import NotOk
from tests.fake_slack.workspace import BOT_USER, SUPPORT

_WITHOUT_A_METHOD = {"channels:read", "commands"}  # for `heard check`; shortcuts and /heard
_HOSTILE = "<!channel> <@U0BOSS00001> &amp; @here <https://bad.example|good.example> ```"


async def test_customers_cannot_make_slack_obey(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("<!everyone>")
    await ada.says(_HOSTILE)
    case = await ada.asks_for_a_person()
    await ada.says(_HOSTILE)
    assert (await slack.reads(nia, case)).count(_HOSTILE) == 2
    posted = json.dumps([args for method, args in slack.slack.calls if method.startswith("chat.")])
    for control in ("<!channel", "<!everyone", "<@U0BOSS", "<https://bad"):
        assert control not in posted
    assert "&lt;!channel&gt;" in posted


async def test_the_longest_and_worst_case_fits_slacks_limits(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("&" * 120)
    await ada.says(*["&" * 4000] * 8, "\n" * 3998 + "<>")
    case = await ada.asks_for_a_person()
    await ada.says("&" * 4000)
    await slack.claims(nia, case)
    await slack.site.delivered()
    assert (await slack.state(nia, case)).startswith("With Nia")
    await slack.resolves(nia, case)
    await ada.rates(1, "&" * 4000)
    await ada.wants_a_follow_up()
    assert "Ease 1 of 7" in await slack.card(nia, case)
    async with slack.site.store.read() as work:
        assert await work.outbox.parked() == 0


async def test_links_of_an_answer_stand_with_title_and_whole_address(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    link = Link("Read more: What delivery costs", "/help/delivery-cost")
    async with slack.site.store.work() as work:
        draft = Draft(Author.BOT, "From 60 EUR it is free.", buttons=(link,))
        await work.conversations.append(ada.conversation_id, draft, utc_now())
    case = await ada.asks_for_a_person()
    read = await slack.reads(nia, case)
    shown = f"Read more: What delivery costs: {slack.site.url}/help/delivery-cost"
    assert read[read.index("From 60 EUR it is free.") + 1] == shown


async def test_the_card_says_what_there_is_to_know(slack: SlackHarness) -> None:
    ada = await slack.site.customer("Ada")
    await ada.says("my parcel is late\nand nobody answers")
    case = await ada.asks_for_a_person()
    card = slack.message(await slack.place(case))
    text = json.dumps(card["blocks"], ensure_ascii=False)
    assert "*Why now*  The customer asked for a person" in text
    assert "> my parcel is late and nobody answers" in text
    assert "Standard, since 2024" in text
    assert "Replies in this thread reach the customer" in text
    assert f"<{slack.site.url}/desk/cases/{case.id}|Open in the browser>" in text
    labels = [
        e["text"]["text"] for b in card["blocks"] for e in b.get("elements", ()) if "value" in e
    ]
    assert labels == ["Claim", "Resolve", "Hand back to assistant", "Refund, resend, extend"]
    assert card["text"].startswith(f"Waiting. Case {case.number}: Ada")
    assert card["text"].endswith("“my parcel is late and nobody answers”")


async def test_what_must_be_seen_at_once_stands_above_the_buttons(slack: SlackHarness) -> None:
    today = date.today()
    socks = Order(
        "1001", "", ("Trail socks",), 1900, "EUR", OrderState.SHIPPED, today, "1 Demo Street",
        due_on=today - timedelta(days=4),
    )  # fmt: skip
    stove = replace(socks, number="1002", items=("Camp stove",), due_on=today - timedelta(days=9))
    ada = await slack.site.customer("Ada", socks, stove)
    await ada.says("where are my two orders, this is a joke!!")
    await _scored(slack, ada, "was promised something that did not happen", "strong words")
    await ada.says("agent please, NOW")
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    card = slack.message(await slack.place(case))
    kinds = [block["type"] for block in card["blocks"]]
    assert kinds == ["header", "section", "actions", "section", "context", "context"]
    who, said, why = card["blocks"][1]["text"]["text"].split("\n")
    assert who.index("9 days late") < who.index("4 days late")
    assert said == "> where are my two orders, this is a joke!!"
    assert why.endswith(
        "Before that: was promised something that did not happen, strong words (effort 64 of 100)"
    )
    assert card["text"].endswith("“where are my two orders, this is a joke!!”")


async def _scored(slack: SlackHarness, who: Customers, *reasons: str) -> None:
    """Note what the customer's last message was found to have cost."""
    last = (await who.sees())[-1]
    turn = Turn(last.id, last.at, last.text, "late_parcel", 0.9)
    found = AnnotatedTurn(turn, Effort(64.0, reasons, "4"), Decision(Step.GO_ON))
    async with slack.site.store.work() as work:
        await work.turns.save(who.conversation_id, found)


async def test_a_first_reply_that_was_given_is_due_no_longer(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    assert "first reply due" in await slack.card(nia, case)
    await slack.replies(nia, case, "Hello")
    assert "first reply due" not in await slack.card(nia, case)


async def test_the_title_says_whose_turn_it_is(
    slack: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("promises.watch", "casework.replies"):
        monkeypatch.setattr(f"handoff.{module}.SHOWN_AFTER", timedelta())
    site = slack.site
    callbacks = Callbacks(site.store, site.clock)
    watch = Watch(site.store, site.casework, callbacks, site.rules, site.clock)
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    assert (await slack.state(nia, case)).startswith("With Nia, not answered yet · Ada")
    await slack.replies(nia, case, "Which parcel?")
    assert (await slack.state(nia, case)).startswith("With Nia, answered · Ada")
    await ada.says("the blue one", "the one of May")
    await watch.look()
    assert (await slack.state(nia, case)).startswith("With Nia, customer waits · Ada")
    assert "Customer waits since" in await slack.card(nia, case)
    await slack.replies(nia, case, "I see it.")
    assert (await slack.state(nia, case)).startswith("With Nia, answered · Ada")


async def test_the_title_says_that_an_answer_is_late(tmp_path: Path) -> None:
    soon = Group("support", "Support", goals=Goals(first_reply=timedelta(microseconds=1)))
    rules = DeskRules(groups=(soon,))
    async with slack_harness(tmp_path, rules=rules) as slack:
        nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        assert (await slack.state(nia, case)).startswith("Late: Waiting · Ada")
        await slack.replies(nia, case, "Hello")
        assert (await slack.state(nia, case)).startswith("With Nia, answered · Ada")


async def test_a_closed_case_can_be_reopened_and_nothing_else(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.resolves(nia, case)
    await slack.site.delivered()
    card = slack.message(await slack.place(case))
    [row] = [block for block in card["blocks"] if block["type"] == "actions"]
    assert [element["text"]["text"] for element in row["elements"]] == ["Reopen"]
    assert card["text"].startswith("Resolved by Nia.")
    assert "waited less than a minute" in json.dumps(card["blocks"])


async def test_posts_carry_ids_only_beside_their_text(slack: SlackHarness) -> None:
    ada = await slack.site.customer()
    await ada.asks_for_a_person()
    await ada.says("hello")
    await slack.site.delivered()
    posts = [args for method, args in slack.slack.calls if method == "chat.postMessage"]
    assert len(posts) == 3
    for post in posts:
        assert set(post["metadata"]["event_payload"]) == {"key", "part"}
        assert len(post["metadata"]["event_payload"]["key"]) == 36


async def test_customer_lines_come_under_the_customers_name(slack: SlackHarness) -> None:
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await ada.says("hello")
    await slack.site.delivered()
    assert (await slack.thread(case))[-1]["username"] == "Ada"


async def test_without_the_scope_for_names_the_name_is_in_the_text(tmp_path: Path) -> None:
    scopes = manifest_scopes() - {"chat:write.customize"}
    async with slack_harness(tmp_path, scopes=scopes) as slack:
        ada = await slack.site.customer("Ada")
        case = await ada.asks_for_a_person()
        await ada.says("hello")
        await slack.site.delivered()
        line = (await slack.thread(case))[-1]
        assert (line["user"], line["text"]) == (BOT_USER, "*Ada*\n> hello")


async def test_a_long_conversation_comes_as_twenty_turns_and_a_file(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    said = [f"number {number} {'x' * 300}" for number in range(40)]
    await ada.says(*said)
    case = await ada.asks_for_a_person()
    await slack.site.delivered()
    transcript, file = await slack.thread(case)
    text = "".join(block["text"]["text"] for block in transcript["blocks"])
    assert len(text) <= 9_000
    assert "number 39" in text
    assert "number 10 " not in text
    [shared] = file["files"]
    assert shared["name"] == f"conversation-{case.number}.txt"
    content = slack.slack.workspace.files[shared["id"]]["content"].decode()
    assert [line for line in said if f"Ada: {line}" not in content] == []
    await slack.site.crash_before_marking(Delivery.OPEN_CASE)
    await slack.site.delivered()
    assert len(await slack.thread(case)) == 2
    assert len(slack.cards()) == 1
    assert await slack.reads(nia, case)


async def test_without_the_scope_for_files_the_thread_says_where_the_rest_is(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, scopes=manifest_scopes() - {"files:write"}) as slack:
        ada = await slack.site.customer("Ada")
        await ada.says(*["x" * 400] * 40)
        case = await ada.asks_for_a_person()
        await slack.site.delivered()
        assert f"/desk/cases/{case.id}|" in (await slack.thread(case))[-1]["text"]


async def test_a_channel_without_the_app_is_refused_by_name(slack: SlackHarness) -> None:
    slack.slack.workspace.channels[SUPPORT].has_bot = False
    await (await slack.site.customer()).asks_for_a_person()

    async def error() -> str | None:
        return await _outbox_error(slack)

    assert "Invite the app into the channel" in str(await eventually(error))


async def test_the_manifest_asks_for_what_is_used_and_nothing_more(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    slack.slack.workspace.join("U0LINA0001", "Lina")
    await ada.says(*["x" * 400] * 40)
    slack.slack.faults.next("chat.postMessage", NotOk(error="fatal_error", accepted=True))
    case = await ada.asks_for_a_person()
    await ada.says("hello")
    await slack.writes(nia, case, "I ask <@U0LINA0001>")
    await ada.looks()
    await slack.site.delivered()

    async def used() -> bool:
        used = slack.slack.methods.scopes_used - {""}
        return used | _WITHOUT_A_METHOD == manifest_scopes()

    await eventually(used)  # the tick comes a moment later


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bot_token": "xapp-1"}, "xoxb-"),
        ({"signing_secret": " "}, "Basic Information"),
        ({"channel": "#support"}, "C0123456789"),
    ],
)
def test_settings_that_cannot_work_say_what_to_do(change: dict[str, str], words: str) -> None:
    right: dict[str, Any] = {"bot_token": "xoxb-1", "signing_secret": "s", "channel": "C0123456789"}
    shown = repr(SlackSettings(**right))
    assert "xoxb-1" not in shown
    with pytest.raises(ValueError, match=words):
        SlackSettings(**{**right, **change})


async def _outbox_error(slack: SlackHarness) -> str | None:
    async with slack.site.engine.connect() as connection:
        query = select(OutboxRow.error).where(OutboxRow.parked)
        error: str | None = await connection.scalar(query)
    return error


async def test_what_agents_are_told_beside_a_case_is_masked_too(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    async with slack.site.store.work() as work:
        text = "From another address: take it from 4111 1111 1111 1111"
        await tell_agents(work, case, "E-mail", text, "mail:1", utc_now())
    read = "\n".join(await slack.reads(nia, case))
    assert "From another address: take it from [CARD_1]" in read
    assert "4111" not in read
