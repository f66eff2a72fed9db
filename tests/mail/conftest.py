"""A post office, and a customer who waits for its letters."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.mail import postman
from tests.mail.post_office import PostOffice, post_office
from tests.mail.talk import Talk, database_in, settings_for, talk_on


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
async def talk(tmp_path: Path, office: PostOffice) -> AsyncIterator[Talk]:
    database = await asyncio.to_thread(database_in, tmp_path)
    async with talk_on(database, settings_for(office)) as opened:
        yield opened


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once."""
    monkeypatch.setattr(postman, "_FIRST_PAUSE", timedelta(milliseconds=50))
