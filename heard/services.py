"""What the command line does with the database outside a running app."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from conversation.clock import utc_now
from heard.settings import Settings
from staff import passwords
from staff.account import Role, Staff
from store.database import connect
from store.live import LocalLive
from store.store import SqlStore


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """The database, closed on leaving."""
    store = SqlStore(connect(settings.database), LocalLive())
    try:
        yield store
    finally:
        await store.close()


async def save_staff(
    settings: Settings,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str,
    slack_user: str | None,
) -> Staff:
    """Add a staff account, or change the one with this e-mail.

    Raises: ValueError with a sentence where the e-mail, password or Slack user cannot be taken.
    """
    if email.count("@") != 1 or not all(email.split("@")):
        raise ValueError(f"{email} is not an e-mail address.")
    if not name.strip():
        raise ValueError("A staff account needs the name that customers see.")
    hashed = await asyncio.to_thread(passwords.hash, password)
    try:
        async with opened_store(settings) as store, store.work() as work:
            return await work.accounts.save(
                email, name.strip(), roles, hashed, utc_now(), slack_user=slack_user
            )
    except IntegrityError as error:
        raise ValueError(f"Another account has the Slack user {slack_user}.") from error
