"""A conversation that has had two cases: what stands in the thread of the first is about it."""

from typing import Any

from conversation.messages import Author
from handoff.case import Case
from tests.desks.site import Customers
from tests.desks.slack_harness import SlackHarness


async def test_a_deletion_in_the_first_thread_is_noted_on_the_first_case(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    first = await ada.asks_for_a_person()
    ts = await slack.writes(nia, first, "For somebody else")
    await slack.resolves(nia, first)
    await ada.rates(2, "It took too long")
    second = await ada.wants_a_follow_up()
    await slack.claims(nia, second)
    await slack.writes(nia, second, "For you")
    await slack.slack.send(await _deleted_at(slack, first, ts))
    await slack.worked_off()
    said = [m for m in await ada.sees() if m.author is Author.AGENT]
    assert [(m.text, m.deleted_at is not None) for m in said] == [("", True), ("For you", False)]
    assert await _deletions(slack, ada) == [first.number]


async def test_a_deletion_in_the_first_thread_after_it_went_on_is_noted_on_the_first_case(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    first = await ada.asks_for_a_person()
    await slack.claims(nia, first)
    await slack.resolves(nia, first)
    await ada.rates(2, "It took too long")
    second = await ada.wants_a_follow_up()
    await slack.claims(nia, second)
    await slack.resolves(nia, second)
    await slack.presses(nia, first, "Reopen")
    ts = await slack.writes(nia, first, "Once more about the first")
    await slack.slack.send(await _deleted_at(slack, first, ts))
    await slack.worked_off()
    assert await _deletions(slack, ada) == [first.number]


async def _deletions(slack: SlackHarness, ada: Customers) -> list[object]:
    """The numbers of the cases in which replies were deleted."""
    async with slack.site.store.read() as work:
        happened = await work.timeline.of(ada.conversation_id)
    return [one.detail["case"] for one in happened if one.kind == "reply_deleted"]


async def _deleted_at(slack: SlackHarness, case: Case, ts: str) -> dict[str, Any]:
    channel = (await slack.place(case)).channel
    deletion = {"type": "message", "subtype": "message_deleted", "hidden": True}
    return {**deletion, "channel": channel, "deleted_ts": ts, "ts": "1800000010.000100"}
