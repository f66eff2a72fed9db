"""A browser for the tests that look at pages as people do."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from scripts.browser import NO_BROWSER, find_browser
from tests.patience import PATIENT_S
from tests.unit.staff_site import StaffSite, staff_site

expect.set_options(timeout=PATIENT_S * 1000)

_ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests; without one they are skipped.

    It lives in the session's event loop, so tests that use it carry
    `pytest.mark.asyncio(loop_scope="session")`.
    """
    path = find_browser()
    if path is None:
        pytest.skip(NO_BROWSER)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=path, args=[*_ARGUMENTS, *as_root]
        )
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path, browser: Browser) -> AsyncIterator[StaffSite]:
    """The pages of agents and leads; what a test opened in the browser is closed after it."""
    async with staff_site(tmp_path) as opened:
        yield opened
        for context in browser.contexts:
            await context.close()
