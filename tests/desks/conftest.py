"""The desks, each with people in front of it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.desks.browser_harness import browser_harness
from tests.desks.harness import Harness
from tests.desks.slack_harness import SlackHarness, slack_harness


@pytest.fixture(params=["slack", "browser"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    """Every desk in turn."""
    opening: AbstractAsyncContextManager[Harness] = (
        slack_harness(tmp_path) if request.param == "slack" else browser_harness(tmp_path)
    )
    async with opening as harness:
        yield harness


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The Slack desk, for what only Slack does."""
    async with slack_harness(tmp_path) as harness:
        yield harness
