"""Whom an agent mentions, by the name a customer may read."""

import asyncio
from collections.abc import Iterable, Mapping

import structlog

from handoff.desk import DeskError
from handoff.desks.slack.web_api.api import SlackApi
from handoff.ports import Store

log = structlog.get_logger()

_PATIENCE_S = 2.0


class Names:
    """Names of Slack users: the staff account's, else the one they go by in Slack."""

    def __init__(self, api: SlackApi, store: Store) -> None:
        self._api = api
        self._store = store
        self._known: dict[str, str] = {}

    async def of(self, users: Iterable[str]) -> Mapping[str, str]:
        """Name by user id. Who cannot be found soon is left out: a name is never worth a lost or
        late reply."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                for user in users:
                    if user not in self._known and (name := await self._look_up(user)):
                        self._known[user] = name
        except TimeoutError:
            log.warning("slack_name_late")
        return self._known

    async def _look_up(self, user: str) -> str:
        async with self._store.read() as work:
            staff = await work.accounts.by_slack_user(user)
        if staff is not None:
            return staff.name
        try:
            return await self._api.user_name(user)
        except DeskError as error:
            log.warning("slack_name_unknown", error=str(error))
            return ""
