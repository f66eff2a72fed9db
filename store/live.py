"""Wake listeners within this process. Only a hint: the database is the truth."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LocalListener:
    """One listener of some topics."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def notify(self) -> None:
        """Remember that something happened, also when nobody waits at this moment."""
        self._woken.set()

    async def wait(self, timeout_s: float) -> bool:
        """True where a topic was woken since the last wait, False after `timeout_s`."""
        try:
            # Not wait_for: on Python 3.11 it loses a cancellation that comes with a wake.
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class LocalLive:
    """Topics and their listeners in this process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[LocalListener]] = defaultdict(set)

    def wake(self, topic: str) -> None:
        """Wake all listeners of the topic."""
        for listener in self._listeners.get(topic, ()):
            listener.notify()

    def listened(self, prefix: str) -> list[str]:
        """The topics of this kind that somebody listens to."""
        return [topic for topic in self._listeners if topic.startswith(prefix)]

    @asynccontextmanager
    async def listen(self, *topics: str) -> AsyncIterator[LocalListener]:
        """Listen from now on, until the block is left."""
        listener = LocalListener()
        for topic in topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            for topic in topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]
