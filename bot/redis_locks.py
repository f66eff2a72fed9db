"""One message of a conversation at a time, over several processes of the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

_T = TypeVar("_T")
_TIMEOUT_S = 5
_PREFIX = "heard:turn:"


class LocksUnavailable(Exception):
    """Redis does not answer, or the address is none; the message says what to do."""


class RedisLocks(LockStore):  # type: ignore[misc]
    """Rasa's tickets, kept in Redis and changed atomically.

    Rasa's own RedisLockStore reads, changes and writes in three steps: two processes can draw the
    same ticket and both go on, and the one that leaves can delete a ticket which was just drawn.
    Here each change is one transaction. A process that dies leaves a ticket that expires.
    """

    def __init__(self, url: str) -> None:
        """Take a `redis://` or `rediss://` address; nothing is connected yet.

        Raises: LocksUnavailable when it is no such address.
        """
        try:
            self._redis: Any = Redis.from_url(
                url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S
            )
        except ValueError as error:
            raise LocksUnavailable(f"HEARD_REDIS_URL is no address of a Redis: {error}") from error

    async def check(self) -> None:
        """Raises: LocksUnavailable when Redis does not answer."""
        try:
            await self._redis.ping()
        except RedisError as error:
            raise LocksUnavailable(
                f"Redis does not answer ({error}): start it, or unset HEARD_REDIS_URL."
            ) from error

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncIterator[TicketLock]:
        """Wait for the turn of this conversation, and give it back at the end.

        Raises: LockError when it did not come within `lock_lifetime` seconds; LocksUnavailable.
        """
        ticket = await self._change(
            conversation_id, lambda lock: lock.issue_ticket(lock_lifetime), lock_lifetime
        )
        try:
            yield await self._turn(conversation_id, ticket, wait_time_in_seconds)
        finally:
            await self._change(
                conversation_id, lambda lock: lock.remove_ticket_for(ticket), lock_lifetime
            )

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()

    async def _turn(self, conversation: str, ticket: int, pause_s: float) -> TicketLock:
        while True:
            lock = await self._change(conversation, lambda lock: lock, 0)
            if lock.now_serving == ticket and lock.tickets:
                return lock
            if all(one.number != ticket for one in lock.tickets):
                raise LockError(f"The turn of conversation {conversation} did not come in time.")
            await asyncio.sleep(pause_s)

    async def _change(
        self, conversation: str, change: Callable[[TicketLock], _T], lifetime_s: float
    ) -> _T:
        """Apply `change` to the lock in one transaction; with a lifetime of 0 only read it."""
        key = _PREFIX + conversation

        async def within(pipe: Pipeline) -> _T:
            kept = await pipe.get(key)
            lock = TicketLock.from_dict(json.loads(kept)) if kept else TicketLock(conversation)
            result = change(lock)
            pipe.multi()
            if lifetime_s and lock.tickets:
                pipe.set(key, lock.dumps(), px=int(lifetime_s * 1000))
            elif lifetime_s:
                pipe.delete(key)
            return result

        try:
            return await self._redis.transaction(within, key, value_from_callable=True)
        except RedisError as error:
            raise LocksUnavailable(f"Redis does not answer: {error}") from error
