"""Staff accounts, on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from staff.account import Role
from store.store import SqlStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


async def test_an_account_keeps_its_slack_user_until_told_otherwise(store: SqlStore) -> None:
    async def save(slack_user: str | None) -> str | None:
        async with store.work() as work:
            staff = await work.accounts.save(
                "ada@example.com", "Ada", [Role.AGENT], "-", NOON, slack_user=slack_user
            )
        return staff.slack_user

    assert [await save(one) for one in ("U1", None, "U2", "", None)] == [
        "U1",
        "U1",
        "U2",
        None,
        None,
    ]
