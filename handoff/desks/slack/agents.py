"""Who acts: only agents of ours may, everybody else is told so alone."""

from collections.abc import Awaitable, Callable

from handoff.case import CaseError
from handoff.desks.slack.forms.form import Shown
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.ports import Store
from staff.account import Role, Staff

Act = Callable[[Staff], Awaitable[object]]


class Agents:
    """Knows agents by their Slack member id."""

    def __init__(self, store: Store, api: SlackApi, courtesy: Courtesy) -> None:
        self._store = store
        self._api = api
        self._courtesy = courtesy

    async def find(self, user: str, team: str = "") -> Staff | None:
        """The agent, None for everybody else, and for whose Slack account is deactivated: what
        still comes from there is theirs no more.

        Args: team: whose member the user is, "" for ours.
        """
        staff = await self.listed(user, team)
        if staff is None or Role.AGENT not in staff.roles:
            return None
        async with self._store.read() as work:
            known = await work.presence.of(staff.id)
        return None if known is not None and known.gone else staff

    async def listed(self, user: str, team: str = "") -> Staff | None:
        """Whose account names this member.

        A member of another workspace, or of another company in a shared channel, is named with it:
        "T0123456789/U0123456789". Ids of members are no more than unique within one.
        """
        if team:
            me = await self._api.identity()
            user = user if team in (me.team_id, me.enterprise_id) else f"{team}/{user}"
        async with self._store.read() as work:
            return await work.accounts.by_slack_user(user)

    async def act(self, place: Place, user: str, do: Act, *, team: str = "") -> None:
        """Let the user act as the agent they are; tell them alone where that is not possible."""
        agent = await self.find(user, team)
        if agent is None:
            await self._courtesy.whisper(place, user, not_an_agent(user))
            return
        try:
            await do(agent)
        except CaseError as error:
            await self._courtesy.whisper(place, user, str(error))

    async def tell(self, place: Place, user: str, text: str) -> None:
        """Say something in the thread that only this user sees."""
        await self._courtesy.whisper(place, user, text)

    async def show(self, place: Place, user: str, shown: Shown) -> None:
        """Show this user alone what stood behind a mask."""
        await self._courtesy.show(place, user, shown.case_id, shown.token)


def not_an_agent(user: str) -> str:
    """What somebody reads who may not act, and what to do about it."""
    return (
        "Nothing was done and nothing was sent: only agents can work on cases. An admin can give "
        f"your account the role of an agent and your Slack member ID ({user})."
    )
