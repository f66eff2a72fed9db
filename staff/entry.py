"""Letting staff in: who they are, their session, and no more guesses than a person makes."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog

from conversation.clock import Clock
from staff import passwords
from staff.account import Staff
from staff.ports import StaffStore
from staff.sessions import Session
from staff.throttle import Throttle

log = structlog.get_logger()

_WINDOW = timedelta(minutes=15)
# From one address the small limits hold; a stranger alone cannot use up an account's own.
_PER_ACCOUNT_AND_ADDRESS, _PER_ADDRESS, _PER_ACCOUNT = 8, 40, 50
_CHECKS_AT_ONCE = 2  # each takes 64 MB while it runs
_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was let in. `wait_s` is 0 where another try is welcome."""

    wait_s: float = 0.0


class Entry:
    """Checks passwords, begins and ends sessions."""

    def __init__(self, store: StaffStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._pairs = Throttle(_PER_ACCOUNT_AND_ADDRESS, _WINDOW, clock)
        self._addresses = Throttle(_PER_ADDRESS, _WINDOW, clock)
        self._accounts = Throttle(_PER_ACCOUNT, _WINDOW, clock)
        self._checks = asyncio.Semaphore(_CHECKS_AT_ONCE)

    async def check(self, email: str, password: str, address: str) -> Staff | Refused:
        """The account that this e-mail and password open."""
        account = email.strip().lower()[:254]
        counted = (
            (self._pairs, f"{address} {account}"),
            (self._addresses, address),
            (self._accounts, account),
        )
        if wait_s := max(throttle.wait_s(key) for throttle, key in counted):
            log.warning("sign_in_throttled", wait_s=round(wait_s))
            return Refused(wait_s)
        for throttle, key in counted:
            throttle.attempt(key)
        async with self._store.read() as work:
            found = await work.accounts.by_email(account)
        async with self._checks:
            right = await passwords.verify(password, found[1] if found else None)
        if found is None or not right:
            log.warning("sign_in_refused", known=found is not None)
            return Refused()
        for throttle, key in counted:
            throttle.forgive(key)
        return found[0]

    async def begin(self, staff: Staff) -> str:
        """Begin a session. Returns: the secret for the cookie, which is stored nowhere."""
        secret = secrets.token_urlsafe(32)
        async with self._store.work() as work:
            await work.accounts.begin_session(
                _id_of(secret), staff.id, secrets.token_urlsafe(32), self._clock()
            )
        log.info("signed_in", staff=staff.id)
        return secret

    async def session(self, secret: str | None, *, passive: bool) -> Session | None:
        """The session behind the secret, or None where it is unknown or over.

        A `passive` look, one that no person caused, does not prolong it.
        """
        if not secret:
            return None
        now = self._clock()
        async with self._store.read() as work:
            session = await work.accounts.session(_id_of(secret))
        if session is None:
            return None
        if session.expired(now):
            await self.end(session)
            return None
        if not passive and now - session.seen_at > _NOTED_EVERY:
            async with self._store.work() as work:
                await work.accounts.saw_session(session.id, now)
        return session

    async def end(self, session: Session) -> None:
        """Forget the session."""
        async with self._store.work() as work:
            await work.accounts.end_session(session.id)


def _id_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
