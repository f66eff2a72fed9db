"""What the command line does with the database outside a running app."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial

from sqlalchemy.exc import IntegrityError

from conversation.clock import Clock, utc_now
from handoff.briefing.masked import MaskRules
from handoff.digests.digests import Digest
from handoff.digests.editor import Editor
from handoff.queue.groups import DeskRules, DigestKind
from heard.order_shape import order_shape
from heard.settings import DESK, ROOT, SURVEYS, Settings
from staff import passwords
from staff.account import Role, Staff
from store.database import connect
from store.desk_rules import load_desk_rules
from store.live import LocalLive
from store.store import SqlStore
from store.survey_rules import load_survey_rules

_SLACK_USER = re.compile(r"(?:[TE][A-Z0-9]{5,14}/)?[UW][A-Z0-9]{5,14}")


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """The database, closed on leaving."""
    store = SqlStore(connect(settings.database), LocalLive())
    try:
        yield store
    finally:
        await store.close()


async def written_digest(settings: Settings, kind: DigestKind, day: date | None) -> Digest:
    """The digest that goes out on this day; without one tomorrow's, which tells of today."""
    async with opened_store(settings) as store:
        rules = load_desk_rules(DESK)
        editor = digest_editor(settings, store, rules, utc_now, mask_rules(settings))
        return await editor.write(kind, day or editor.today() + timedelta(days=1))


def digest_editor(
    settings: Settings, store: SqlStore, rules: DeskRules, clock: Clock, masks: MaskRules
) -> Editor:
    """Who writes the digests, with words masked as at the desk."""
    return Editor(
        store,
        rules,
        load_survey_rules(SURVEYS),
        clock,
        settings.public_url,
        partial(masks.of_desk, settings.desk),
    )


def mask_rules(settings: Settings) -> MaskRules:
    """What is masked at each desk."""
    return MaskRules(settings.masks, order_shape(ROOT / "config.yml"))


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
    if slack_user and not _SLACK_USER.fullmatch(slack_user):
        raise ValueError(
            f"{slack_user} is no Slack member ID, such as U0123456789 (the member's profile, ⋮, "
            "«Copy member ID»). A member of another workspace is T0123456789/U0123456789."
        )
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
