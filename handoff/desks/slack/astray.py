"""What agents write into the channel itself, where they mean a customer who never sees it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handoff.case import Case
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.blocks import section
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.overview import heading, more
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.place import Place
from handoff.desks.slack.said import Aside
from handoff.masked import brief
from staff.account import Staff

_MOST = 3
AGAIN_AFTER = timedelta(hours=1)
_UNSEEN = "No customer sees this. An answer goes into the thread of a case:"


class Astray:
    """Tells the author alone, once an hour, and only while a case there waits for them.

    It forgets whom it told when Heard stops.
    """

    def __init__(
        self, api: SlackApi, agents: Agents, courtesy: Courtesy, parts: SlackParts
    ) -> None:
        self._api = api
        self._agents = agents
        self._courtesy = courtesy
        self._store = parts.store
        self._masks = parts.masks
        self._clock = parts.clock
        self._told: dict[Aside, datetime] = {}

    async def hear(self, said: Aside) -> None:
        """Say where an answer belongs: in the threads of the oldest cases, each with its link."""
        if self._told_lately(said):
            return
        agent = await self._agents.find(said.user, said.team)
        cases = await self._waiting_for(agent, said.channel) if agent else ()
        if not cases:
            return
        workspace = (await self._api.identity()).url
        shown = [brief(self._masks.of_desk(SlackDesk.name), case) for case in cases[:_MOST]]
        lines = [heading(case, workspace) for case in shown]
        words = "\n".join(filter(None, [f"*{_UNSEEN}*", *lines, more(cases, _MOST)]))
        plain = f"{_UNSEEN} {', '.join(f'case {case.number}' for case in shown)}"
        self._told[said] = self._clock()
        await self._courtesy.whisper(Place(said.channel, ""), said.user, plain, [section(words)])

    def _told_lately(self, said: Aside) -> bool:
        lately = self._clock() - AGAIN_AFTER
        self._told = {one: at for one, at in self._told.items() if at > lately}
        return said in self._told

    async def _waiting_for(self, agent: Staff, channel: str) -> Sequence[Case]:
        """The open cases of the channel that are nobody's or this agent's, the oldest first."""
        async with self._store.read() as work:
            listed = await work.cases.listed(open_only=True)
        now = self._clock()
        return [
            case
            for case in listed
            if case.ref
            and case.ref.startswith(Place(channel, "").ref)
            and case.agent_id in (None, agent.id)
            and not case.rests(now)
        ]
