"""What an agent looks at behind a mask is read when Slack takes it, never kept on the way."""

from sqlalchemy import select

from store.database import transaction
from store.tables import InboxRow
from tests.desks.site import eventually
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack import Broken

NUMBER = "4111 1111 1111 1111"


async def test_what_stands_behind_a_mask_is_not_kept_while_slack_is_away(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    await ada.says(f"my card is {NUMBER}")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    slack.slack.faults.next("chat.postEphemeral", *[Broken(503)] * 3)
    await slack.opens(nia, case, "Show what is masked")
    [label] = slack.labels_of(nia, "token")
    await slack.slack.hands.submits(nia.handle, token=label)

    async def tried() -> str:
        rows = await _waiting(slack)
        return " ".join(row.body.decode() for row in rows) if any(r.attempts for r in rows) else ""

    kept = await eventually(tried)
    assert "CARD_1" in kept
    assert "1111" not in kept

    async def told() -> bool:
        return f"CARD_1: {NUMBER}" in slack.whispers(nia)

    await eventually(told)


async def test_what_is_masked_in_a_later_line_is_offered_at_once(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    await ada.says(f"my card is {NUMBER}")

    async def offered() -> bool:
        return "Show what is masked" in str(slack.message(await slack.place(case))["blocks"])

    await eventually(offered)
    await slack.opens(nia, case, "Show what is masked")
    [label] = slack.labels_of(nia, "token")
    assert label.startswith("CARD_1")


async def _waiting(slack: SlackHarness) -> list[InboxRow]:
    """The signs that Slack has not taken yet."""
    async with transaction(slack.site.engine, writes=False) as session:
        query = select(InboxRow).where(InboxRow.source == "slack:signs")
        return list(await session.scalars(query))
