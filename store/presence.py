"""Who is at the desk, and how much each agent has on hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.case import CaseStatus
from handoff.queue.presence import Presence
from handoff.wakes import CASES_TOPIC
from staff.account import Role
from store.accounts import staff_of
from store.tables import CaseRow, StaffRow


class PresenceRows:
    """Satisfies `handoff.queue.presence.Presences`."""

    def __init__(self, session: AsyncSession, woken: set[str]) -> None:
        self._session = session
        self._woken = woken

    async def agents(self) -> Sequence[Presence]:
        """Everybody with the role of an agent, by name."""
        rows = await self._session.scalars(_fresh().order_by(StaffRow.name, StaffRow.id))
        found = [_presence(row) for row in rows]
        return [one for one in found if Role.AGENT in one.staff.roles]

    async def of(self, staff_id: str) -> Presence | None:
        """This person's presence, None where there is no such account."""
        row = (await self._session.scalars(_fresh().where(StaffRow.id == staff_id))).first()
        return _presence(row) if row else None

    async def set_away(self, staff_id: str, since: datetime, until: datetime | None) -> None:
        """Away from then on; who is away already keeps the moment since when."""
        # An absence that has ended by itself is over: the next one begins anew.
        over = StaffRow.away_until.is_not(None) & (StaffRow.away_until <= since)
        await self._set(staff_id, over, away_since=None)
        await self._set(staff_id, StaffRow.away_since.is_(None), away_since=since)
        await self._set(staff_id, away_until=until)

    async def set_gone(self, staff_id: str, since: datetime) -> None:
        """The account is no longer in use."""
        await self._set(staff_id, StaffRow.gone_at.is_(None), gone_at=since)

    async def set_back(self, staff_id: str) -> None:
        """At the desk again."""
        await self._set(staff_id, away_since=None, away_until=None, gone_at=None)

    async def loads(self, now: datetime) -> Mapping[str, int]:
        """How many claimed cases each agent has on hand, by account; none of who has none."""
        query = (
            select(CaseRow.agent_id, func.count())
            .where(
                CaseRow.status == CaseStatus.CLAIMED.value,
                CaseRow.agent_id.is_not(None),
            )
            .group_by(CaseRow.agent_id)
        )
        return {agent: count for agent, count in await self._session.execute(query) if agent}

    async def _set(self, staff_id: str, *where: object, **values: datetime | None) -> None:
        conditions = (StaffRow.id == staff_id, *where)
        query = update(StaffRow).where(*conditions).values(**values)  # type: ignore[arg-type]
        await self._session.execute(query)
        self._woken.add(CASES_TOPIC)


def _fresh() -> Select[StaffRow]:
    # Updates pass by the rows that this transaction has read before.
    return select(StaffRow).execution_options(populate_existing=True)


def _presence(row: StaffRow) -> Presence:
    since = row.gone_at or row.away_since
    return Presence(staff_of(row), since, row.away_until, gone=row.gone_at is not None)
