"""What agents write where no customer sees it: into the channel, below a digest."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from handoff.briefing.masked import brief
from handoff.case import Case
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.desk import SlackDesk
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.shown.blocks import section
from handoff.desks.slack.shown.overview import heading, more
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.said import Aside, Said
from staff.account import Staff

_MOST = 3
_NAMED = 24
_AGAIN_AFTER = timedelta(hours=1)
_UNSEEN = "No customer sees this. An answer goes into the thread of a case:"
_NO_CASE = (
    "This thread is no case: no customer sees what is written here. An answer goes into the thread "
    "of a case."
)
_FOR_THIS_THREAD = timedelta(days=90)


class Astray:
    """Tells the author alone: in a channel once an hour, and only while a case there waits for
    them; in a thread once."""

    def __init__(
        self, api: SlackApi, agents: Agents, courtesy: Courtesy, parts: SlackParts
    ) -> None:
        self._api = api
        self._agents = agents
        self._courtesy = courtesy
        self._store = parts.store
        self._masks = parts.masks
        self._clock = parts.clock

    async def hear(self, said: Aside) -> None:
        """Say where an answer belongs: in the threads of the oldest cases, each with its link."""
        agent = await self._agents.find(said.user, said.team)
        cases = await self._waiting_for(agent, said.channel) if agent else ()
        where = Place(said.channel, "")
        if not cases or not await self._first(where, said.user, _AGAIN_AFTER):
            return
        workspace = (await self._api.identity()).url
        shown = [brief(self._masks.of_desk(SlackDesk.name), case) for case in cases[:_MOST]]
        lines = [heading(case, workspace) for case in shown]
        words = "\n".join(filter(None, [f"*{_UNSEEN}*", *lines, more(cases, _MOST)]))
        plain = f"{_UNSEEN} {', '.join(f'case {case.number}' for case in shown)}"
        await self._courtesy.whisper(where, said.user, plain, [section(words)])

    async def hear_in_thread(self, said: Said) -> None:
        """Say that the thread below another post of ours is no case."""
        agent = await self._agents.find(said.user, said.team)
        if agent and await self._first(said.thread, said.user, _FOR_THIS_THREAD):
            await self._courtesy.whisper(said.thread, said.user, _NO_CASE)

    async def _first(self, where: Place, user: str, again_after: timedelta) -> bool:
        """Whether it is for this process to tell them. False where they were told lately."""
        told = hashlib.sha256(f"{where.ref} {user}".encode()).hexdigest()[:_NAMED]
        now = self._clock()
        async with self._store.work() as work:
            return await work.duties.take(f"tell {told}", str(uuid4()), now, now + again_after)

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
