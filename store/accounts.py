"""Staff accounts and their sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from staff.account import Role, Staff
from staff.sessions import ABSOLUTE, IDLE, Session
from store.tables import SessionRow, StaffRow


class AccountRows:
    """Satisfies `staff.account.Accounts` and `staff.sessions.Sessions`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_email(self, email: str) -> tuple[Staff, str] | None:
        """The account and its argon2id password hash, or None. The case of e-mail is ignored."""
        row = await self._one(StaffRow.email == email.strip().lower())
        return (staff_of(row), row.password_hash) if row else None

    async def by_id(self, staff_id: str) -> Staff | None:
        """The account, or None."""
        row = await self._one(StaffRow.id == staff_id)
        return staff_of(row) if row else None

    async def by_slack_user(self, slack_user: str) -> Staff | None:
        """The account that belongs to this Slack user, or None."""
        row = await self._one(StaffRow.slack_user == slack_user)
        return staff_of(row) if row else None

    async def listed(self) -> Sequence[Staff]:
        """All accounts by name."""
        rows = await self._session.scalars(select(StaffRow).order_by(StaffRow.name))
        return [staff_of(row) for row in rows]

    async def save(
        self,
        email: str,
        name: str,
        roles: Iterable[Role],
        password_hash: str,
        at: datetime,
        *,
        slack_user: str | None = None,
    ) -> Staff:
        """Add the account, or change the one with this e-mail.

        A new password ends the sessions that the old one began. `slack_user` None keeps the link
        to Slack, empty takes it away.
        """
        email = email.strip().lower()
        row = await self._one(StaffRow.email == email)
        if row is None:
            row = StaffRow(id=str(uuid4()), email=email, created_at=at)
            self._session.add(row)
        elif row.password_hash != password_hash:
            await self._session.execute(delete(SessionRow).where(SessionRow.staff_id == row.id))
        row.name, row.password_hash = name, password_hash
        row.roles = sorted(role.value for role in roles)
        if slack_user is not None:
            row.slack_user = slack_user or None
        await self._session.flush()
        return staff_of(row)

    async def begin_session(self, session_id: str, staff_id: str, csrf: str, at: datetime) -> None:
        """Store a session under the hash of its secret; sessions that have ended go."""
        ended = (SessionRow.seen_at < at - IDLE) | (SessionRow.began_at < at - ABSOLUTE)
        await self._session.execute(delete(SessionRow).where(ended))
        self._session.add(
            SessionRow(id=session_id, staff_id=staff_id, csrf=csrf, began_at=at, seen_at=at)
        )
        await self._session.flush()

    async def session(self, session_id: str) -> Session | None:
        """The session with the account it belongs to, or None."""
        query = (
            select(SessionRow, StaffRow)
            .join(StaffRow, StaffRow.id == SessionRow.staff_id)
            .where(SessionRow.id == session_id)
        )
        found = (await self._session.execute(query)).first()
        if found is None:
            return None
        row, staff = found
        return Session(row.id, staff_of(staff), row.csrf, row.began_at, row.seen_at)

    async def saw_session(self, session_id: str, at: datetime) -> None:
        """Note that the session was used."""
        await self._session.execute(
            update(SessionRow).where(SessionRow.id == session_id).values(seen_at=at)
        )

    async def end_session(self, session_id: str) -> None:
        """Forget the session."""
        await self._session.execute(delete(SessionRow).where(SessionRow.id == session_id))

    async def _one(self, condition: object) -> StaffRow | None:
        query = select(StaffRow).where(condition)  # type: ignore[arg-type]
        return (await self._session.scalars(query)).first()


def staff_of(row: StaffRow) -> Staff:
    """The account as the domain knows it."""
    return Staff(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        slack_user=row.slack_user,
    )
