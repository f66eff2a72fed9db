"""What Slack refuses, in our words: what happened, what to do, and whether trying again helps."""

from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from handoff.desk import DeskError

_INSTALL_AGAIN = "Install the app again and set its new bot token"
_RENEW = "Make a new app token with the scope connections:write, and set it"
_REPORT = "This is a mistake in what Heard sends: report it with this line"
_GONE = "It was deleted in Slack, or belongs to another app"
_WHAT_TO_DO = {
    "not_in_channel": "Invite the app into the channel: /invite @Heard",
    "channel_not_found": "Check the channel's ID, and invite the app if the channel is private",
    "is_archived": "The channel is archived: unarchive it or set another one",
    "restricted_action": "A workspace setting forbids posting here: ask the workspace's admin",
    "account_inactive": _INSTALL_AGAIN,
    "invalid_auth": _INSTALL_AGAIN,
    "not_authed": _INSTALL_AGAIN,
    "token_revoked": _INSTALL_AGAIN,
    "token_expired": _INSTALL_AGAIN,
    "missing_scope": "Add the scope in the app's manifest and install the app again",
    "message_not_found": _GONE,
    "cant_update_message": _GONE,
    "thread_not_found": _GONE,
    "invalid_thread_ts": _GONE,
    "msg_blocks_too_long": _REPORT,
    "msg_too_long": _REPORT,
    "invalid_blocks": _REPORT,
    "invalid_blocks_format": _REPORT,
    "invalid_arguments": _REPORT,
    "metadata_too_large": _REPORT,
    "no_text": _REPORT,
}
_OF_FORM = frozenset(code for code, words in _WHAT_TO_DO.items() if words == _REPORT)
_OF_RIGHTS = ("missing_scope", "not_allowed", "not_allowed_token_type", "no_permission")
_OPEN_SOCKET = "apps.connections.open"
_TOO_MANY = 429
_PASSING = ("", "internal_error", "fatal_error", "service_unavailable", "request_timeout")


class Refused(DeskError):
    """Slack answered and said no. `code` is Slack's own word for the reason, "" where none."""

    def __init__(
        self,
        code: str,
        text: str,
        *,
        permanent: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        alone = code in _OF_FORM
        super().__init__(text, permanent=permanent, alone=alone, retry_after_s=retry_after_s)
        self.code = code

    @property
    def gone(self) -> bool:
        """True where what the call was about is not there any more."""
        return _WHAT_TO_DO.get(self.code) == _GONE

    @property
    def passing(self) -> bool:
        """True where the same call may well be taken a little later."""
        return self.retry_after_s is not None or self.code in _PASSING

    @property
    def of_rights(self) -> bool:
        """True where the app may not do it, or not in this way."""
        return self.code in _OF_RIGHTS

    @property
    def of_form(self) -> bool:
        """True where Slack did not like how the message is made: a plainer one may pass."""
        return self.alone


def translated(method: str, error: Exception) -> DeskError:
    """The desk's error for what went wrong in a call of `method`."""
    if isinstance(error, SlackApiError):
        return _refused(method, error.response)
    if isinstance(error, TimeoutError):
        return DeskError(f"Slack did not answer {method} in time")
    if isinstance(error, ClientError | SlackClientError | OSError):
        return DeskError(f"{method} did not get through to Slack: {type(error).__name__}")
    return DeskError(f"Slack's answer to {method} makes no sense: {type(error).__name__}")


def _refused(method: str, response: Any) -> Refused:
    # An HTML page from a proxy leaves the plain HTTP response here, without Slack's fields.
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    status = getattr(response, "status_code", None) or getattr(response, "status", "")
    headers = getattr(response, "headers", {})
    if status == _TOO_MANY or code in ("ratelimited", "rate_limited"):
        wait_s = _seconds(headers.get("Retry-After"))
        return Refused(code, f"Slack asked us to slow down: {method}", retry_after_s=wait_s)
    what_to_do = _WHAT_TO_DO.get(code)
    if what_to_do is None:
        return Refused(code, f"Slack could not do {method}: {code or f'HTTP {status}'}")
    if method == _OPEN_SOCKET and what_to_do == _INSTALL_AGAIN:
        what_to_do = _RENEW
    needed = f" ({data['needed']})" if isinstance(data, dict) and "needed" in data else ""
    text = f"Slack refused {method}: {code}{needed}. {what_to_do}."
    return Refused(code, text, permanent=True)


def _seconds(header: str | None) -> float:
    try:
        return max(1.0, float(header or 1))
    except ValueError:
        return 1.0
