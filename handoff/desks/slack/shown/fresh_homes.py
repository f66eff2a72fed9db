"""Home tabs that agents have looked at lately show what changes, without being opened anew."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from conversation.clock import Clock
from handoff.desk import DeskError
from handoff.desks.slack.shown.home import Home
from handoff.wakes import CASES_TOPIC, OUTBOX_TOPIC, RECEIPTS_TOPIC, Live

log = structlog.get_logger()

LATELY = timedelta(hours=4)
_MOST = 300  # agents whose tabs are kept fresh
_IN_A_ROUND = 8  # Slack takes about a hundred tabs a minute
_IDLE_S = 600.0  # only for what no wake tells: then a tab is found to be as it was


@dataclass(frozen=True, slots=True)
class _Looker:
    team: str
    at: datetime


class FreshHomes:
    """Shows a tab anew where a case has changed what it says; nothing is asked of Slack else.

    It forgets who looked when Heard stops: their tabs are fresh again once they open them.
    """

    def __init__(self, home: Home, live: Live, clock: Clock, every_s: float) -> None:
        """Args: every_s: a tab is shown anew no oftener."""
        self._home = home
        self._live = live
        self._clock = clock
        self._every_s = every_s
        self._lookers: OrderedDict[str, _Looker] = OrderedDict()

    def looked(self, user: str, team: str = "") -> None:
        """The user has the tab open, as far as anybody knows: Slack says nothing of its closing."""
        self._lookers[user] = _Looker(team, self._clock())
        self._lookers.move_to_end(user)
        if len(self._lookers) > _MOST:
            self._lookers.popitem(last=False)

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._live.listen(CASES_TOPIC, OUTBOX_TOPIC, RECEIPTS_TOPIC) as listener:
            while True:
                await listener.wait(_IDLE_S)
                await self._round()

    async def _round(self) -> None:
        """Look at all tabs once, the longest unchanged first, so many at a time."""
        lookers = list(self._lookers)
        for first in range(0, len(lookers), _IN_A_ROUND):
            pause = self._every_s
            for user in lookers[first : first + _IN_A_ROUND]:
                pause = max(pause, await self._refresh(user))
            await asyncio.sleep(pause)

    async def _refresh(self, user: str) -> float:
        """Returns: for how many seconds Slack wants to be left alone."""
        looker = self._lookers.get(user)
        if looker is None:
            return 0.0
        if self._clock() - looker.at > LATELY:
            del self._lookers[user]
            return 0.0
        try:
            await self._home.refresh(user, looker.team)
        except DeskError as error:
            log.warning("slack_home_not_fresh", error=str(error))
            return error.retry_after_s or 0.0
        except Exception:
            log.exception("slack_home_failed")
        return 0.0
