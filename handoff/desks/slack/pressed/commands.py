"""The command /heard: what waits, away and back, the day's figures."""

import re
from datetime import timedelta

from handoff.case import CaseError
from handoff.desks.slack.agents import Agents, not_an_agent
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.pressed.answers import Answers
from handoff.desks.slack.shown.overview import figures, more, presence, rows
from handoff.desks.slack.shown.text import at_time
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.queue.staffing import AgentStatus
from staff.account import Staff

COMMAND = "/heard"

_MOST = 10
_LONGEST = timedelta(days=7)
_HELP = (
    "*What can be asked for*\n"
    "`/heard queue`  cases that nobody has claimed, oldest first\n"
    "`/heard away`  no new case is meant for you; `/heard away 45` for 45 minutes, `/heard away 5 "
    "hours` for five hours\n"
    "`/heard back`  you take new cases again\n"
    "`/heard stats`  today's figures\n"
    "Replies to customers are written in the thread of their case."
)
_AWAY_FOR = re.compile(r"(\d{1,5}) ?(m|min|mins|minutes?|h|hours?)?", re.ASCII | re.IGNORECASE)
_WRONG_TIME = (
    "Say for how long as a whole number of minutes or hours, at most a week, such as "
    "`/heard away 45` or `/heard away 5 hours`, or leave it out."
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
        return "\n".join([*lines, *([left] if left else [])]) or "The queue is empty."

    async def _away(self, rest: str, agent: Staff) -> str:
        now = self._clock()
        until = now + _span(rest) if rest else None
        await self._staffing.set_away(agent, now, until)
        status = await self._staffing.status_of(agent)
        return f"{presence(status)}{self._released(status)}"

    def _released(self, status: AgentStatus) -> str:
        """What becomes of the cases on hand, where anything does before the agent is back."""
        after = self._rules.away_release
        if after is None or not status.load or status.away_since is None:
            return ""
        release_at = status.away_since + after
        if status.away_until is not None and status.away_until <= release_at:
            return ""
        when = at_time(release_at)
        return f"\nYour cases go back into the queue at {when}; those that are snoozed stay yours."


def _span(typed: str) -> timedelta:
    """How long somebody is away. Raises: CaseError."""
    found = _AWAY_FOR.fullmatch(typed)
    if found is not None:
        hours = (found[2] or "m").lower().startswith("h")
        span = timedelta(hours=int(found[1])) if hours else timedelta(minutes=int(found[1]))
        if timedelta() < span <= _LONGEST:
            return span
    raise CaseError(_WRONG_TIME)
