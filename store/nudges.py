"""What was done about cases, once; and who does what for all processes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import DutyRow, NudgeRow


class NudgeRows:
    """Satisfies `handoff.promises.nudges.Nudges`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def once(self, case_id: str, key: str, at: datetime) -> bool:
        """Note that it is done now. False where it was done before: then nothing changes."""
        if await self._session.get(NudgeRow, (case_id, key)) is not None:
            return False
        self._session.add(NudgeRow(case_id=case_id, key=key, at=at))
        await self._session.flush()
        return True

    async def of(self, case_id: str) -> Collection[str]:
        """The keys of all that was done about the case."""
        query = select(NudgeRow.key).where(NudgeRow.case_id == case_id)
        return frozenset((await self._session.scalars(query)).all())


class DutyRows:
    """Satisfies `handoff.promises.nudges.Duties`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, duty: str, holder: str, now: datetime, until: datetime) -> bool:
        """Hold the duty until then; holding it already prolongs it. False while another has it."""
        query = select(DutyRow).where(DutyRow.name == duty).with_for_update()
        row = (await self._session.scalars(query)).first()
        if row is None:
            row = DutyRow(name=duty, holder=holder, until=until)
            self._session.add(row)
        elif row.holder != holder and row.until > now:
            return False
        row.holder, row.until = holder, until
        await self._session.flush()
        return True

    async def drop_over(self, now: datetime) -> None:
        """Keep no duty that nobody holds any more."""
        await self._session.execute(delete(DutyRow).where(DutyRow.until < now))
