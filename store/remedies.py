"""What agents had the shop do, as rows."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.remedies.choices import Remedy, Stands
from handoff.remedies.rules import Task, Wish
from store.tables import ConversationRow, RemedyRow


class RemedyRows:
    """Satisfies `handoff.ports.Remedies`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(self, customer_id: str) -> None:
        """Lock all conversations of the customer until the transaction ends."""
        query = (
            select(ConversationRow.id)
            .where(ConversationRow.customer_id == customer_id)
            .order_by(ConversationRow.id)
            .with_for_update()
        )
        await self._session.execute(query)

    async def find(self, case_id: str, key: str) -> Remedy | None:
        """What was sent from this form, or None."""
        row = await self._row(case_id, key)
        return _remedy(row) if row else None

    async def ask(self, remedy: Remedy) -> Remedy:
        """Keep it before the shop is asked; what was refused under its key stands anew."""
        row = await self._row(remedy.case_id, remedy.key)
        if row is not None and row.stands != Stands.REFUSED.value:
            return _remedy(row)
        if row is None:
            row = RemedyRow(id=str(uuid4()), case_id=remedy.case_id, key=remedy.key)
            self._session.add(row)
        _fill(row, remedy)
        await self._session.flush()
        return remedy

    async def settle(self, remedy: Remedy, stands: Stands, fact: str) -> None:
        """Note what the shop said. What is done stays done."""
        row = await self._row(remedy.case_id, remedy.key)
        if row is not None and row.stands != Stands.DONE.value:
            row.stands, row.fact = stands.value, fact
            await self._session.flush()

    async def of_customer(self, customer_id: str) -> Sequence[Remedy]:
        """All of this customer, oldest first."""
        query = (
            select(RemedyRow)
            .where(RemedyRow.customer_id == customer_id)
            .order_by(RemedyRow.asked_at, RemedyRow.id)
        )
        return [_remedy(row) for row in await self._session.scalars(query)]

    async def _row(self, case_id: str, key: str) -> RemedyRow | None:
        query = select(RemedyRow).where(RemedyRow.case_id == case_id, RemedyRow.key == key)
        return (await self._session.scalars(query)).first()


def _fill(row: RemedyRow, remedy: Remedy) -> None:
    row.customer_id, row.agent = remedy.customer_id, remedy.agent
    row.task, row.order_number = remedy.wish.task.value, remedy.wish.number
    row.cents, row.currency, row.days = remedy.wish.cents, remedy.currency, remedy.wish.days
    row.reason, row.asked_at = remedy.wish.reason, remedy.asked_at
    row.stands, row.fact = remedy.stands.value, remedy.fact


def _remedy(row: RemedyRow) -> Remedy:
    wish = Wish(Task(row.task), row.order_number, row.cents, row.days, row.reason)
    return Remedy(
        case_id=row.case_id,
        key=row.key,
        customer_id=row.customer_id,
        agent=row.agent,
        wish=wish,
        currency=row.currency,
        asked_at=row.asked_at,
        stands=Stands(row.stands),
        fact=row.fact,
    )
