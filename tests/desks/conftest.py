"""The desks, each with people in front of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import backlot
import pytest

from tests.desks.backlot_slack import BacklotSlack, running_backlot
from tests.desks.browser_harness import browser_harness
from tests.desks.harness import Harness
from tests.desks.slack_harness import SlackHarness, slack_harness


@pytest.fixture(scope="session")
def emulator() -> Iterator[backlot.Server]:
    """backlot, once for all tests."""
    with running_backlot() as server:
        yield server


@pytest.fixture(params=["slack", "backlot", "browser"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    """Every desk in turn, Slack's by two servers."""
    opening: AbstractAsyncContextManager[Harness]
    if request.param == "backlot":
        server = partial(BacklotSlack, request.getfixturevalue("emulator"))
        opening = slack_harness(tmp_path, timeout_s=10, server=server)
    elif request.param == "slack":
        opening = slack_harness(tmp_path)
    else:
        opening = browser_harness(tmp_path)
    async with opening as harness:
        yield harness


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The Slack desk, for what only Slack does."""
    async with slack_harness(tmp_path) as harness:
        yield harness
