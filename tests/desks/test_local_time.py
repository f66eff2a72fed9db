"""Agents see what language the customer reads and what time it is for them, on every desk."""

from datetime import UTC, datetime, timedelta

import pytest

from conversation.zones import local_time
from tests.desks.harness import Harness

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "there"), [("Europe/Madrid", "14:00"), ("Asia/Kathmandu", "17:45"), ("UTC", "12:00")]
)
def test_the_time_there_has_odd_minutes_too(zone: str, there: str) -> None:
    assert local_time(zone, NOON) == there


def test_the_time_there_follows_the_season() -> None:
    assert local_time("Europe/Madrid", NOON + timedelta(days=180)) == "13:00"


async def test_the_card_says_language_and_local_time(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer("Ada")
    async with desk.site.store.work() as work:
        await work.conversations.note_time_zone(ada.conversation_id, "Asia/Kathmandu")
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    card = await desk.card(nia, case)
    times = {local_time("Asia/Kathmandu", at) for at in (case.opened_at, desk.site.clock())}
    assert "Local time" in card
    assert any(f"{one} (Asia/Kathmandu)" in " ".join(card.split()) for one in times)
    assert "English" in card


async def test_without_a_time_zone_no_local_time_is_said(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    assert "Local time" not in await desk.card(nia, case)
