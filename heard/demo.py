"""Demo data: the demo shop and plainly named demo staff, with a password made for this machine."""

import asyncio
import secrets
from pathlib import Path

from conversation.clock import utc_now
from heard.kept import keep
from heard.settings import ROOT, Settings
from staff import passwords
from staff.account import Role
from store.database import connect
from store.demo import load_demo_shop
from store.live import LocalLive
from store.store import SqlStore

AGENT, SECOND_AGENT, LEAD = "robin@example.com", "sam@example.com", "lee@example.com"

_STAFF = (
    (AGENT, "Robin Demo", (Role.AGENT,)),
    (SECOND_AGENT, "Sam Demo", (Role.AGENT,)),
    (LEAD, "Lee Demo", (Role.LEAD,)),
)


async def seed(settings: Settings) -> str:
    """Load the demo shop and staff where they are missing. Returns: the staff's password.

    Raises: ValueError with a sentence where the demo's files cannot be used.
    """
    store = SqlStore(connect(settings.database), LocalLive())
    try:
        await load_demo_shop(store, ROOT / "data" / "demo" / "shop.json", utc_now().date())
        return await _staff(store, settings.var / "demo.json", away=settings.desk != "browser")
    finally:
        await store.close()


async def _staff(store: SqlStore, kept: Path, *, away: bool) -> str:
    """Args: away: new agents are not at the desk, so that no case waits for an invented one."""
    password = keep(kept, {"password": secrets.token_urlsafe(9)})["password"]
    hashed = await asyncio.to_thread(passwords.hash, password)
    async with store.work() as work:
        for email, name, roles in _STAFF:
            if await work.accounts.by_email(email) is None:
                now = utc_now()
                staff = await work.accounts.save(email, name, roles, hashed, now)
                if away and Role.AGENT in roles:
                    await work.presence.set_away(staff.id, now, None)
    return password
