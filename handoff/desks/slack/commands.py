"""The command /heard: what waits, away and back, the day's figures."""

from datetime import timedelta

from handoff.case import CaseError
from handoff.desks.slack.agents import Agents, not_an_agent
from handoff.desks.slack.answers import Answers
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.overview import figures, more, presence, rows
from handoff.desks.slack.parts import SlackParts
from staff.account import Staff

COMMAND = "/heard"

_MOST = 10
_MOST_MINUTES = 7 * 24 * 60
_HELP = (
    "*What can be asked for*\n"
    "`/heard queue`  cases that nobody has claimed, oldest first\n"
    "`/heard away`  no new case is meant for you; `/heard away 45` for 45 minutes\n"
    "`/heard back`  you take new cases again\n"
    "`/heard stats`  today's figures\n"
    "Replies to customers are written in the thread of their case."
)
_WRONG_MINUTES = (
    f"Name the minutes as a whole number from 1 to {_MOST_MINUTES}, such as `/heard away 45`, or "
    "leave them out."
)


class Commands:
    """Answers to whoever asked, alone."""

    def __init__(self, api: SlackApi, agents: Agents, answers: Answers, parts: SlackParts) -> None:
        self._api = api
        self._agents = agents
        self._answers = answers
        self._staffing = parts.staffing
        self._queue = parts.queue
        self._clock = parts.clock
        self._masks = parts.masks
        self._rules = parts.rules

    async def run(self, command: Payload) -> None:
        """Do it and answer."""
        await self._answers.say(command, await self._answer(command))

    async def _answer(self, command: Payload) -> str:
        user, team = str(command.get("user_id")), str(command.get("team_id") or "")
        agent = await self._agents.find(user, team)
        if agent is None:
            return not_an_agent(user)
        name, _, rest = str(command.get("text") or "").strip().partition(" ")
        try:
            return await self._do(name.lower(), rest.strip(), agent)
        except CaseError as error:
            return str(error)

    async def _do(self, name: str, rest: str, agent: Staff) -> str:
        if name == "queue":
            return await self._waiting(agent)
        if name == "away":
            return await self._away(rest, agent)
        if name == "back":
            await self._staffing.set_back(agent)
            return presence(await self._staffing.status_of(agent))
        if name == "stats":
            return f"*Today*  {figures(await self._queue.today())}"
        return _HELP if name in ("", "help") else f"There is no such command.\n{_HELP}"

    async def _waiting(self, agent: Staff) -> str:
        cases = (await self._queue.of(agent)).unclaimed
        workspace = (await self._api.identity()).url
        lines = [words for _, words in rows(cases, workspace, self._masks, self._rules, _MOST)]
        left = more(cases, _MOST)
        return "\n".join([*lines, *([left] if left else [])]) or "Nobody waits."

    async def _away(self, rest: str, agent: Staff) -> str:
        now, until = self._clock(), None
        if rest:
            minutes = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 6 else 0
            if not 1 <= minutes <= _MOST_MINUTES:
                raise CaseError(_WRONG_MINUTES)
            until = now + timedelta(minutes=minutes)
        await self._staffing.set_away(agent, now, until)
        return presence(await self._staffing.status_of(agent))
