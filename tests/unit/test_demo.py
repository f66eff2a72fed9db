"""Demo staff sit at the browser desk; where real agents work in Slack, no case waits for them."""

import asyncio
from pathlib import Path

import pytest

from heard.demo import seed
from heard.settings import Settings
from store.database import connect
from store.live import LocalLive
from store.migrate import upgrade
from store.store import SqlStore

SLACK = {
    "desk": "slack",
    "slack_bot_token": "xoxb-test",
    "slack_signing_secret": "a-secret",
    "slack_channel": "C0123456789",
}


@pytest.mark.parametrize(("desk", "away"), [({}, False), (SLACK, True)])
async def test_demo_agents_are_at_the_browser_desk_alone(
    tmp_path: Path, desk: dict[str, str], away: bool
):
    settings = Settings(var=tmp_path, database_url="", **desk)
    await asyncio.to_thread(upgrade, settings.database)
    await seed(settings)
    store = SqlStore(connect(settings.database), LocalLive())
    async with store.read() as work:
        agents = await work.presence.agents()
    await store.close()
    assert [one.staff.name for one in agents] == ["Robin Demo", "Sam Demo"]
    assert [one.since is not None for one in agents] == [away, away]
    assert not any(one.staff.slack_user for one in agents)
