"""What tells, of many open pages at once, whether one lacks something."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.case import CaseStatus
from store.case_reading import OPEN
from store.tables import CaseRow, ConversationRow

_AT_ONCE = 500  # names in one query; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a conversation stands: a page that was shown another mark lacks something.

    `group` is the one that the customer waits for, at this `place` from 1, None while nobody does.
    """

    responder: str
    last_seq: int
    changes: int
    owner: tuple[str, str | None]
    email: tuple[str | None, bool]
    agent_id: str | None
    group: str | None
    place: int | None


class PageRows:
    """Reads the marks of conversations."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def marks(self, conversation_ids: Collection[str]) -> Mapping[str, Mark]:
        """The marks by conversation, as far as there is one: two queries for up to 500 pages."""
        places, wanted = await self._places(), list(conversation_ids)
        found: dict[str, Mark] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            query = (
                select(ConversationRow, CaseRow.number, CaseRow.agent_id, CaseRow.group_key)
                .outerjoin(
                    CaseRow,
                    and_(CaseRow.conversation_id == ConversationRow.id, CaseRow.status.in_(OPEN)),
                )
                .where(ConversationRow.id.in_(wanted[start : start + _AT_ONCE]))
            )
            for row, number, agent_id, group in await self._session.execute(query):
                place = places.get(number)
                found[row.id] = Mark(
                    row.responder,
                    row.last_seq,
                    row.changes,
                    (row.visitor_id, row.customer_id),
                    (row.email, row.email_asked),
                    agent_id,
                    group if place else None,
                    place,
                )
        return found

    async def _places(self) -> Mapping[int, int]:
        """The place of each waiting case in the queue of its group, by number."""
        waiting = CaseRow.status == CaseStatus.WAITING.value
        query = select(CaseRow.number, CaseRow.group_key).where(waiting).order_by(CaseRow.number)
        ahead: Counter[str] = Counter()
        places = {}
        for number, group in await self._session.execute(query):
            ahead[group] += 1
            places[number] = ahead[group]
        return places
