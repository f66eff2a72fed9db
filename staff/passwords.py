"""Passwords of staff: argon2id, checked off the event loop."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 256
_hasher = PasswordHasher()


def hash(password: str) -> str:
    """The argon2id hash to store; takes some 50 ms.

    Raises: ValueError where the password is shorter than 8 or longer than 256 characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"A password has {SHORTEST} to {LONGEST} characters; choose another.")
    return _hasher.hash(password)


async def verify(password: str, stored: str | None) -> bool:
    """True where the password belongs to the stored hash.

    `stored` is None where there is no such account: that takes as long and is always False.
    """
    if len(password) > LONGEST:
        return False
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        matches = _hasher.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of no account at all")
