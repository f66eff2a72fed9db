"""What came before a chat, from our own tables."""

from datetime import datetime

from conversation.contacts import Past
from conversation.history import LOOK_BACK
from store.store import SqlStore


class SqlHistory:
    """Satisfies `conversation.contacts.History`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def of(self, customer_id: str, now: datetime) -> Past:
        """What came before `now`: contacts of the last 30 days, open case, last rating."""
        async with self._store.read() as work:
            return await work.history.of(customer_id, now - LOOK_BACK)
