"""Sessions of signed-in staff: an idle and an absolute limit, a CSRF token each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from staff.account import Staff

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in staff member. `id` is the hash of the secret in the cookie."""

    id: str
    staff: Staff
    csrf: str
    began_at: datetime
    seen_at: datetime

    def expired(self, now: datetime) -> bool:
        """True once it was idle, or open, for too long."""
        return now - self.seen_at > IDLE or now - self.began_at > ABSOLUTE


class Sessions(Protocol):
    """Where sessions live."""

    async def begin_session(self, session_id: str, staff_id: str, csrf: str, at: datetime) -> None:
        """Store a session under the hash of its secret."""
        ...

    async def session(self, session_id: str) -> Session | None:
        """The session with the account it belongs to, or None."""
        ...

    async def saw_session(self, session_id: str, at: datetime) -> None:
        """Note that the session was used."""
        ...

    async def end_session(self, session_id: str) -> None:
        """Forget the session."""
        ...
