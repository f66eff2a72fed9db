"""Replies of which the customer has something else than stands in the thread: one that was made a
private note since, one whose file could not be sent."""

from handoff.case import CaseError
from handoff.casework.receipts import Sign
from handoff.desks.slack.pressed.actions import TAKE_OFF
from handoff.desks.slack.shown.blocks import actions, button, section
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.said import Said
from handoff.desks.slack.written.signs import EMOJI
from handoff.ports import Store

_HAS_IT = (
    "The customer has this reply already, so it cannot become a private note: for them it stays as "
    "it was."
)
_CHANGED_SINCE = "You have changed this reply since then, so nothing was done."


class Differing:
    """Shows beside a reply whether the customer has what stands there."""

    def __init__(self, store: Store, courtesy: Courtesy) -> None:
        self._store = store
        self._courtesy = courtesy

    async def begins(self, said: Said, stored_as: str) -> None:
        """Say what the customer has, and offer to take it off their page.

        Args: stored_as: the edit, see `actions.STORED_AS`.
        """
        await self.mark(said.place)
        offer = actions([button(TAKE_OFF, "Take it off the customer's page", stored_as)])
        await self._courtesy.whisper(said.thread, said.user, _HAS_IT, [section(_HAS_IT), offer])

    async def mark(self, place: Place) -> bool:
        """Show that the customer has not what stands there. False where they have none of it."""
        async with self._store.work() as work:
            before = await work.receipts.sign_at(place.ref)
            if before not in (None, Sign.DIFFERS):
                await work.receipts.show(place.ref, Sign.DIFFERS, was=before)
        if before not in (None, Sign.DIFFERS):
            await self._courtesy.instead(place, EMOJI[before], EMOJI[Sign.DIFFERS])
        return before is not None

    async def ends(self, place: Place) -> None:
        """What stands there is what the customer has again."""
        async with self._store.work() as work:
            ended = await work.receipts.show(place.ref, Sign.NONE, was=Sign.DIFFERS)
        if ended:
            await self._courtesy.instead(place, EMOJI[Sign.DIFFERS], ())

    async def is_over(self, place: Place) -> None:
        """The customer has nothing of it any more."""
        await self._courtesy.instead(place, EMOJI[Sign.DIFFERS], ())

    async def check(self, place: Place) -> None:
        """Raises: CaseError where the customer has what stands there."""
        async with self._store.read() as work:
            if await work.receipts.sign_at(place.ref) is not Sign.DIFFERS:
                raise CaseError(_CHANGED_SINCE)
