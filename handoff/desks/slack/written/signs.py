"""Signs beside agents' replies: in the chat, gone by e-mail, or still on the way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog

from conversation.clock import Clock
from handoff.case import CaseRef
from handoff.casework.receipts import Receipt, Sign
from handoff.delivery.boxes import Delivery
from handoff.desk import DeskError
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.refusals import Refused
from handoff.desks.slack.written.courtesy import without_fuss
from handoff.ports import Store
from handoff.wakes import RECEIPTS_TOPIC, Live

log = structlog.get_logger()

_TICK, _HOURGLASS, _LETTER = "white_check_mark", "hourglass_flowing_sand", "e-mail"
_WARNING = "warning"
EMOJI = {
    Sign.NONE: (),
    Sign.WAITS: (_HOURGLASS,),
    Sign.BY_MAIL: (_LETTER, _HOURGLASS),
    Sign.MAILED: (_LETTER, _TICK),
    Sign.ARRIVED: (_TICK,),
    Sign.DIFFERS: (_WARNING,),
}
"""The reactions that show each sign."""
_IDLE_S = 5.0
_LEAST_PAUSE_S = 0.05
_AFTER_FAILURE_S = 2.0


class Signs:
    """Puts reactions on replies as their state changes. Nothing is lost when Heard stops."""

    def __init__(
        self, store: Store, live: Live, clock: Clock, api: SlackApi, away_after_s: float
    ) -> None:
        """Args: away_after_s: without a confirmation for so long the customer is called away."""
        self._store = store
        self._live = live
        self._clock = clock
        self._api = api
        self._away_after = timedelta(seconds=away_after_s)

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._live.listen(RECEIPTS_TOPIC) as listener:
            while True:
                pause = _IDLE_S
                try:
                    pause = await self._look()
                except DeskError as error:
                    log.warning("slack_sign_not_sent", error=str(error))
                    pause = error.retry_after_s or _AFTER_FAILURE_S
                except Exception:
                    log.exception("slack_signs_failed")
                await listener.wait(pause)

    async def _look(self) -> float:
        """Show what is due. Returns: after how many seconds the next sign may be.

        Raises: DeskError where Slack cannot be reached, or wants to be left alone.
        """
        async with self._store.read() as work:
            receipts = await work.receipts.open()
        next_at: datetime | None = None
        for receipt in receipts:
            sign = receipt.due(self._clock(), self._away_after)
            if sign is Sign.NONE:
                away_at = receipt.at + self._away_after
                next_at = min(next_at or away_at, away_at)
            elif sign is not receipt.sign:
                await self._show(receipt, sign)
        if next_at is None:
            return _IDLE_S
        return min(_IDLE_S, max(_LEAST_PAUSE_S, (next_at - self._clock()).total_seconds()))

    async def _show(self, receipt: Receipt, sign: Sign) -> None:
        place = Place.of(CaseRef(receipt.place))
        try:
            before, now = EMOJI[receipt.sign], EMOJI[sign]
            await self._off(place, (one for one in before if one not in now))
            for emoji in (one for one in now if one not in before):
                await without_fuss(partial(self._api.react, place, emoji))
        except Refused as refusal:
            if refusal.passing:
                raise
            log.warning("slack_sign_refused", code=refusal.code)
            sign = Sign.ARRIVED  # the message is gone, or we may not: nothing is left to do
        case_id = await self._case_of(receipt) if Sign.WAITS in (receipt.sign, sign) else None
        async with self._store.work() as work:
            current = await work.receipts.show(receipt.place, sign, was=receipt.sign)
            if current and case_id is not None:  # the card says that the customer is away
                await work.outbox.put(case_id, Delivery.UPDATE_CASE, self._clock())
        if not current:  # its author has changed it meanwhile, and another sign stands there
            await self._off(place, EMOJI[sign])

    async def _case_of(self, receipt: Receipt) -> str | None:
        async with self._store.read() as work:
            found = await work.receipts.reply_at(receipt.place)
            case = await work.cases.open_of(found[0].conversation_id) if found else None
        return case.id if case else None

    async def _off(self, place: Place, emoji: Iterable[str]) -> None:
        for one in emoji:
            await without_fuss(partial(self._api.unreact, place, one))
