"""What signing in needs of the database. `store` satisfies it; this package knows no more."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from staff.account import Accounts
from staff.sessions import Sessions


class StaffAccounts(Accounts, Sessions, Protocol):
    """Accounts and the sessions of their owners."""


class StaffWork(Protocol):
    """One transaction."""

    @property
    def accounts(self) -> StaffAccounts: ...


class StaffStore(Protocol):
    """Opens transactions. Leaving the block commits, an exception rolls everything back."""

    def work(self) -> AbstractAsyncContextManager[StaffWork]:
        """A transaction that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[StaffWork]:
        """A transaction that only reads."""
        ...
