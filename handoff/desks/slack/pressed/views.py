"""Forms and home tabs: what Slack shows one person on a request of theirs."""

from typing import Any

from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.web_api.refusals import Refused

View = dict[str, Any]

_TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")
_CONFLICT = "hash_conflict"


class TooLate(Exception):
    """Slack no longer lets the form open: a press is good for three seconds, and once."""


class Changed(Exception):
    """The view is no longer what it was when it was read."""


class Views:
    """Raises, everywhere: DeskError."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def open(self, trigger: str, view: View) -> None:
        """Open a form. Args: trigger: of the press. Raises: TooLate."""
        try:
            await self._api.call("views.open", trigger_id=trigger, view=view)
        except Refused as refusal:
            if refusal.code in _TOO_LATE:
                raise TooLate from refusal
            raise

    async def show_instead(self, view_id: str, view: View) -> None:
        """Turn a form that is open into this one."""
        await self._api.call("views.update", view_id=view_id, view=view)

    async def publish(self, user: str, view: View, seen: str | None) -> None:
        """Show the user's home tab. Args: seen: the hash of the one it follows, None: whichever.

        Raises: Changed where another one was shown since.
        """
        given = {"hash": seen} if seen else {}
        try:
            await self._api.call("views.publish", user_id=user, view=view, **given)
        except Refused as refusal:
            if refusal.code == _CONFLICT:
                raise Changed from refusal
            raise


def view_of(body: Payload) -> Payload:
    """The view that a request is about; empty where it is about none."""
    found = body.get("view")
    return found if isinstance(found, dict) else {}
