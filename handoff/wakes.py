"""Wake-ups: who is told that something changed. Only hints: the database is the truth."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

CASES_TOPIC = "cases"
OUTBOX_TOPIC = "outbox"
RECEIPTS_TOPIC = "receipts"
MAIL_TOPIC = "mail"


def conversation_topic(conversation_id: str) -> str:
    """The topic that is woken when this conversation has a new message or moves."""
    return f"conversation:{conversation_id}"


def case_topic(case_id: str) -> str:
    """The topic that is woken when this case or its notes change."""
    return f"case:{case_id}"


def inbox_topic(source: str) -> str:
    """The topic that is woken when something comes in from this source."""
    return f"inbox:{source}"


class Listener(Protocol):
    """Waits for one of its topics to be woken."""

    async def wait(self, timeout_s: float) -> bool:
        """True where it was woken, False after `timeout_s`."""
        ...


class Live(Protocol):
    """Wakes whoever waits for a topic. Only a hint: the database is the truth."""

    def wake(self, topic: str) -> None:
        """Wake all listeners of the topic."""
        ...

    def listen(self, *topics: str) -> AbstractAsyncContextManager[Listener]:
        """Listen to these topics from now on."""
        ...
