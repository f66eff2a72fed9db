"""What is said where the desk that was chosen does not take what is sent to it."""

from datetime import datetime, timedelta
from typing import Any

from handoff.desks.browser.desk import NAME
from handoff.desks.browser.parts import DeskParts
from handoff.ports import Work

_STUCK_AFTER = timedelta(minutes=1)


async def stuck_of(work: Work, parts: DeskParts, now: datetime) -> dict[str, Any]:
    """For _stuck.html: the name of the chosen desk, and what it did not take; None where all is
    well, or where that desk is this one."""
    stuck = None if parts.chosen == NAME else await work.outbox.stuck(now - _STUCK_AFTER)
    return {"chosen": parts.chosen.capitalize(), "stuck": stuck}
